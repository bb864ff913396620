"""The phone's talk with a server that keeps the contract, over a line that is cut at any byte: once and never lost."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract_server import MOBILE, Cut, RefusedAs, Server, task_of
from phone_browser import BIND, PIN, KeptPhone, Phone, browsers, chromium, phone_in, phone_on_disk
from playwright.sync_api import Browser, Playwright

__all__ = ["browsers", "chromium"]

SUBMIT = """(id) => work.submit(
  id, { survey_outcome: "1", residence_address: `示范路${id}号`, remark: "备注".repeat(id) }, {}, 60, false)"""
VISIT = """(id) => work.visit(id, { way: "1", outcome: "2", note: "没有人开门" })"""
SYNC = "sync.sync(hurried)"
FAULT = "thrown(sync.sync(hurried))"
SAVE = "async (pin) => Array.from(new Uint8Array(await (await backup.save(pin)).arrayBuffer()))"
RESTORE = "([file, pin]) => backup.restore(new Blob([new Uint8Array(file)]), pin)"
RESTORE_FAULT = "([file, pin]) => thrown(backup.restore(new Blob([new Uint8Array(file)]), pin))"
TEXTS = "async () => (await work.pending()).map((one) => [one.id, one.sha256])"
A_YEAR = 365 * 24 * 3600 * 1000


def twelve() -> Server:
    """A server with twelve tasks."""
    return Server(tasks={number: task_of(number) for number in range(1, 13)})


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Phone]:
    """A bound phone with twelve tasks."""
    with phone_in(chromium, twelve()) as found:
        yield found


def done_at(phone: Phone, *numbers: int) -> set[tuple[str, str]]:
    """A visit and a form at each of the tasks; ids and digests of the actions."""
    for number in numbers:
        phone.do(VISIT, number)
        phone.do(SUBMIT, number)
    return {(key, digest) for key, digest in phone.do(TEXTS)}


def arrived(phone: Phone, kinds: tuple[str, ...] = ("visit", "submit")) -> set[tuple[str, str]]:
    """Ids and digests of what the server has."""
    return {name for name, one in phone.server.kept.items() if one.action["kind"] in kinds}


def test_everything_goes_up_once_and_comes_down_as_the_server_has_it(phone: Phone) -> None:
    made = done_at(phone, *range(1, 13))
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(3000)]))")
    assert phone.do("work.progress()") == {
        "today": 12, "visits": 12, "done": 12, "left": 0, "waiting": 25, "disputes": 0,
    }  # fmt: skip
    told = phone.do(SYNC)
    assert told == {"sent": 24, "received": 12, "gone": 0, "disputes": 0, "state": "bound", "news": []}
    assert arrived(phone) == made
    assert len(phone.server.arrivals) == 24
    assert [len(one) for one in phone.server.pictures.values()] == [3000]
    assert phone.do("work.progress()")["waiting"] == 0
    assert phone.do("store.count('answer')") == 0
    assert {(one["state"], one["failed"], one["entries"]) for one in phone.do("work.tasks()")} == {("submitted", 1, 1)}
    again = phone.do(SYNC)
    assert (again["sent"], again["received"]) == (0, 0)


def test_numbers_are_those_of_the_stream(phone: Phone) -> None:
    done_at(phone, 1, 2)
    phone.do(SYNC)
    done_at(phone, 3)
    phone.do(SYNC)
    assert sorted(one.action["seq"] for one in phone.server.kept.values()) == [1, 2, 3, 4, 5, 6]
    assert phone.server.contacts[-1]["made"] == 6


def test_a_task_that_was_handed_in_goes_with_its_person(phone: Phone) -> None:
    phone.server.is_done_at_once = True
    done_at(phone, 1)
    told = phone.do(SYNC)
    assert (told["gone"], told["news"]) == (1, [{"task": 1, "why": "done", "says": "已收回"}])
    assert phone.do("async () => [await store.get('task', 1), await work.draft(1), await store.count('answer')]") == [
        None,
        None,
        0,
    ]
    assert len(phone.do("work.tasks()")) == 11


def test_every_byte_of_a_parcel_may_be_the_last_one(phone: Phone) -> None:
    phone.server.limits["piece_bytes"] = 128
    length = _cut_at(phone, Cut("request", 0, "parcels"))
    for at in range(1, length, 2):
        _cut_at(phone, Cut("request", at % 128, "parcels"), pieces_before=at // 128)


@pytest.mark.parametrize(("path", "most", "step"), [("parcels", 500, 7), ("contact", 700, 23), ("tasks", 3000, 97)])
def test_every_byte_of_an_answer_may_be_the_last_one(phone: Phone, path: str, most: int, step: int) -> None:
    for at in range(0, most, step):
        _cut_at(phone, Cut("response", at, path))


def _cut_at(phone: Phone, cut: Cut, pieces_before: int = 0) -> int:
    """A visit sent over a line that breaks once: it is there once by id and digest; returns its parcel's length."""
    server = phone.server
    before = arrived(phone)
    phone.do(VISIT, 12)
    made = {(key, digest) for key, digest in phone.do(TEXTS)}
    server.cuts = [*[Cut("none", 0, cut.only)] * pieces_before, cut]
    assert phone.do(SYNC)["sent"] == 1
    assert server.cuts == []
    assert arrived(phone) - before == made
    assert len(server.arrivals) == len(set(server.arrivals)) == len(before) + 1
    assert phone.do("async () => [await store.count('action'), await store.count('parcel')]") == [0, 0]
    assert phone.do("work.task(12)")["failed"] == len(before) + 1
    return len([*server.parcels.values()][-1])


