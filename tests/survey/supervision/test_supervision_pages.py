"""The pages of supervision: what they say, where they lead, and what they keep to themselves."""

from __future__ import annotations

import io
import json

import pytest
from django.utils import timezone
from pypdf import PdfReader
from supervision_desk import marks_of, set_back, signed_in, under_way

from canbao.registry.access import working
from canbao.survey.models import Urge
from survey_desk import TOWN, VILLAGES, city_officer, clerk, county_officer, entered, tasks, who


@pytest.fixture
def campaign(people):
    """Two approved, two waiting, one remarkable."""
    campaign = under_way()
    entered(tasks(campaign, state="assigned")[0], mobile="13800138099")
    set_back("survey_task", "changed_at", 9)
    marks_of(campaign)
    return campaign


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_one_goes_down_from_the_city_to_the_village_and_to_its_tasks(campaign):
    browser, here = signed_in(city_officer()), f"/campaigns/{campaign.pk}/supervision/"
    page = read(browser, here)
    assert f'href="{here}?place=440604"' in page and "推算不了" in page and "没有地图" in page
    assert f'href="{here}?place={TOWN}"' in read(browser, f"{here}?place=440604")
    town = read(browser, f"{here}?place={TOWN}")
    assert f'href="{here}?place={VILLAGES[0]}"' in town and f'href="{here}?place=440604"' in town
    village = read(browser, f"{here}?place={VILLAGES[0]}")
    assert f"/campaigns/{campaign.pk}/tasks/?place={VILLAGES[0]}" in village and "调查甲" in village


def test_the_province_sees_counts_and_no_way_to_tasks(campaign):
    browser = signed_in(who("provincial_officer", "44"))
    page = read(browser, f"/campaigns/{campaign.pk}/supervision/")
    assert "禅城区" in page and "/tasks/" not in page and "催办</a>" not in page
    stuck = read(browser, f"/campaigns/{campaign.pk}/supervision/marked/stuck/")
    assert f'href="/tasks/{tasks(campaign)[-1].pk}/"' not in stuck and f">{tasks(campaign)[-1].pk}<" in stuck


def test_no_page_says_whose_a_task_is(campaign):
    browser, here = signed_in(county_officer()), f"/campaigns/{campaign.pk}/supervision/"
    for address in ("", "quality/", "marked/stuck/", "marked/returned/", "report/", "urge/"):
        page = read(browser, here + address)
        assert "样例1" not in page.replace("样例调查", "") and "13800" not in page and "某路" not in page


@pytest.mark.parametrize("address", ["marked/clumsy/", "map/"])
def test_what_is_not_there(campaign, address):
    read(signed_in(county_officer()), f"/campaigns/{campaign.pk}/supervision/{address}", 404)


def test_strange_questions_are_answered_with_one_s_own_area(campaign):
    browser, here = signed_in(county_officer()), f"/campaigns/{campaign.pk}/supervision/"
    for question in ("?place=44'--", "?place=%00", "?week=yesterday", "?week=9999-12-31", "?week=1900-01-01"):
        assert browser.get(f"{here}report/{question}").status_code == 200
    for question in ("?place=440605", "?surveyor=x&detail=%27", "?after=99999999999999999999", "?detail=" + "x" * 300):
        assert browser.get(f"{here}marked/returned/{question}").status_code == 200


def test_clerks_and_foreign_counties_are_not_let_in(campaign):
    read(signed_in(clerk()), f"/campaigns/{campaign.pk}/supervision/", 403)
    read(signed_in(who("county_officer", "440106")), f"/campaigns/{campaign.pk}/supervision/", 404)


def test_an_urge_letter_is_written_on_its_page(campaign):
    browser, address = signed_in(county_officer()), f"/campaigns/{campaign.pk}/supervision/urge/"
    assert f'value="{TOWN}" selected' in read(browser, f"{address}?place={TOWN}")
    said = {"place": TOWN, "words": "请抓紧录入收回的纸表"}
    assert browser.post(address, said).status_code == 302
    assert "请抓紧录入收回的纸表" in read(browser, address)
    again = browser.post(address, said)
    assert again.status_code == 400 and "天以内已经催办过" in again.content.decode()
    assert Urge.objects.count() == 1 and browser.post(address, {**said, "place": "440605"}).status_code == 400


def test_the_report_says_the_week_in_figures(campaign):
    page = read(signed_in(city_officer()), f"/campaigns/{campaign.pk}/supervision/report/?week={timezone.localdate()}")
    assert "要走访 12 人" in page and "通过 2 份" in page and "data-print" in page


def test_the_report_is_a_pdf_with_the_same_figures(campaign):
    answer = signed_in(city_officer()).get(f"/campaigns/{campaign.pk}/supervision/report/paper/")
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "要走访 12 人" in said and "通过 2 份" in said and "各地" in said


def test_a_map_is_drawn_where_the_installation_has_one(campaign, tmp_path, settings_changed):
    outlines = {"type": "FeatureCollection", "features": []}
    (tmp_path / "440600.json").write_text(json.dumps(outlines), encoding="utf-8")
    settings_changed(MAP_FOLDER=tmp_path)
    browser, here = signed_in(city_officer()), f"/campaigns/{campaign.pk}/supervision/"
    assert f'data-source="{here}map/"' in read(browser, here)
    assert "data-map" not in read(browser, f"{here}?place=440604")
    assert json.loads(read(browser, f"{here}map/")) == outlines
    (tmp_path / "440600.json").write_text("not a map", encoding="utf-8")
    assert "没有地图" in read(browser, here)


def test_each_look_is_on_the_log(campaign):
    browser = signed_in(county_officer())
    for address in ("", "quality/", "marked/stuck/", "report/"):
        read(browser, f"/campaigns/{campaign.pk}/supervision/{address}")
    from register_desk import asked

    with working():
        done = asked("SELECT action FROM audit_log WHERE action LIKE 'supervision.%%' ORDER BY number")
    assert [one["action"].partition(".")[2] for one in done] == ["pace", "quality", "marked", "weekly"]
