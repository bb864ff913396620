"""The poller and the back-fill with PostgreSQL and MySQL: read-only, piece by piece, equal moments, updates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from business import PAGE, configured
from client_desk import Desk

from canbao_client.configuration import read_configuration
from canbao_client.databases import Database
from canbao_client.polling import poll
from canbao_client.trouble import DatabaseTrouble

TABLE = """CREATE TABLE cover (
    number INT PRIMARY KEY, ssn CHAR(18), name VARCHAR(50), status VARCHAR(2), changed {}, gone CHAR(1)
)"""
MOMENTS = {"postgresql": "timestamptz", "mysql": "DATETIME(6)"}
INSERT = "INSERT INTO cover VALUES (:number, :ssn, '某%某', '01', :changed, 'N')"


@pytest.fixture(params=["postgresql", "mysql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A server with forty covers, ten of each moment."""
    address = request.getfixturevalue(request.param)
    database = Database(address)
    with database.updating() as update:
        update("DROP TABLE IF EXISTS cover", {})
        update(TABLE.format(MOMENTS[request.param]), {})
        for number in range(40):
            moment = datetime(2026, 11, 30, 8, 0, number // 10, 500_000)
            update(INSERT, {"number": number, "ssn": f"44060119900101{number:04}", "changed": moment})
    return database


def test_pages_of_equal_moments(desk: Desk, tmp_path: Path, database: Database) -> None:
    timed = PAGE.replace('column: CHANGED, format: "%Y-%m-%d %H:%M:%S"', "column: CHANGED")
    configured(desk, tmp_path, page=timed.replace('{{column: changed, format: "%Y-%m-%d %H:%M:%S"}}', "changed"))
    configuration = read_configuration(tmp_path / "page.yaml")
    outbox, query = configuration.outbox(), configuration.queries[0]
    while poll(outbox, database, query, page=7):
        pass
    assert outbox.counts().unsent == 40
    with database.updating() as update:
        update(INSERT, {"number": 40, "ssn": "1", "changed": datetime(2026, 11, 30, 8, 0, 3, 500_000)})
    assert not poll(outbox, database, query)
    assert outbox.counts().unsent == 41


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseTrouble), database.rows("DELETE FROM cover", {}):
        pass
    with database.rows("SELECT count(*) AS HOW_MANY FROM cover", {}) as (columns, rows):
        assert (columns, [*rows]) == (["how_many"], [(40,)])


def test_an_update_that_fails_keeps_nothing(database: Database) -> None:
    with pytest.raises(DatabaseTrouble), database.updating() as update:
        assert update("UPDATE cover SET name = :name WHERE number = :number", {"name": "x", "number": 1}) == 1
        update("UPDATE nothing SET name = 'x'", {})
    with database.rows("SELECT 1 FROM cover WHERE name = 'x'", {}) as (_, rows):
        assert [*rows] == []


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(DatabaseTrouble, match="业务库"), Database("mysql://a:b@127.0.0.1:1/x").rows("SELECT 1", {}):
        pass