def test_a_line_that_is_cut_again_and_again(phone: Phone) -> None:
    cuts = random.Random(6)
    for _ in range(6):
        number = cuts.randrange(1, 13)
        phone.do(VISIT, number)
        phone.do("(id) => work.saveDraft(id, { remark: String(Math.random()) }, {})", number)
        phone.do("work.addPicture(2, 'signature_page', new Blob([String(Math.random()).repeat(200)]))")
        made = {tuple(one) for one in phone.do(TEXTS)}
        cut = [Cut(cuts.choice(["request", "response"]), cuts.randrange(0, 500)) for _ in range(25)]
        phone.server.cuts = cut
        while fault := phone.do("thrown(sync.sync({ patience: 200, firstPause: 1 }))"):
            assert fault["name"] == "Offline"
        assert made <= arrived(phone)
        assert phone.do("async () => [await store.count('action'), await store.count('picture')]") == [0, 0]
    assert all(phone.server.arrivals.count(one.action["id"]) == 1 for one in phone.server.kept.values())


def test_nothing_goes_before_its_receipt(phone: Phone) -> None:
    made = done_at(phone, 1, 2, 3)
    server = phone.server
    server.cuts = [Cut("response", 40, "parcels") for _ in range(400)]
    assert phone.do("thrown(sync.sync({ patience: 300, firstPause: 1 }))")["name"] == "Offline"
    server.cuts = []
    assert {tuple(one) for one in phone.do(TEXTS)} == made
    assert phone.do("store.count('parcel')") == 1
    phone.do(SYNC)
    assert arrived(phone) == made
    assert len(server.arrivals) == 6


@pytest.mark.parametrize("change", ["id", "sha256"])
def test_a_receipt_for_something_else_is_none(phone: Phone, change: str) -> None:
    made = done_at(phone, 1)
    server = phone.server
    answer = server.answer

    def lying(method: str, path: str, *rest: Any) -> Any:
        status, said = answer(method, path, *rest)
        if isinstance(said, dict) and said.get("receipts"):
            said = {**said, "receipts": [{**one, change: "0" * 64} for one in said["receipts"]]}
        return status, said

    server.answer = lying  # type: ignore[method-assign]
    assert phone.do(SYNC)["sent"] == 0
    assert {tuple(one) for one in phone.do(TEXTS)} == made
    assert "sync.no_receipt" in [one["code"] for one in phone.do("store.plain('faults')")]
    server.answer = answer  # type: ignore[method-assign]
    assert phone.do(SYNC)["sent"] == 2
    assert arrived(phone) == made


