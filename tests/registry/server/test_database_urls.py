"""Where the database is: from the environment, or the private server's."""

from __future__ import annotations

import psycopg
import pytest

from canbao.registry.server import PrivateServer, ServerTrouble, Urls, database_urls

APP, OWNER = "postgresql://app:a@host/register", "postgresql://owner:o@host/register"


def test_without_a_word_the_private_server(server: PrivateServer) -> None:
    urls = database_urls({}, server.folder)
    assert urls.private
    for url, role in ((urls.app, "canbao_app"), (urls.owner, "canbao_owner"), (urls.backup, "canbao_backup")):
        with psycopg.connect(url or "") as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_what_the_environment_names(server: PrivateServer) -> None:
    environment = {"CANBAO_DATABASE_URL": APP, "CANBAO_OWNER_DATABASE_URL": f" {OWNER}\n"}
    assert database_urls(environment, server.folder) == Urls(APP, OWNER, None, private=False)


def test_pages_need_no_owner(server: PrivateServer) -> None:
    assert database_urls({"CANBAO_DATABASE_URL": APP}, server.folder).owner is None


def test_an_owner_without_application_is_a_mistake(server: PrivateServer) -> None:
    with pytest.raises(ServerTrouble, match="CANBAO_DATABASE_URL"):
        database_urls({"CANBAO_OWNER_DATABASE_URL": OWNER}, server.folder)


@pytest.mark.parametrize(
    "url", ["mysql://a:secret@b/c", "host=secret", "postgresql://a:secret@b/c?nonsense=1", "secret"]
)
def test_an_address_that_is_none_is_named_without_its_password(server: PrivateServer, url: str) -> None:
    with pytest.raises(ServerTrouble, match="CANBAO_DATABASE_URL：不是 PostgreSQL 的地址") as trouble:
        database_urls({"CANBAO_DATABASE_URL": url}, server.folder)
    assert "secret" not in str(trouble.value)


def test_addresses_do_not_show_by_accident() -> None:
    assert "app:a" not in repr(Urls(APP, OWNER, None, private=False))
