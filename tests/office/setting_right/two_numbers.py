"""A made person under two numbers, and how the pages are asked to set that right."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from office_browsers import Browser

OLD, NEW, THIRD = "440106198503030335", "440106198503030319", "440106198503030351"
HOUSEHOLD = f"ssn,name,hukou_division_code,hukou_address,mobile\n{OLD},样例乙六,440106,某路1号,13800138000\n"
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
COVER = f"{COVERS}{NEW},样例乙六,emp_pension,1,440304\n"
PNG = b"\x89PNG\r\n\x1a\n made for tests"
REASON = "核对了身份证和户口本原件"


def scan(content: bytes = PNG, name: str = "a.png") -> SimpleUploadedFile:
    """A paper to hand in."""
    return SimpleUploadedFile(name, content)


def ask_merge(browser: Browser, keep: int, other: int, **more: object) -> int:
    """Ask for a merge at the desk; returns the request's key."""
    said = {"keep": keep, "reason": REASON, "paper_label": "户口本", "papers": [scan()], **more}
    return request_of(browser.post(f"/people/{keep}/merge/{other}/", said))


def request_of(answer) -> int:
    """The key of the request to whose page an answer leads."""
    assert answer.status_code == 302, answer.content.decode()
    return int(re.fullmatch(r"/requests/(\d+)/", answer.headers["Location"])[1])