def test_a_killed_browser_goes_on_with_the_same_bytes(browsers: Playwright, tmp_path: Path) -> None:
    with phone_on_disk(browsers, twelve(), tmp_path / "profile") as phone:
        _killed_between_two_pieces(phone)


def _killed_between_two_pieces(phone: KeptPhone) -> None:
    made = done_at(phone, *range(1, 9))
    server = phone.server
    server.limits["piece_bytes"] = 200
    phone.do(SYNC)
    made |= done_at(phone, *range(9, 13))
    begun = len(server.parcels)
    server.cuts = [Cut("request", 200, "parcels"), Cut("request", 200, "parcels")]
    phone.do("() => { sync.sync({ patience: 60000, firstPause: 30000 }); }")
    while server.cuts and len(server.cuts) > 1:
        phone.page.wait_for_timeout(20)
    phone.kill()
    server.cuts = []
    phone.reopen()
    phone.unlock()
    assert phone.do("store.count('parcel')") == 1
    phone.do(SYNC)
    assert arrived(phone) == made
    assert len(server.arrivals) == 24
    assert len(server.parcels) == begun + 1


def test_a_poisoned_action_keeps_nobody_else_back(phone: Phone) -> None:
    made = done_at(phone, 1, 2, 3)
    bad = phone.do("async () => (await work.pending())[3].id")
    server = phone.server
    keep = server._keep

    def picky(stream: str, text: str) -> tuple[str, str]:
        if bad in text:
            raise RefusedAs(400, "wrong")
        return keep(stream, text)

    end = server._end

    def whole(digest: str, content: bytes) -> None:
        before = {**server.kept}, [*server.arrivals]
        try:
            end(digest, content)
        except RefusedAs:
            server.kept, server.arrivals = before
            server.parcels.pop(digest, None)
            raise

    server._keep, server._end = picky, whole  # type: ignore[method-assign]
    assert phone.do(SYNC)["sent"] == 5
    assert [one["id"] for one in phone.do("work.pending()")] == [bad]
    server._keep = keep  # type: ignore[method-assign]
    assert phone.do(SYNC)["sent"] == 1
    assert arrived(phone) == made
    assert {one.state for one in server.kept.values()} == {"taken"}


def test_two_syncs_are_one_after_the_other(phone: Phone) -> None:
    made = done_at(phone, 1, 2, 3)
    other = phone.tab()
    other.evaluate("(pin) => store.unlock(pin)", PIN)
    other.evaluate("() => { window.running = sync.sync(hurried); }")
    phone.do("Promise.all([sync.sync(hurried), sync.sync(hurried)])")
    other.evaluate("() => running")
    assert arrived(phone) == made
    assert len(phone.server.arrivals) == 6


def test_drafts_go_up_when_they_have_changed(phone: Phone) -> None:
    draft = "(text) => work.saveDraft(1, { remark: text }, {})"
    phone.do(draft, "一")
    phone.do(draft, "二")
    phone.do(SYNC)
    phone.do(SYNC)
    assert [(one.action["seq"], one.action["body"]["revision"]) for one in phone.server.kept.values()] == [(0, 2)]
    phone.do(draft, "三")
    phone.do(SYNC)
    assert phone.server.drafts[1]["answers"] == {"remark": "三"}
    phone.do(SUBMIT, 1)
    phone.do(draft, "太晚")
    phone.do(SYNC)
    assert phone.server.drafts[1]["revision"] == 3
    assert phone.do("work.draft(1)") is None


def test_a_draft_comes_down_to_a_new_phone(phone: Phone) -> None:
    phone.server.drafts[4] = {"answers": {"remark": "旧手机写的"}, "reasons": {}, "based_on": 0, "revision": 7}
    phone.server.tasks[4]["version"] += 1
    phone.do("work.saveDraft(5, { remark: '本机' }, {})")
    phone.server.drafts[5] = {"answers": {"remark": "别处"}, "reasons": {}, "based_on": 0, "revision": 9}
    phone.do(SYNC)
    assert phone.do("work.draft(4)")["answers"] == {"remark": "旧手机写的"}
    assert len(phone.server.kept) == 1
    phone.do("work.saveDraft(4, { remark: '接着写' }, {})")
    assert phone.do("work.draft(4)")["revision"] == 8


