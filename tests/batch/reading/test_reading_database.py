"""PostgreSQL and MySQL: the answer to one SELECT."""

from __future__ import annotations

import psycopg
import pytest
from reading_desk import Desk

from canbao.batch.reading.database import _without_password
from canbao.batch.source_specs import without_secrets
from canbao.batch.trouble import SourceTrouble

QUERY = "SELECT ssn, name, born AS 备注, address AS 住址 FROM residents ORDER BY id -- in order"
ROWS = [(0, 1, "440106199001011234", "张三", "甲\n乙"), (0, 2, "440106199001025678", '李"四', None)]


@pytest.fixture(scope="module")
def residents(postgresql: str) -> str:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE TABLE residents (id int, ssn char(18), name text, born date, address text)")
        connection.execute(
            "INSERT INTO residents VALUES (1, '440106199001011234', '张三', '1990-01-01', E'甲\\n乙'), "
            "(2, '440106199001025678', '李\"四', NULL, NULL)"
        )
    return postgresql


def test_postgresql(desk: Desk, residents: str) -> None:
    spec = desk.spec("postgresql://库", path=None, url=residents, query=QUERY)
    table = desk.read(spec)
    assert desk.rows(table) == ROWS
    assert table.files[0].label == "postgresql://库"
    assert table.files[0].rows_in == 2


def test_postgresql_filters_and_maps(desk: Desk, residents: str) -> None:
    query = "SELECT ssn AS 证件, name, born, true AS 住址 FROM residents;"
    more = {"columns": {"证件": "ssn"}, "where": "born >= '1990-01-01'"}
    table = desk.read(desk.spec("库", path=None, url=residents, query=query, **more))
    assert desk.rows(table) == [(0, 1, "440106199001011234", "张三", "t")]
    assert table.files[0].rows_filtered == 1


def test_mysql(desk: Desk, mysql: str) -> None:
    table = desk.read(desk.spec("mysql://库", path=None, url=mysql, query=QUERY))
    assert desk.rows(table) == ROWS


def test_mysql_password_from_the_environment(desk: Desk, mysql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_PWD", "se@cret")
    spec = desk.spec("库", path=None, url=mysql.replace(":se%40cret", ""), query=QUERY)
    assert len(desk.rows(desk.read(spec))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM residents",
        "SELECT 1; DROP TABLE residents",
        "WITH gone AS (DELETE FROM residents RETURNING *) SELECT * FROM gone",
        "SELECT * INTO copy FROM residents",
        "SELECT * FROM residents FOR UPDATE",
        "COPY residents TO '/tmp/x'",
        "SET ROLE postgres",
        "SELECT FROM WHERE (",
        "",
    ],
)
def test_only_a_select(desk: Desk, residents: str, query: str) -> None:
    with pytest.raises(SourceTrouble, match=r"库 的 query：.*；请(只)?写一条 SELECT 语句"):
        desk.read(desk.spec("库", path=None, url=residents, query=query))


def test_the_transaction_is_read_only(desk: Desk, residents: str, mysql: str) -> None:
    with psycopg.connect(residents, autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE counter")
    with pytest.raises(SourceTrouble, match=r"库：数据库没有给出结果（.*read-only.*）；请核对 city.toml 的 url"):
        desk.read(desk.spec("库", path=None, url=residents, query="SELECT nextval('counter') AS ssn, 'x' AS name"))


def test_a_missing_table(desk: Desk, residents: str, mysql: str) -> None:
    for url in (residents, mysql):
        with pytest.raises(SourceTrouble, match=r"库：数据库没有给出结果（.*nowhere.*）；请核对"):
            desk.read(desk.spec("库", path=None, url=url, query="SELECT * FROM nowhere"))


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
@pytest.mark.parametrize("rest", ["someone:p%40ss@127.0.0.1:1/city", "someone:p%40ss@127.0.0.1:port/city"])
def test_no_server_and_no_password_in_the_message(desk: Desk, scheme: str, rest: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        desk.read(desk.spec("库", path=None, url=f"{scheme}://{rest}", query="SELECT 1"))
    assert "PGPASSWORD" in caught.value.remedy
    assert not any(secret in str(caught.value) for secret in ("p%40ss", "p@ss"))
    assert caught.value.__cause__ is None


def test_wrong_password(desk: Desk, mysql: str) -> None:
    with pytest.raises(SourceTrouble) as caught:
        desk.read(desk.spec("库", path=None, url=mysql.replace("se%40cret", "wr%40ng"), query="SELECT 1"))
    assert "Access denied" in str(caught.value)
    assert "wr@ng" not in str(caught.value)


def test_secrets_are_taken_out() -> None:
    url = "postgresql://someone:p%40ss@host:5432/city?sslmode=require"
    assert without_secrets(url) == "postgresql://host:5432/city"
    assert _without_password(f"no {url} and p@ss\nmore", url) == "no *** and ***"
