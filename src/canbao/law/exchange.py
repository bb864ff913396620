"""Exchange with other systems: which services there are, who may say and be told what, and the limits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import Field

from canbao.law.consistency import uncited
from canbao.law.duties import read_duties
from canbao.law.models import Cited
from canbao.law.reader import HOME, LawError, read_law, read_whole


class Service(Cited):
    """Something that an agreement can grant; whoever carries it out has the permission too."""

    id: str
    label: str
    permission: str


class System(Cited):
    """A kind of partner: rows of which sources it may push, and which items of a person.

    Of two that say the same item of a person the one with the lower `rank` stands; of equals the later one.
    """

    id: str
    label: str
    rank: int = Field(ge=1, le=9)
    rows: tuple[str, ...]
    items: tuple[str, ...]


class Shown(Cited):
    """A part of an answer that an agreement can grant; `items` are those of the register that it is made of."""

    id: str
    label: str
    items: tuple[str, ...]


class ExchangeLaw(Cited):
    """The whole of exchange.yaml: rows, bytes, people, seconds, days and years as their names say.

    A complete list of fewer than `least_share` per cent of the people of the one before waits for an officer.
    """

    batch_rows: int = Field(ge=1, le=10_000)
    batch_bytes: int = Field(ge=65_536, le=16 << 20)
    row_bytes: int = Field(ge=1_024, le=65_536)
    waiting_rows: int = Field(ge=1_000)
    page_rows: int = Field(ge=1, le=10_000)
    back_fill_people: int = Field(ge=1, le=5_000)
    window_seconds: int = Field(ge=30, le=900)
    nonce_seconds: int = Field(ge=60)
    proof_days: int = Field(ge=1)
    given_years: int = Field(ge=3)
    least_share: int = Field(ge=0, le=100)
    run_rows: int = Field(ge=1, le=9_000_000)
    plan_steps: int = Field(ge=1, le=100)
    agreement_years: int = Field(ge=1)
    key_years: int = Field(ge=1)
    warning_days: int = Field(ge=1)
    panel_seconds: int = Field(ge=10, le=600)
    services: tuple[Service, ...]
    systems: tuple[System, ...]
    shown: tuple[Shown, ...]

    def service(self, id_: str) -> Service | None:
        """The service of a name, or None."""
        return next((one for one in self.services if one.id == id_), None)

    def system(self, id_: str) -> System | None:
        """The kind of partner of a name, or None."""
        return next((one for one in self.systems if one.id == id_), None)


@cache
def read_exchange(home: Path = HOME) -> ExchangeLaw:
    """Read and check `exchange.yaml`; raises LawError naming the entry that can't be trusted."""
    found = read_whole(home / "exchange.yaml", ExchangeLaw)
    wrong = [*_uncited(found), *_contradictions(found)]
    if wrong:
        raise LawError("数据交换的规则有误：\n" + "\n".join(wrong))
    return found


def _uncited(found: ExchangeLaw) -> Iterator[str]:
    entries: tuple[Service | System | Shown, ...] = (*found.services, *found.systems, *found.shown)
    yield from uncited([("exchange.yaml", found), *((f"数据交换 {one.id}", one) for one in entries)], read_law())


def _contradictions(found: ExchangeLaw) -> Iterator[str]:
    law, permissions = read_law(), read_duties().permissions
    if found.nonce_seconds < 2 * found.window_seconds:
        yield "随机数要比签名的有效时间记得长：nonce_seconds 应至少是 window_seconds 的两倍"
    for service in found.services:
        if service.permission not in permissions:
            yield f"服务 {service.id}：权限 {service.permission} 没有列出"
    for system in found.systems:
        for row in sorted(set(system.rows) - law.sources.keys()):
            yield f"合作系统 {system.id}：没有来源 {row}"
    saying: tuple[System | Shown, ...] = (*found.systems, *found.shown)
    for one in saying:
        for item in sorted(set(one.items) - law.fields.keys()):
            yield f"数据交换 {one.id}：没有指标项 {item}"
