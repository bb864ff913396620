"""Two officers make two numbers one person through the office's pages, and part them again."""

from __future__ import annotations

from dataclasses import fields

import pytest
from two_numbers import NEW, OLD, REASON, ask_merge, request_of

from canbao.office.merges.comparing import better
from canbao.registry.lookup import Record
from register_desk import asked, person
from setting_desk import merged


def test_a_merge_asked_by_one_is_approved_by_another_and_undone(officers, two):
    first, second = officers
    found = first.post(f"/people/{two[0]}/merge/", {"number": NEW})
    assert found.headers["Location"] == f"/people/{two[0]}/merge/{two[1]}/"
    desk = first.read(f"/people/{two[0]}/merge/{two[1]}/")
    assert f'value="{two[0]}" checked' in desk and OLD not in desk and "深圳市" in desk
    request = ask_merge(first, *two)
    assert "同意</button>" not in first.read(f"/requests/{request}/")
    assert first.post(f"/requests/{request}/approve/", {}).status_code == 403
    page = second.read(f"/requests/{request}/")
    assert "同意</button>" in page and REASON in page and "户口本" in page and "两份登记" in page
    assert "已同意" in second.say(f"/requests/{request}/approve/", answer="")
    assert person(OLD)["registration_status"] == "1"
    kept = second.read(f"/people/{two[1]}/")
    assert f'href="/requests/{request}/"' in kept and "全部号码" in kept
    undoing = request_of(first.post(f"/requests/{request}/undo/", {"reason": "后来发现不是一个人"}))
    second.say(f"/requests/{undoing}/approve/")
    assert (person(OLD)["registration_status"], person(NEW)["registration_status"]) == ("2", "3")
    assert asked("SELECT state FROM registry_request ORDER BY id") == [{"state": "approved"}] * 2


def test_whole_numbers_are_compared_in_a_view_of_their_own(officers, two):
    desk = f"/people/{two[0]}/merge/{two[1]}/"
    assert OLD not in officers[0].read(desk)
    whole = officers[0].post(f"{desk}whole/").content.decode()
    assert OLD in whole and NEW in whole and "13800138000" in whole
    assert officers[0].get(f"{desk}whole/").status_code == 405


def test_who_is_no_longer_two_people_is_not_asked_about(officers, two):
    merged(OLD, NEW)
    answer = officers[0].get(f"/people/{two[0]}/merge/{two[1]}/")
    assert answer.status_code == 403 and "已经是一个人的了" in answer.content.decode()
    found = officers[0].post(f"/people/{two[0]}/merge/", {"number": NEW}).content.decode()
    assert "这就是本人现有的号码" in found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OLD, "TMP-440600201706300001"),
        (OLD, "HKGH12345678"),
        (OLD, "440106198503030336"),
        ("TMP-4406002017063001", NEW),
    ],
)
def test_the_number_that_is_kept_unless_somebody_says_otherwise(one, other):
    sides = [lone(1, one), lone(2, other)]
    kept = 2 if one.startswith("TMP") else 1
    assert better(*sides) == kept and better(*reversed(sides)) == kept


def lone(key: int, ssn: str) -> Record:
    """A record of which only the number is known."""
    person = {"id": key, "ssn": ssn, "is_household": False}
    return Record(person, *([] for _ in fields(Record)[1:]))