def test_a_task_taken_back_sends_what_was_done_first(phone: Phone) -> None:
    server = phone.server
    made = done_at(phone, 1)
    phone.do("work.saveDraft(2, { remark: '没写完' }, {})")
    server.tasks[1]["why"] = server.tasks[2]["why"] = "taken_back"
    told = phone.do(SYNC)
    assert (told["sent"], told["disputes"], told["gone"]) == (2, 2, 2)
    assert arrived(phone) == made
    assert [one["task"] for one in phone.do("work.disputes()")] == [1, 1]
    assert phone.do("async () => [await work.task(1), await work.task(2), await work.draft(2)]") == [None, None, None]


def test_a_task_with_something_unsent_stays_until_it_has_gone_up(phone: Phone) -> None:
    server = phone.server
    done_at(phone, 1)
    server.tasks[1]["why"] = "taken_back"
    server.refuse = lambda method, path: _refuse(path.startswith("parcels"), 403, "refused")
    assert phone.do(FAULT)["name"] == "Refused"
    assert len(phone.do("work.pending()")) == 2
    phone.do("database.transact('readwrite', (shelf) => { shelf('sealed').delete(['parcel', 1]); })")
    phone.do(
        "async () => downloads.takeTasks({ line: new line.Line(await store.get('identity', 1)), tell() {}, news: [] })"
    )
    assert phone.do("work.task(1)")["gone"] == {"why": "taken_back", "says": "已收回"}
    server.refuse = lambda *_: None
    phone.do(SYNC)
    assert phone.do("work.task(1)") is None
    assert len(server.kept) == 2


def _refuse(holds: bool, status: int, why: str) -> None:
    if holds:
        raise RefusedAs(status, why)


def test_what_is_kept_is_told_when_it_is_carried_out(phone: Phone) -> None:
    server = phone.server
    server.is_carried_out_late = True
    done_at(phone, 1, 2)
    server.tasks[2]["entries"] = 4
    assert phone.do(SYNC)["disputes"] == 0
    assert {one["state"] for one in phone.do("store.all('answer')")} == {"kept"}
    assert phone.do("work.task(1)")["state"] == "handed_in"
    assert phone.do("work.draft(1)") is not None
    server.carry_out()
    told = phone.do(SYNC)
    assert (told["sent"], told["disputes"]) == (0, 1)
    assert phone.do("work.draft(1)") is None
    assert [(one["task"], one["says"]) for one in phone.do("work.disputes()")] == [(2, "这份表刚有别人提交过")]
    dispute = next(one for one in server.kept.values() if one.state == "dispute")
    dispute.state = "set_aside"
    phone.do(SYNC)
    assert phone.do("work.task(2)")["state"] == "in_field"
    assert phone.do("work.draft(2)")["answers"]["residence_address"] == "示范路2号"
    phone.do("async () => work.acknowledge((await work.disputes())[0].id)")
    assert phone.do("work.disputes()") == []


def test_a_task_that_came_down_before_its_receipt_is_not_counted_twice(phone: Phone) -> None:
    server = phone.server
    server.is_carried_out_late = True
    phone.do(VISIT, 1)
    server.refuse = lambda method, path: server.carry_out() if path == "tasks" else None
    phone.do(SYNC)
    phone.do(SYNC)
    assert phone.do("work.task(1)")["failed"] == 1
    assert len(phone.do("work.task(1)")["visits"]) == 1


def test_a_revoked_phone_is_empty_at_the_next_contact(phone: Phone) -> None:
    done_at(phone, 1)
    phone.server.state = "revoked"
    assert phone.do(SYNC)["state"] == "revoked"
    assert phone.do("store.condition()") == "fresh"
    assert phone.server.emptied == 1
    assert phone.server.kept == {}


