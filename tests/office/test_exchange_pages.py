"""Data exchange in the office: the streams, one of them, and the desk for rows that lie aside."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from office_browsers import PASSWORD
from office_site import WIDTHS, browsing_at, serving

from canbao.office.exchange.showing import bars, seconds, span, subject
from canbao.office.people.showing import label_of
from canbao.registry.models import Agreement, Partner
from canbao.registry.streams.overseeing import raise_due_alarms
from canbao.registry.streams.watching import HourOfDay
from cleaning_desk import number
from partner_desk import agreed, partner
from push_desk import ONE, TWO, carried, cover, household, push, row
from register_desk import asked, person
from setting_desk import corrected, put_in


@pytest.fixture
def foshan(register) -> Partner:
    """A partner of Foshan with a row that was taken, one under another name, and one about nobody, numbers later."""
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    retired = {**row({"ssn": TWO, "name": "李四"}, source="retirement"), "seq": 1_000_000}
    push(made, row(cover()), row(cover(name="王五", insurance_type="work_injury")), retired)
    carried(made)
    return made


def ids() -> list[int]:
    return [one["id"] for one in asked("SELECT id FROM inbox WHERE state = 'aside' ORDER BY id")]


def decide(browser, decision: str, *rows: int, **more: str) -> str:
    answer = browser.post("/exchange/aside/decide/", {"decision": decision, "row": rows, **more}, follow=True)
    return answer.content.decode()


def test_streams_are_shown_with_their_state_and_what_became_of_rows(opened, foshan):
    page = opened("city_data_officer", "4406").read("/exchange/")
    assert foshan.label in page and "缺号" in page and f"?partner={foshan.pk}" in page
    one = opened("supervisor", "44").read(f"/exchange/{foshan.pk}/")
    assert "<svg" in one and "还缺" in one and "采用" in one
    assert "搁置的 2 条" not in one  # who only watches has no way to the desk
    assert number(1) not in page + one and "张三" not in page + one


def test_a_stream_of_another_area_is_not_there(opened, foshan):
    browser = opened("city_data_officer", "4403")
    assert "没有合作系统" in browser.read("/exchange/")
    assert browser.get(f"/exchange/{foshan.pk}/").status_code == 404
    assert browser.get("/exchange/99999999999999999999/").status_code == 404


def test_a_stream_in_trouble_is_red_and_its_alarm_is_on_the_alarms_page(opened, foshan):
    Agreement.objects.update(since=timezone.now() - timedelta(days=30))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inbox_sequence SET heard_at = now() - interval '10 days'")
    assert raise_due_alarms() == ["exchange_silent"]
    page = opened("auditor", "4406").read("/alarms/")
    assert "合作系统久未联系" in page and "小时数：240" in page
    assert '<span class="badge bg-red-lt">久未联系</span>' in opened("city_data_officer", "4406").read("/exchange/")


def test_rows_that_lie_aside_are_masked_with_their_reason(opened, foshan):
    browser = opened("city_data_officer", "4406")
    page = browser.read("/exchange/aside/")
    assert "440***" in page and ONE not in page and TWO not in page
    assert "王*" in page and "王五" not in page and "张三" not in page
    assert "姓名与登记的不一致" in page and "工伤" in page
    assert f"/people/{person(ONE)['id']}/correction/" in page  # another name is set right there, not here
    table = browser.read("/exchange/aside/?reason=unknown").split("<tbody>")[1]
    assert "李*" in table and "王*" not in table
    assert "没有搁置的推送" in browser.read(f"/exchange/aside/?partner={foshan.pk + 1}")


def test_rows_are_tried_again_or_not_taken(opened, foshan):
    browser = opened("city_data_officer", "4406")
    name, unknown = ids()
    assert "请写明理由" in decide(browser, "drop", unknown)
    assert "没有选中" in decide(browser, "again")
    assert "1 条不予采用" in decide(browser, "drop", unknown, reason="来源系统的号码写错了")
    corrected(ONE, name="王五")
    assert "1 条重新排队" in decide(browser, "again", name, partner=str(foshan.pk), only="name")
    assert carried(foshan) == {"taken": 1} and ids() == []
    assert "没有选中" in decide(browser, "again", unknown)
    log = opened("auditor", "4406").read(f"/audit/officers/{browser.officer.pk}/")
    assert "搁置的推送再试" in log and "搁置的推送不予采用" in log and "查看搁置的推送" in log


def test_rows_of_another_area_are_not_decided(opened, foshan):
    browser = opened("city_data_officer", "4403")
    assert "没有选中" in decide(browser, "drop", *ids(), reason="来源系统写错了") and len(ids()) == 2


def test_time_and_bars_in_words_and_figures():
    said = [span(timedelta(seconds=many)) for many in (0, 0.01, 2.5, 42, 90, 7_300, 200_000)]
    assert said == ["0 秒", "0.1 秒", "2.5 秒", "42 秒", "1 分钟", "2 小时", "2 天"] and seconds(None) == "—"
    now = timezone.now()
    low, high = bars([HourOfDay(now, 0, 0, 0), HourOfDay(now, 5, 3, 1)])
    assert (low.settled, low.aside, low.is_named) == (0, 0, True)
    assert (high.settled, high.aside, high.aside_y) == (75, 25, 0)
    assert subject("item:mobile") == label_of("mobile")
    assert "440604" not in subject("insurance:emp_pension:440604") and subject("death") != "death"


def test_the_pages_fit_screens_and_phones(opened, foshan, tmp_path):
    clerk = opened("city_data_officer", "4406", "clerk").officer
    folder = os.environ.get("CANBAO_PICTURES", str(tmp_path))
    with serving() as site, browsing_at(site) as page:
        page.goto("/sign-in/")
        page.fill("[name=username]", clerk.username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button, form button")
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            for name, address in (("streams", ""), ("stream", f"{foshan.pk}/"), ("aside", "aside/")):
                page.goto(f"/exchange/{address}")
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
