"""Which databases the program uses: those that the environment names, or the private server's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from canbao.registry.server.passwords import APPLICATION, BACKUP, OWNER
from canbao.registry.server.private import PrivateServer
from canbao.registry.server.trouble import ServerTrouble

NAMES = {"app": "CANBAO_DATABASE_URL", "owner": "CANBAO_OWNER_DATABASE_URL", "backup": "CANBAO_BACKUP_DATABASE_URL"}


@dataclass(frozen=True, repr=False)
class Urls:
    """Addresses with passwords: never show them. `owner` and `backup` may be missing where they are not needed.

    `app` serves pages and works off jobs, `owner` migrates and restores, `backup` dumps. `private` if the server is
    ours.
    """

    app: str
    owner: str | None
    backup: str | None
    private: bool


def database_urls(environment: Mapping[str, str], folder: Path) -> Urls:
    """The addresses that `environment` names; without CANBAO_DATABASE_URL the private server's in `folder`, started.

    Raises ServerTrouble for an address that isn't one, for an owner without an application, and if the private server
    can't be started.
    """
    given = {role: environment.get(name, "").strip() for role, name in NAMES.items()}
    if not given["app"]:
        if given["owner"] or given["backup"]:
            remedy = "请一并设定；或都不设，用本程序自带的数据库"
            raise ServerTrouble(NAMES["app"], "没有设定，却设了另外的数据库地址", remedy)
        return _private(PrivateServer(folder))
    for role, url in given.items():
        _check(NAMES[role], url)
    return Urls(given["app"], given["owner"] or None, given["backup"] or None, private=False)


def _private(server: PrivateServer) -> Urls:
    server.start()
    server.prepare()
    return Urls(server.url(APPLICATION), server.url(OWNER), server.url(BACKUP), private=True)


def _check(name: str, url: str) -> None:
    try:
        good = not url or (url.startswith(("postgresql://", "postgres://")) and bool(conninfo_to_dict(url)))
    except ProgrammingError:
        good = False
    if not good:
        raise ServerTrouble(name, "不是 PostgreSQL 的地址", "请写成 postgresql://用户:口令@主机:5432/数据库")
