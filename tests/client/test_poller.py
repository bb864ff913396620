"""The poller reads what changes, loses no row and tells none twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from business import PAGE, Business, configured
from client_desk import Desk

from canbao_client.back_filling import read_back_fill
from canbao_client.configuration import Configuration, read_configuration
from canbao_client.outbox import Outbox
from canbao_client.polling import begin_from, poll
from canbao_client.pushing import Pusher
from canbao_client.trouble import ConfigurationTrouble, DatabaseTrouble


def polled(configuration: Configuration, outbox: Outbox, page: int = 20_000) -> int:
    """Read all there is; returns how many rows were new."""
    before = outbox.counts().next
    while poll(outbox, configuration.database(), configuration.queries[0], page):
        pass
    return outbox.counts().next - before


def pushed(configuration: Configuration, desk: Desk) -> None:
    assert Pusher(configuration, configuration.outbox(), desk.client(), Event()).once() == []


def test_rows_are_told_in_the_contracts_words(desk: Desk, tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.put(1, 0)
    business.put(2, 1, "", "Y")
    pushed(configured(desk, tmp_path), desk)
    first, second = sorted(desk.register.rows.values(), key=lambda row: row["at"])
    assert (first["source"], first["at"], first["ends"]) == ("insurance", "2026-11-30T08:00:00+08:00", False)
    assert first["row"] == {
        "ssn": "440601199001010001", "name": "某某", "insurance_type": "emp_pension", "contrib_status": "1",
    }  # fmt: skip
    assert (second["ends"], second["row"]["contrib_status"]) == (True, "3")


def test_equal_moments_at_a_pages_edge(desk: Desk, tmp_path: Path) -> None:
    business, configuration = Business(tmp_path), configured(desk, tmp_path)
    for number in range(100):
        business.put(number, number // 40)
    outbox = configuration.outbox()
    assert polled(configuration, outbox, page=7) == 100
    business.put(100, 2)
    assert polled(configuration, outbox, page=7) == 1
    assert polled(configuration, outbox) == 0


def test_late_commits_are_seen_within_the_overlap(desk: Desk, tmp_path: Path) -> None:
    business, configuration = Business(tmp_path), configured(desk, tmp_path, overlap=60)
    outbox = configuration.outbox()
    business.put(1, 100)
    assert polled(configuration, outbox) == 1
    business.put(2, 45)
    business.put(3, 30)
    assert polled(configuration, outbox) == 1
    business.put(2, 101, "02")
    business.put(2, 102, "01")
    assert polled(configuration, outbox) == 1


@pytest.mark.parametrize("seed", range(6))
def test_any_changes_while_being_read(desk: Desk, tmp_path: Path, seed: int) -> None:
    """Changes with equal and late moments, pages of any size, a register that fails: the last word of each is there."""
    chance = random.Random(seed)
    business, configuration = Business(tmp_path), configured(desk, tmp_path, overlap=30)
    outbox, told = configuration.outbox(), set()
    for step in range(30):
        for _ in range(chance.randrange(12)):
            number, second = chance.randrange(60), step * 5 + chance.randrange(25)
            business.put(number, second, chance.choice(["01", "02"]))
        poll(outbox, configuration.database(), configuration.queries[0], chance.randrange(1, 9))
        polled(configuration, outbox)
        told |= {(row[0], row[3], row[4]) for row in business.data.execute("SELECT * FROM cover")}
    pushed(configuration, desk)
    there = {
        (int(row["row"]["ssn"][-4:]), f"0{row['row']['contrib_status']}", row["at"][:19].replace("T", " "))
        for row in desk.register.rows.values()
    }
    assert there == told
    assert len(desk.register.rows) == len(there) == len(desk.register.come)


def test_reading_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    business, configuration = Business(tmp_path), configured(desk, tmp_path)
    for number in range(10):
        business.put(number, number)
    pushed(configuration, desk)
    outbox = configuration.outbox()
    begin_from(outbox, configuration.queries[0], configuration.queries[0].watermark.begin)
    assert polled(configuration, outbox) == 0
    (tmp_path / "outbox.db").unlink()
    pushed(configuration, desk)
    assert len(desk.register.rows) == 10
    assert desk.register.come == set(range(1, 21))


def test_what_cannot_be_told_holds_up_nothing(desk: Desk, tmp_path: Path) -> None:
    business, configuration = Business(tmp_path), configured(desk, tmp_path)
    business.put(1, 1, "99")
    business.put(2, 2)
    outbox = configuration.outbox()
    assert polled(configuration, outbox) == 1
    assert outbox.left_out() == [("养老", "contrib_status：代码对照表里没有列 status 的这个代码", 1)]
    business.put(1, 3, "02")
    assert polled(configuration, outbox) == 1
    assert outbox.left_out() == []


def test_a_database_that_is_away_moves_nothing(desk: Desk, tmp_path: Path) -> None:
    configuration = configured(desk, tmp_path)
    with pytest.raises(DatabaseTrouble, match="业务库"):
        polled(configuration, configuration.outbox())


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        (">= :watermark", "> :watermark", "第 10 行.*会漏掉"),
        (">= :watermark ", "<> '' ", ":watermark"),
        ("keys:", "key:", "是不是 keys"),
        ("codes: 缴费状态}", "codes: 没有}", "没有代码对照表"),
        ("      ssn: SSN\n", "", "缺少 ssn"),
        ("overlap: {overlap}", "overlap: often", "应是数"),
        ("key: partner.pem", "key: ${{NO_SUCH_VARIABLE}}", "第 3 行.*环境变量 NO_SUCH_VARIABLE"),
        ("rows:", "rows: [", "YAML"),
        ("source: insurance", "source: insurence", "没有 insurence 这种来源"),
        ("source: insurance", "source: insurance\n    source: x", "写了两次"),
    ],
)
def test_a_wrong_page_is_told_with_its_line(desk: Desk, tmp_path: Path, wrong: str, right: str, problem: str) -> None:
    with pytest.raises(ConfigurationTrouble, match=problem):
        configured(desk, tmp_path, page=PAGE.replace(wrong, right).replace("  -- it's ':watermark'", ""))


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        ("ORDER BY changed", "ORDER BY changed DESC", "没有按 changed 排序"),
        ("ssn: SSN", "ssn: AAC002", "列 aac002 不在数据里"),
        ('CHANGED, format: "%Y-%m-%d %H:%M:%S"', "CHANGED", "请写 format"),
    ],
)
def test_a_page_that_does_not_fit_the_rows(desk: Desk, tmp_path: Path, wrong: str, right: str, problem: str) -> None:
    business = Business(tmp_path)
    business.put(1, 1)
    business.put(2, 2)
    configuration = configured(desk, tmp_path, page=PAGE.replace(wrong, right))
    with pytest.raises(ConfigurationTrouble, match=problem):
        polled(configuration, configuration.outbox())


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "canbao_client", "push", str(folder / "page.yaml"), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_killed_at_any_moment(desk: Desk, tmp_path: Path) -> None:
    """kill -9 again and again while rows change and answers get lost: nothing is lost, nothing doubled."""
    chance = random.Random(7)
    business, _ = Business(tmp_path), configured(desk, tmp_path, overlap=5)
    desk.register.fault = lambda: chance.choice([None, None, None, "broken", "after"])
    for round_ in range(int(os.environ.get("CANBAO_CLIENT_KILLS", "3"))):
        before, until = len(desk.register.rows), time.monotonic() + 20
        for number in range(900):
            business.put(round_ * 900 + number, round_ * 20 + number // 60)
        process = started(tmp_path)
        while len(desk.register.rows) == before and time.monotonic() < until:
            time.sleep(0.02)
        business.put(round_, round_ * 20 + 16, "02")
        time.sleep(chance.random() * 0.2)
        process.kill()
        process.communicate()
    desk.register.fault = lambda: None
    assert started(tmp_path, "--once").wait(60) == 0
    told = [(row["row"]["ssn"], row["at"]) for row in desk.register.rows.values()]
    there = business.data.execute("SELECT count(*) FROM cover").fetchone()[0]
    assert len(told) == len(set(told))
    assert len({ssn for ssn, _ in told}) == there
    assert desk.register.come == set(range(1, len(told) + 1))


def test_a_query_that_fails_holds_up_no_other(desk: Desk, tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.put(1, 1)
    broken = PAGE[PAGE.index("  - name") :].replace("养老", "坏的").replace("FROM cover", "FROM nothing")
    configuration = configured(desk, tmp_path, page=PAGE.replace("rows:\n", f"rows:\n{broken.lstrip(chr(10))}"))
    troubles = Pusher(configuration, configuration.outbox(), desk.client(), Event()).once()
    assert [type(trouble) for trouble in troubles] == [DatabaseTrouble]
    assert len(desk.register.rows) == 1


def test_sigterm_ends_cleanly_and_a_second_one_is_told(desk: Desk, tmp_path: Path) -> None:
    business, _ = Business(tmp_path), configured(desk, tmp_path)
    business.put(1, 1)
    process = started(tmp_path)
    until = time.monotonic() + 30
    while not desk.register.rows and time.monotonic() < until:
        time.sleep(0.05)
    second = started(tmp_path, "--once")
    assert "正在使用" in second.communicate(timeout=60)[0]
    assert second.returncode == 2
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "已发送 1 行：收下 1" in said
    assert json.dumps(sorted(desk.register.come)) == "[1]"


def test_the_example_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUSINESS_PASSWORD", "p%40ss")
    configuration = read_configuration(Path(__file__).parents[2] / "client" / "examples" / "业务库推送.yaml")
    assert [query.name for query in configuration.queries] == ["养老缴费"]
    assert read_back_fill(configuration).updates.keys() == {"mobile"}
    configuration.database()
