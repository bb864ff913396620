"""Back-fill writes only what is empty; files are told like rows of a database; the commands say how things stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from business import PAGE, configured
from client_desk import Desk

from canbao_client import __main__ as entry
from canbao_client.back_filling import Filled, back_fill, read_back_fill
from canbao_client.databases import Database
from canbao_client.trouble import ConfigurationTrouble

BACK_FILL = """
back_fill:
  query: SELECT number, ssn, name FROM person WHERE mobile IS NULL AND number > :after ORDER BY number
  key: number
  number: ssn
  name: name
  updates: {{mobile: "UPDATE person SET mobile = :mobile WHERE number = :key AND mobile IS NULL"}}
  officer: 批量回填
  people: 3
"""
FILE_PAGE = """
server: {address}
key: partner.pem
outbox: outbox.db
partner: foshan-school
rows:
  - source: school
    keys: [学号]
    at: 更新时间
    columns: {{ssn: 身份证号, name: 姓名, school_name: 学校, full_time: {{value: "1"}}}}
"""


@pytest.fixture
def people(tmp_path: Path) -> sqlite3.Connection:
    """Six people without a mobile; the register knows that of the even ones."""
    data = sqlite3.connect(tmp_path / "business.db", isolation_level=None, check_same_thread=False)
    data.execute("CREATE TABLE person (number INTEGER PRIMARY KEY, ssn, name, mobile)")
    data.executemany("INSERT INTO person VALUES (?, ?, '某某', NULL)", [(one, str(one)) for one in range(1, 7)])
    return data


def mobiles(data: sqlite3.Connection) -> list[str | None]:
    return [mobile for (mobile,) in data.execute("SELECT mobile FROM person ORDER BY number")]


def filled(desk: Desk, folder: Path, page: str = BACK_FILL, dry_run: bool = False) -> Filled:
    desk.register.known = {str(one): {"mobile": f"1380000000{one}", "name": "x"} for one in (2, 4, 6)}
    configuration = configured(desk, folder, page=PAGE + page)
    given = read_back_fill(configuration)
    return back_fill(configuration.outbox(), desk.client(), configuration.database(), given, dry_run)


def test_what_is_empty_is_filled_in_pieces(desk: Desk, tmp_path: Path, people: sqlite3.Connection) -> None:
    assert filled(desk, tmp_path, dry_run=True) == Filled(3, 1, 1)
    assert mobiles(people) == [None] * 6
    assert filled(desk, tmp_path) == Filled(3, 1, 1)
    assert filled(desk, tmp_path) == Filled(3, 2, 2)
    assert mobiles(people) == [None, "13800000002", None, "13800000004", None, "13800000006"]
    assert filled(desk, tmp_path) == Filled()
    assert filled(desk, tmp_path) == Filled(3, 0, 0)


def test_what_was_filled_meanwhile_stays(desk: Desk, tmp_path: Path, people: sqlite3.Connection) -> None:
    answer = desk.register.answer

    def meanwhile(*asked: object) -> object:
        people.execute("UPDATE person SET mobile = 'own' WHERE number = 2")
        return answer(*asked)

    desk.register.answer = meanwhile
    assert filled(desk, tmp_path) == Filled(3, 1, 0)
    assert mobiles(people)[1] == "own"


def test_a_statement_that_changes_more_is_undone(desk: Desk, tmp_path: Path, people: sqlite3.Connection) -> None:
    with pytest.raises(ConfigurationTrouble, match="不止一行"):
        filled(desk, tmp_path, BACK_FILL.replace("WHERE number = :key AND", "WHERE :key > 0 AND"))
    assert mobiles(people) == [None] * 6


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [(" AND mobile IS NULL", "", "没有限定空值"), (":after", "0", "没有 :after"), ("= :key", "= 7", ":key")],
)
def test_a_dangerous_page_is_refused(desk: Desk, tmp_path: Path, wrong: str, right: str, problem: str) -> None:
    with pytest.raises(ConfigurationTrouble, match=problem):
        filled(desk, tmp_path, BACK_FILL.replace(wrong, right))


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; gives its status and what it said."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["canbao-client", *map(str, words)])
        monkeypatch.setattr("signal.signal", lambda *_: None)
        status = entry._status()
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


CSV = "学号,身份证号,姓名,学校,更新时间\n1,440601199001010001,张三,一中,2026-11-30\n2,,李四,二中,2026-11-30\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_file_is_sent(desk: Desk, tmp_path: Path, run: Run, encoding: str) -> None:
    configured(desk, tmp_path, page=FILE_PAGE)
    (tmp_path / "a.csv").write_text(CSV, encoding=encoding)
    status, said, _ = run("send", tmp_path / "page.yaml", tmp_path / "a.csv")
    assert (status, "新收 1 行，跳过 1 行" in said, "第 3 行：ssn 是空的" in said) == (0, True, True)
    (row,) = desk.register.rows.values()
    assert row["row"] == {"ssn": "440601199001010001", "name": "张三", "school_name": "一中", "full_time": "1"}
    assert row["at"] == "2026-11-30T00:00:00+08:00"
    assert "新收 0 行" in run("send", tmp_path / "page.yaml", tmp_path / "a.csv")[1]
    assert "待发 0 行" in run("status", tmp_path / "page.yaml")[1]


def test_an_ndjson_file_is_packed_for_a_drop(desk: Desk, tmp_path: Path, run: Run) -> None:
    configured(desk, tmp_path, page=FILE_PAGE)
    row = {"学号": 1, "身份证号": "440601199001010001", "姓名": "张三", "学校": None, "更新时间": "2026-11-30 08:00"}
    (tmp_path / "a.ndjson").write_text(json.dumps(row) + "\n")
    desk.register.fault = lambda: "closed"
    desk_away = run("send", tmp_path / "page.yaml", tmp_path / "b.ndjson")
    assert (desk_away[0], "读不出来" in desk_away[2]) == (2, True)
    status, said, _ = run("drop", tmp_path / "page.yaml", "--to", tmp_path / "out", tmp_path / "a.ndjson")
    assert (status, "foshan-school-1-1.ndjson.gz" in said) == (0, True)


def test_a_broken_file_is_told_with_its_line(desk: Desk, tmp_path: Path, run: Run) -> None:
    configured(desk, tmp_path, page=FILE_PAGE)
    (tmp_path / "a.csv").write_text(CSV + "3,only\n")
    status, _, said = run("send", tmp_path / "page.yaml", tmp_path / "a.csv")
    assert (status, "a.csv 第 4 行：有 2 列，标题有 5 列" in said) == (2, True)
    assert run("sing")[0] == 2
    assert run("key", "show", tmp_path / "partner.pem")[1].startswith("-----BEGIN PUBLIC KEY-----")


def test_parameters_are_worded_for_each_driver() -> None:
    statement = "SELECT '50% :a', x::text -- it's :a\n FROM t WHERE a >= :a AND b LIKE '%x' AND c = :c"
    worded = Database("postgresql://host/name")._worded(statement, {"a": 1})
    assert worded == (
        "SELECT '50%% :a', x::text -- it's :a\n FROM t WHERE a >= %(a)s AND b LIKE '%%x' AND c = :c",
        {"a": 1},
    )
    assert Database("oracle://host/name")._worded(statement, {"a": 1, "b": 2}) == (statement, {"a": 1})
    with pytest.raises(ConfigurationTrouble, match="不认得"):
        Database("mssql://host/name")
