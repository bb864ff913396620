"""Evidence taken at a desk, a log extract by an auditor, and who looked at a record printed for the insured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from evidence_made import auditor, county, log_rows, record_of, verified
from office_journeys import PICTURES, fits, sit_down
from office_site import browsing_at, serving
from people_made import Desk, officer, rows_of
from playwright.sync_api import expect

from canbao.office.people.lookers import WORDS
from canbao.registry.actions import canaries
from canbao.registry.evidence.log_lines import told

TODAY = timezone.localdate()


@pytest.fixture
def looked_at(cities, state) -> int:
    """A person at whom several officers have looked, one was refused, and whose record is a canary."""
    id_ = cities.own_id
    canaries.mark(person_id=id_, by=auditor())
    for duty, area, purpose in (
        ("town_clerk", "440604012", "counter"),
        ("city_data_officer", "4403", "package"),
        ("provincial_officer", "44", "supervision"),
    ):
        desk = Desk(officer(duty, area, f"zhang.san.{area}")).state(purpose)
        desk.look_for(purpose, number=cities.own.ssn)
        desk.get(f"/people/{id_}/")
        desk.post(f"/people/{id_}/whole/", {"purpose": purpose})
        desk.post(f"/people/{id_}/whole/", {"purpose": ""})
    Desk(auditor()).get(f"/audit/people/{id_}/")
    record_of(id_, officer("county_officer", "440604", "li.si"))
    return id_


def looks_of(answer) -> list[list[str]]:
    return [cells for cells in rows_of(answer) if cells]


def test_the_page_tells_where_and_in_which_duty_and_never_who(looked_at, cities):
    answer = Desk(county()).get(f"/people/{looked_at}/lookers/")
    page, rows = answer.content.decode(), looks_of(answer)
    assert len(rows) == 10 and "共 10 次" in page and "no-store" in answer["Cache-Control"]
    assert [cells[1:5] for cells in rows[:4]] == [
        ["佛山市禅城区", "县级经办", "出具证明材料", "窗口办理"],
        ["广东省", "省级经办", "查看完整登记", "监督检查"],
        ["广东省", "省级经办", "查看登记（部分遮盖）", "监督检查"],
        ["广东省", "省级经办", "查询时在结果中列出（部分遮盖）", "监督检查"],
    ]
    numbers = [int(cells[5]) for cells in rows]
    told = log_rows("number = ANY(%s)", numbers)
    assert numbers == sorted(numbers, reverse=True) and {line["decision"] for line in told} == {"allowed"}
    assert "欧***" in page and cities.own.ssn not in page and cities.own.name not in page
    printed = page[page.index("handed-out") : page.index("</main>")]
    for hidden in ("zhang.san", "li.si", "测试员", "诱饵", "审计员", "拒绝"):
        assert hidden not in printed, hidden


def test_the_page_is_a_deed_of_its_own_and_shows_itself_next_time(looked_at):
    desk = Desk(county())
    desk.get(f"/people/{looked_at}/lookers/")
    line = log_rows("action = 'person.lookers'")[-1]
    assert (line["purpose"], line["objects"]) == ("objection", [f"person:{looked_at}"])
    assert looks_of(desk.get(f"/people/{looked_at}/lookers/"))[0][3:5] == ["打印本查询记录", "答复本人查询"]


def test_the_days_are_asked_for_and_odd_ones_refused(looked_at):
    desk, address = Desk(county()), f"/people/{looked_at}/lookers/"
    before = TODAY - timedelta(days=30)
    page = desk.get(f"{address}?since={before}&until={TODAY - timedelta(days=1)}").content.decode()
    assert "这段时间没有人查询过" in page and str(before) in page
    assert desk.get(f"{address}?since={TODAY}&until={before}").status_code == 403
    odd = desk.get(f"{address}?since=x")
    assert (
        odd.status_code == 200
        and "invalid-feedback" in odd.content.decode()
        and "handed-out" not in odd.content.decode()
    )


def test_an_unknown_person_is_not_found_and_duties_without_it_are_refused(cities, state):
    desk, form = Desk(county()), {"purpose": "counter", "receiver": "法院"}
    assert desk.get("/people/999999/lookers/").status_code == 404
    assert desk.post("/people/999999/evidence/", form).status_code == 404
    assert desk.get(f"/people/{cities.foreign_id}/lookers/").status_code == 404
    assert desk.post(f"/people/{cities.foreign_id}/evidence/", form).status_code == 404
    village = Desk(officer("village_clerk", "440604012001")).state()
    for address in ("lookers", "evidence"):
        assert village.get(f"/people/{cities.own_id}/{address}/").status_code == 403
        assert f"/people/{cities.own_id}/{address}/" not in village.get(f"/people/{cities.own_id}/").content.decode()
    town = Desk(officer("town_clerk", "440604012")).state()
    page = town.get(f"/people/{cities.own_id}/").content.decode()
    assert "谁查询过" in page and "出具证明材料" not in page


@pytest.mark.parametrize(("form", "words"), [
    ({"purpose": "", "receiver": "法院"}, "用途"), ({"purpose": "counter", "receiver": " "}, "必填"),
    ({"purpose": "curiosity", "receiver": "法院"}, "curiosity"), ({}, "必填"),
])  # fmt: skip
def test_a_form_without_purpose_or_receiver_gives_no_container(cities, state, form, words):
    answer = Desk(county()).post(f"/people/{cities.own_id}/evidence/", form)
    page = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html") and "invalid-feedback" in page and words in page
    assert log_rows("action = 'evidence.take'") == []


def test_a_number_among_the_words_is_refused_with_the_reason(cities, state):
    form = {"purpose": "counter", "receiver": cities.own.ssn}
    refused = Desk(county()).post(f"/people/{cities.own_id}/evidence/", form)
    assert refused.status_code == 403 and "身份号码" in refused.content.decode()
    assert cities.own.ssn not in refused.content.decode()


def test_an_auditor_takes_an_extract_of_the_log(looked_at, state):
    desk, form = Desk(auditor()), {"purpose": "supervision", "receiver": "省纪委", "since": TODAY, "until": TODAY}
    assert f"/audit/people/{looked_at}/evidence/" in desk.get(f"/audit/people/{looked_at}/").content.decode()
    assert "全部条目" in desk.get(f"/audit/people/{looked_at}/evidence/").content.decode()
    answer = desk.post(f"/audit/people/{looked_at}/evidence/", form)
    assert answer["Content-Type"] == "application/zip" and "no-store" in answer["Cache-Control"]
    assert verified(answer.content, state).faults == []
    assert desk.post("/audit/people/999999/evidence/", form).status_code == 403
    wrong = desk.post(f"/audit/people/{looked_at}/evidence/", {**form, "since": "x"})
    assert "invalid-feedback" in wrong.content.decode()
    assert Desk(county()).post(f"/audit/people/{looked_at}/evidence/", form).status_code == 403


@pytest.fixture
def seat(looked_at) -> str:
    return Desk(county()).state().session.session_key


@pytest.fixture
def site(seat) -> Iterator[str]:
    with serving() as address:
        yield address


def test_at_the_counter(site, seat, looked_at, state, tmp_path):
    with browsing_at(site) as page:
        sit_down(page, seat)
        page.goto(f"/people/{looked_at}/")
        page.get_by_role("link", name="出具证明材料").click()
        page.get_by_label("用途").select_option("counter")
        page.get_by_label("接收的单位或个人").fill("佛山市禅城区人民法院")
        fits(page, "evidence")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="出具并下载").click()
        waiting.value.save_as(tmp_path / "taken.zip")
        assert re.fullmatch(r"evidence-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.zip", waiting.value.suggested_filename)
        page.goto(f"/people/{looked_at}/")
        page.get_by_role("link", name="谁查询过").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("谁查询过我的登记")
        expect(page.locator("tbody tr")).to_have_count(13)
        fits(page, "lookers")
        page.emulate_media(media="print")
        expect(page.locator(".watermark")).to_be_hidden()
        expect(page.locator(".office-bar")).to_be_hidden()
        page.pdf(path=Path(PICTURES or tmp_path) / "lookers.pdf", format="A4")
    assert verified((tmp_path / "taken.zip").read_bytes(), state).faults == []


def test_everything_that_is_told_has_words():
    assert set(told()) == set(WORDS)
