"""Backups, and a phone that was set back: what was lost comes again, under its old numbers, and nothing twice."""

from __future__ import annotations

import re

from contract_line import MOBILE
from phone_browser import BIND, PIN, Phone, browsers, chromium, phone
from phone_deeds import RESTORE, RESTORE_FAULT, SAVE, SYNC, TEXTS, arrived, done_at

__all__ = ["browsers", "chromium", "phone"]


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


def test_pins_and_backups_are_slow_to_guess() -> None:
    assert "const ROUNDS = 600000;" in (MOBILE / "sealing.js").read_text(encoding="utf-8")
    assert "const ROUNDS = 2000000;" in (MOBILE / "backup.js").read_text(encoding="utf-8")
