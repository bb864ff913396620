"""Home counts what waits within the officer's area, and only what the duty may see."""

from __future__ import annotations

import re

from django.db import connections
from office_browsers import make_officer

from canbao.registry.models import Conflict, Package, Work


def waiting_in(division: str, number: int) -> None:
    by = make_officer("city_data_officer", division[:4], f"of{number}")
    package = Package.objects.create(
        division_code=division, file_name="x", size=1, sha256=str(number), state="checked", received_by=by
    )
    Conflict.objects.create(
        person_id=number, division_code=division, kind="name", reference_name="甲", other_name="乙", package=package
    )
    Work.objects.create(kind="admit", label="准入", area=division[:4], asked_by=by)


def counts(page: str) -> dict[str, str]:
    cards = re.findall(r"</svg>([^<]+)</div>\s*<div class=\"big\">([\d,]+)", page)
    return {label.strip(): number for label, number in cards}


def test_the_province_sees_all_that_waits(opened):
    browser = opened("provincial_officer")
    waiting_in("440600", 1)
    waiting_in("440100", 2)
    found = counts(browser.read("/"))
    assert found == {
        "待准入数据包": "2",
        "待核准争议": "2",
        "待处理重复参保": "0",
        "待我决定的申请": "0",
        "运行中的后台任务": "2",
        "今天查看的人数": "0",
    }


def test_a_city_sees_its_own(opened):
    browser = opened("city_data_officer", "4406")
    waiting_in("440600", 1)
    waiting_in("440100", 2)
    found = counts(browser.read("/"))
    assert found == {
        "等待省级准入的数据包": "1",
        "待核准争议": "1",
        "待处理重复参保": "0",
        "待我决定的申请": "0",
        "运行中的后台任务": "1",
        "今天查看的人数": "0",
    }


def test_a_county_supervisor_counts_what_the_citys_pages_list(opened):
    browser = opened("supervisor", "440604")
    waiting_in("440600", 1)
    waiting_in("440100", 2)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO person (id, ssn, is_household, qualities, open_conflict, judged_on, areas, home, version) "
            "VALUES (1, '1', true, 0, true, '2026-01-01', '|440604', '440604', 1)"
        )
    found = counts(browser.read("/"))
    assert found == {
        "等待省级准入的数据包": "1",
        "待核准争议": "1",
        "待处理重复参保": "0",
        "运行中的后台任务": "1",
        "待复核紧急查询": "0",
    }
    listed = {
        address: browser.read(address).split("<tbody>")[1] for address in ("/packages/", "/works/", "/conflicts/")
    }
    assert [rows.count("<tr>") for rows in listed.values()] == [1, 1, 1]
    assert "停止" not in listed["/works/"]


def test_a_refused_work_is_called_so(opened):
    browser = opened("supervisor", "4406")
    waiting_in("440600", 1)
    Work.objects.update(state="refused")
    page = browser.read("/works/")
    assert "已退回" in page and "refused" not in page


def test_duties_without_such_work_see_none(opened):
    browser = opened("analyst")
    waiting_in("440600", 1)
    assert counts(browser.read("/")) == {}


def test_an_account_without_a_duty_is_told_what_to_do(opened):
    assert "还没有岗位" in opened("none", "4406", "new").read("/")