def test_a_revoked_phone_is_empty_before_any_pin(phone: Phone) -> None:
    phone.do("store.lock()")
    assert phone.do("sync.standing()")["state"] == "bound"
    phone.server.state = "revoked"
    assert phone.do("sync.standing()")["state"] == "revoked"
    assert phone.do("store.condition()") == "fresh"
    assert phone.do("store.wasEvicted()") is False


@pytest.mark.parametrize("state", ["replaced", "expired"])
def test_a_phone_that_was_replaced_sends_what_is_left_and_is_empty_then(phone: Phone, state: str) -> None:
    made = done_at(phone, 1)
    phone.do("work.saveDraft(2, { remark: '没写完' }, {})")
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(900)]))")
    phone.server.state = state
    phone.server.cuts = [Cut("response", 9, "parcels"), Cut("request", 9, "parcels")]
    assert phone.do(SYNC)["state"] == state
    assert arrived(phone) == made
    assert (2 in phone.server.drafts, len(phone.server.pictures), phone.server.emptied) == (True, 1, 1)
    assert phone.do("store.condition()") == "fresh"


def test_a_phone_that_was_replaced_and_can_send_nothing_keeps_it(phone: Phone) -> None:
    done_at(phone, 1)
    phone.server.state = "replaced"
    phone.server.refuse = lambda method, path: _refuse(path.startswith("parcels"), 503, "busy")
    fault = phone.do("thrown(sync.sync({ patience: 50, firstPause: 1 }))")
    assert (fault["name"], fault["why"]) == ("Refused", "busy")
    assert len(phone.do("work.pending()")) == 2


def test_a_busy_server_is_asked_again(phone: Phone) -> None:
    made = done_at(phone, 1)
    left = [2]

    def busy(method: str, path: str) -> None:
        left[0] -= 1
        _refuse(left[0] >= 0, 503, "busy")

    phone.server.refuse = busy
    phone.do("sync.sync({ patience: 20000, firstPause: 1 })")
    assert arrived(phone) == made


def test_an_app_that_is_too_old_says_so_and_keeps_everything(phone: Phone) -> None:
    made = done_at(phone, 1)
    phone.server.oldest_app = 2
    fault = phone.do(FAULT)
    assert (fault["name"], fault["why"]) == ("Refused", "old")
    assert {tuple(one) for one in phone.do(TEXTS)} == made


def test_without_network_it_says_so_at_once(phone: Phone) -> None:
    made = done_at(phone, 1)
    phone.context.set_offline(True)
    assert phone.do("thrown(sync.sync())")["name"] == "Offline"
    assert phone.do("thrown(sync.standing())")["name"] == "Offline"
    assert {tuple(one) for one in phone.do(TEXTS)} == made
    assert len(phone.do("work.tasks()")) == 12
    phone.context.set_offline(False)
    phone.do(SYNC)
    assert arrived(phone) == made


def test_an_operators_page_is_no_answer(phone: Phone) -> None:
    made = done_at(phone, 1)
    answer = phone.server.answer
    phone.server.answer = lambda *_: (200, b"<html>please pay</html>")  # type: ignore[method-assign]
    assert phone.do("thrown(sync.sync({ patience: 50, firstPause: 1 }))")["name"] == "Offline"
    phone.server.answer = answer  # type: ignore[method-assign]
    phone.do(SYNC)
    assert arrived(phone) == made


@pytest.mark.parametrize("skew", [A_YEAR, -A_YEAR, 3600_000])
def test_a_wrong_clock_is_put_right(phone: Phone, skew: int) -> None:
    phone.server.skew = skew
    phone.do(SYNC)
    assert abs(phone.do("async () => (await work.now()) - Date.now()") - skew) < 1000
    assert abs(phone.server.contacts[-1]["now"] + skew - phone.server.now()) < 5000
    phone.do(SUBMIT, 1)
    action = phone.do("async () => JSON.parse((await work.pending())[0].text)")
    assert abs(action["at"] - phone.do("Date.now()")) < 5000
    assert action["body"]["answers"]["surveyed_on"] == phone.do("work.today()")
    assert phone.do("work.daysAlone()")["days"] == 0


