"""Two officers set a record right through the office's pages: asked by one, decided by the other, undone again."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from register_desk import asked as read_rows
from register_desk import person
from setting_desk import key, put_in

OLD, NEW = "440106198503030335", "440106198503030319"
HOUSEHOLD = f"ssn,name,hukou_division_code,hukou_address,mobile\n{OLD},样例乙六,440106,某路1号,13800138000\n"
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
COVER = f"{COVERS}{NEW},样例乙六,emp_pension,1,440304\n"
PNG = b"\x89PNG\r\n\x1a\n made for tests"
REASON = "核对了身份证和户口本原件"


def scan(content: bytes = PNG, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def two(register) -> tuple[int, int]:
    """A household under one number, a cover under another; their keys."""
    put_in("440100", household=HOUSEHOLD)
    put_in("440300", insurance=COVER)
    return key(OLD), key(NEW)


@pytest.fixture
def officers(opened, two):
    """Two of the province, each with a purpose stated; and the keys."""
    first, second = opened("provincial_officer", "44", "first"), opened("provincial_officer", "44", "second")
    for one in (first, second):
        one.post(f"/people/{two[0]}/", {"purpose": "setting_right"})
    return first, second


def ask_merge(browser, two, **more) -> int:
    said = {"keep": two[0], "reason": REASON, "paper_label": "户口本", "papers": [scan()], **more}
    answer = browser.post(f"/people/{two[0]}/merge/{two[1]}/", said)
    assert answer.status_code == 302, answer.content.decode()
    return int(re.search(r"/requests/(\d+)/", answer.headers["Location"])[1])


def test_a_merge_asked_by_one_is_approved_by_another_and_undone(officers, two):
    first, second = officers
    assert first.post(f"/people/{two[0]}/merge/", {"number": NEW}).headers["Location"] == (
        f"/people/{two[0]}/merge/{two[1]}/"
    )
    desk = first.read(f"/people/{two[0]}/merge/{two[1]}/")
    assert f'value="{two[0]}" checked' in desk and OLD not in desk and "深圳市" in desk
    request = ask_merge(first, two)
    assert "同意</button>" not in first.read(f"/requests/{request}/")
    assert first.post(f"/requests/{request}/approve/", {}).status_code == 403
    page = second.read(f"/requests/{request}/")
    assert "同意</button>" in page and REASON in page and "户口本" in page and "两份登记" in page
    assert "已同意" in second.say(f"/requests/{request}/approve/", answer="")
    assert person(OLD)["registration_status"] == "1"
    kept = second.read(f"/people/{two[1]}/")
    assert f'href="/requests/{request}/"' in kept and "全部号码" in kept
    undone = first.post(f"/requests/{request}/undo/", {"reason": "后来发现不是一个人"})
    assert undone.status_code == 302
    second.say(f"{undone.headers['Location']}approve/")
    assert (person(OLD)["registration_status"], person(NEW)["registration_status"]) == ("2", "3")
    assert read_rows("SELECT state FROM registry_request ORDER BY id") == [{"state": "approved"}] * 2
