"""Two officers make two numbers one person through the office's pages, and part them again."""

from __future__ import annotations

from two_numbers import NEW, OLD, REASON, ask_merge, request_of

from register_desk import asked, person


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
