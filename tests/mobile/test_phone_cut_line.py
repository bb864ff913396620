"""The phone over a line that is cut at any byte, again and again: everything once, nothing gone before its receipt."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from contract_server import Cut, RefusedAs, Server, task_of
from phone_browser import PIN, KeptPhone, Phone, browsers, chromium, phone, phone_in, phone_on_disk, twelve
from phone_deeds import SUBMIT, SYNC, TEXTS, VISIT, arrived, done_at
from playwright.sync_api import Browser, Playwright

__all__ = ["browsers", "chromium", "phone"]


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