def test_a_phone_that_was_set_back_numbers_in_another_stream(phone: Phone) -> None:
    phone.server.next["a1" * 16] = 9
    phone.do(SYNC)
    done_at(phone, 1)
    phone.do(SYNC)
    streams = {one.action["stream"] for one in phone.server.kept.values()}
    assert len(streams) == 1
    assert streams != {"a1" * 16}
    assert all(re.fullmatch("[a-f0-9]{32}", one) for one in streams)


def test_a_backup_brings_back_what_was_lost(phone: Phone) -> None:
    made = done_at(phone, 1, 2)
    phone.do("work.saveDraft(3, { remark: '没写完' }, {})")
    phone.do("work.addPicture(1, 'signature', new Blob(['x'.repeat(900)]))")
    assert phone.do("thrown(backup.save('000000'))")["name"] == "WrongPin"
    file = phone.do(SAVE, PIN)
    assert not any(word.encode() in bytes(file) for word in ("欧阳试", "示范路", "没写完", "DC440100"))
    phone.do(SYNC)
    phone.do("store.empty()")
    phone.do(BIND, "580213")
    assert phone.do(RESTORE_FAULT, [file, "580213"])["name"] == "WrongPin"
    assert phone.do(RESTORE_FAULT, [file[:-1], PIN])["name"] == "WrongPin"
    assert phone.do(RESTORE_FAULT, [[1, 2, 3], PIN])["name"] == "Unreadable"
    assert phone.do("store.count('action')") == 0
    told = phone.do(RESTORE, [file, PIN])
    assert told == {"actions": 4, "drafts": 3, "pictures": 1}
    assert {tuple(one) for one in phone.do(TEXTS)} == made
    phone.do(SYNC)
    done_at(phone, 4)
    stream = phone.do("store.plain('stream')")
    assert (stream["id"] == "a1" * 16, stream["made"]) == (False, 2)
    phone.do(SYNC)
    assert made < arrived(phone)
    assert len(arrived(phone)) == 6
    assert {one.state for one in phone.server.kept.values()} <= {"taken", "ignored"}
    assert phone.do("work.progress()")["waiting"] == 0
    assert {one["failed"] for one in phone.do("work.tasks()")} == {0, 1}


def test_another_surveyors_backup_is_refused(phone: Phone) -> None:
    file = phone.do(SAVE, PIN)
    phone.do("""async () => {
      const one = await store.get("identity", 1);
      await store.write([["identity", 1, { ...one, officer: { card: "another" } }]]);
    }""")
    assert phone.do(RESTORE_FAULT, [file, PIN])["name"] == "Unreadable"


def test_the_line_and_the_phone_can_be_told_of(phone: Phone) -> None:
    found = phone.do("sync.lineTest()")
    assert all(found[name] > 0 for name in ("down", "up"))
    phone.do("thrown(sync.bind({ account: 'liang', password: 'wrong' }))")
    phone.do("sync.sendDiagnosis()")


def test_many_forms_go_up_in_few_requests(chromium: Browser) -> None:
    server = Server(tasks={number: task_of(number) for number in range(1, 501)})
    server.limits.update(piece_bytes=131_072, parcel_bytes=1_048_576, parcel_actions=100)
    with phone_in(chromium, server) as phone:
        submit = SUBMIT.replace("repeat(id)", "repeat(20 + id % 30)")
        phone.do(f"async () => {{ for (let id = 1; id <= 500; id += 1) await ({submit})(id); }}")
        said = len(server.said)
        phone.do("sync.sync()")
        assert len(server.said) - said <= 12
        assert sum(len(one) for one in server.parcels.values()) < 250_000
        assert len(arrived(phone)) == 500


def test_pins_and_backups_are_slow_to_guess() -> None:
    assert "const ROUNDS = 600000;" in (MOBILE / "sealing.js").read_text(encoding="utf-8")
    assert "const ROUNDS = 2000000;" in (MOBILE / "backup.js").read_text(encoding="utf-8")
