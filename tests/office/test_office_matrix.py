"""Every page × every duty × own, lower, sibling and foreign area, held to the law's duties and to nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.urls import URLPattern, get_resolver
from office_browsers import Browser

from canbao.law.duties import read_duties
from canbao.office.pages import EVERYONE
from canbao.registry import lookup
from canbao.registry.access import working
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.papers import File
from canbao.registry.models import Conflict, Package, Paper, Work
from cities import written_city
from cleaning_desk import number
from kept_register import made_once
from people_of_office import officer
from register_desk import admitted

DUTIES = read_duties()
AREAS = {
    "province": ["44"],
    "city": ["4406", "4401", "4403"],
    "county": ["440604", "440605", "440106"],
    "town": ["440604010", "440106001"],
    "village": ["440604010001", "440106001001"],
}
HEADS = (
    "ssn,name,hukou_address,residence_address,hukou_division_code,hukou_town_name,hukou_town_code,"
    "hukou_village_name,hukou_village_code,vital_status,mobile\n"
)
FOSHAN, NANHAI, GUANGZHOU = number(1), number(1, region="440605"), "440106198503030335"
ANCHORS = {
    FOSHAN: ["440604010001", "4406"],
    NANHAI: ["440605", "4406"],
    GUANGZHOU: ["440106001001", "4401", "440304", "4403"],
}
"""Whose officers may see each made person: the household's place, and the divisions that report."""
NAMES = {FOSHAN: "样例甲一", NANHAI: "样例甲二", GUANGZHOU: "样例乙六"}


def household(ssn: str, county: str, town: str = "", village: str = "") -> str:
    return f"{ssn},{NAMES[ssn]},某处1号,某处1号,{county},某街道,{town},某社区,{village},1,13800138000\n"


@pytest.fixture(scope="session")
def three_cities(tmp_path_factory) -> list[Path]:
    """What three cities have cleaned: Foshan's household, Guangzhou's, and Shenzhen's covers of people of both."""
    folder = tmp_path_factory.mktemp("three")
    foshan = household(FOSHAN, "440604", "440604010", "440604010001") + household(NANHAI, "440605")
    guangzhou = household(GUANGZHOU, "440106", "440106001", "440106001001")
    covers = "ssn,name,insurance_type,contrib_status,payer_category,region_code\n"
    shenzhen = "".join(
        f"{ssn},{name},emp_pension,1,U,440304\n" for ssn, name in ((GUANGZHOU, NAMES[GUANGZHOU]), (FOSHAN, "别的名字"))
    )
    return [
        written_city(folder / "fs", "440600", household=HEADS + foshan).out,
        written_city(folder / "gz", "440100", household=HEADS + guangzhou).out,
        written_city(folder / "sz", "440300", insurance=covers + shenzhen).out,
    ]


@pytest.fixture
def province(register, three_cities) -> dict[str, int]:
    """Three people of three places, a conflict, packages and work; gives each number's person."""

    def admit() -> None:
        for out in three_cities:
            admitted(out)
        Work.objects.create(kind="x", label="数据包 1", area="4406", asked_by=Package.objects.first().received_by)

    made_once("three cities", admit)
    with working("44"), connection.cursor() as cursor:
        cursor.execute("SELECT ssn, id FROM person")
        return dict(cursor.fetchall())


def sees(area: str, ssn: str) -> bool:
    return any(anchor.startswith(area) for anchor in ANCHORS[ssn])


def pages() -> list[URLPattern]:
    return [
        pattern for pattern in get_resolver().url_patterns[0].url_patterns if hasattr(pattern.callback, "permission")
    ]


def plain(content: bytes) -> bytes:
    """A page without what differs from request to request: tokens, the time, who asks."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"|[A-Za-z0-9]{64}|\d{2}:\d{2}', b"", content)


def signed_in(opened, duty: str, area: str) -> Browser:
    browser = opened(duty, area, f"tester-{duty}-{area}")
    browser.post("/people/", {"purpose": "counter", "number": FOSHAN})
    return browser


def held() -> list[tuple[str, str]]:
    return [(duty.id, area) for duty in DUTIES.duties.values() for level in duty.levels for area in AREAS[level]]


@pytest.fixture
def paper(province) -> Paper:
    """A paper of a request about somebody of Foshan, asked for in the county."""
    by = officer("county_officer", "440604", "asking")
    said = {"items": {"hukou_address": "某处2号"}, "reason": "核对了户口本原件"}
    scan = File("户口本", b"%PDF-1.7 made for tests")
    request = ask_correction(person_id=province[FOSHAN], papers=[scan], by=by, **said)
    with working():
        return Paper.objects.select_related("request").get(request=request)


@pytest.mark.parametrize("duty", list(DUTIES.duties))
def test_a_page_opens_only_for_duties_that_may(opened, province, paper, duty):
    arguments = {
        "person_id": province[FOSHAN], "other_id": province[GUANGZHOU], "package_id": 1, "conflict_id": 1,
        "work_id": 1, "item": "no_unit_type", "request_id": paper.request_id, "paper_id": paper.pk,
    }  # fmt: skip
    for place, area in enumerate(area for one, area in held() if one == duty):
        browser = signed_in(opened, duty, area)
        for pattern in pages():
            permission = pattern.callback.permission
            if permission == EVERYONE:
                continue
            address = "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(arguments.get(found[1], 1)), str(pattern.pattern))
            may = DUTIES.allows(duty, permission)
            if not may and place > 0:
                continue  # who may not, may not wherever they are: asked once, of each page
            for method in ("get", "post"):
                answer = getattr(browser, method)(address)
                assert may or answer.status_code == 403, (duty, area, method, address)
                assert answer.status_code < 500, (duty, area, method, address)


@pytest.mark.parametrize(("duty", "area"), [one for one in held() if DUTIES.allows(one[0], "person.see")])
def test_people_are_seen_in_their_places_and_nowhere_else(opened, province, duty, area):
    browser = signed_in(opened, duty, area)
    nobody = plain(browser.get("/people/999999/").content)
    for ssn, person in province.items():
        answer = browser.get(f"/people/{person}/")
        found = browser.post("/people/", {"purpose": "counter", "number": ssn}, follow=True).content.decode()
        named = browser.post("/people/", {"purpose": "counter", "name": NAMES[ssn]}, follow=True).content.decode()
        if sees(area, ssn):
            assert answer.status_code == 200 and NAMES[ssn] in answer.content.decode()
            assert f"/people/{person}/" in found and f"/people/{person}/" in named
        else:
            assert answer.status_code == 404 and plain(answer.content) == nobody
            assert f"/people/{person}/" not in found and f"/people/{person}/" not in named
            assert NAMES[ssn] not in found


@pytest.mark.parametrize(
    ("duty", "area"),
    [one for one in held() if DUTIES.allows(one[0], "request.see") and DUTIES.allows(one[0], "person.see")],
)
def test_requests_and_papers_are_seen_where_they_are_made_or_decided(opened, province, paper, duty, area):
    browser = signed_in(opened, duty, area)
    within = paper.request.area.startswith(area)
    for address in (f"/requests/{paper.request_id}/", f"/requests/{paper.request_id}/papers/{paper.pk}/"):
        assert browser.get(address).status_code == (200 if within else 404)
    assert (f'href="/requests/{paper.request_id}/"' in browser.read("/requests/")) == within
    if not within:
        for move in ("approve", "refuse", "take-back", "undo"):
            assert browser.post(f"/requests/{paper.request_id}/{move}/", {"answer": "核对过了"}).status_code == 404


@pytest.mark.parametrize("area", ["4406", "4401", "4403", "440604", "440605", "440106001"])
def test_the_database_shows_no_more_when_the_application_forgets_its_filters(province, area):
    """All tables of people, read whole by the application's role: the second lock alone."""
    visible = {person for ssn, person in province.items() if sees(area, ssn)}
    for table in ("person", "person_identifier", "person_fact", "insurance_fact", "evidence", "history"):
        key = "id" if table == "person" else "person_id"
        with working(area), connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT {key} FROM {table}")
            assert {row[0] for row in cursor.fetchall()} <= visible, table
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, f"{table} without an area"


@pytest.mark.parametrize("area", ["4406", "440605"])
def test_searching_leaks_nothing_with_each_filter_removed(opened, province, monkeypatch, area):
    """A mutant of the look-up that believes every place it is told."""
    monkeypatch.setattr(lookup, "_own_place", lambda place, area: place)
    browser = signed_in(opened, "city_data_officer" if len(area) == 4 else "county_officer", area)
    for place in ("44", "4401", "440106", "440106001"):
        for name in ("样例*", "别的*"):
            with working(area):
                question = lookup.Question(name=name, place=place)
                assert all(sees(area, one["ssn"]) for one in lookup._found(question, browser.officer.area))
    with working(area):
        assert lookup._found(lookup.Question(place="440106"), browser.officer.area) == []


def test_nobody_may_change_the_area_of_somebody_else_s_row(province):
    with pytest.raises(Exception, match="row-level security"), working("4406"), connection.cursor() as cursor:
        cursor.execute("UPDATE person SET areas = '|4401' WHERE ssn = %s", [FOSHAN])


def test_divisions_of_a_table_are_not_open_by_themselves(province):
    for part in ("person_00", "person_fact_05", "history_03"):
        with pytest.raises(Exception, match="permission denied"), working("44"), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {part}")


def test_a_held_statement_is_seen_at_the_desk_of_its_division_alone(opened, province):
    conflict = Conflict.objects.get()
    shenzhen, guangzhou = signed_in(opened, "city_data_officer", "4403"), signed_in(opened, "city_data_officer", "4401")
    desk = shenzhen.get(f"/conflicts/{conflict.pk}/")
    assert desk.status_code == 200 and "别的名字" in desk.content.decode()
    assert guangzhou.get(f"/conflicts/{conflict.pk}/").status_code == 404
    assert (
        guangzhou.post(f"/conflicts/{conflict.pk}/settle/", {"decision": "same", "reason": "就是同一人"}).status_code
        == 404
    )


def test_settling_counts_the_statement_in_and_is_not_asked_again(opened, province):
    conflict = Conflict.objects.get()
    shenzhen = signed_in(opened, "city_data_officer", "4403")
    shenzhen.post(f"/conflicts/{conflict.pk}/settle/", {"decision": "same", "reason": "核对了身份证原件"})
    with working("44"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, emp_pension_contrib_status, registration_status FROM person WHERE ssn = %s", [FOSHAN]
        )
        assert cursor.fetchone() == (NAMES[FOSHAN], "1", "1")
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decision) == ("settled", "same")


def test_every_look_up_is_on_the_log_with_its_purpose(opened, province):
    browser = signed_in(opened, "county_officer", "440604")
    browser.get(f"/people/{province[FOSHAN]}/")
    browser.get(f"/people/{province[GUANGZHOU]}/")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT objects, purpose, decision FROM audit_log WHERE action = 'person.see' ORDER BY number DESC LIMIT 2"
        )
        assert cursor.fetchall() == [([], "counter", "allowed"), ([f"person:{province[FOSHAN]}"], "counter", "allowed")]


def test_the_quota_stops_a_curious_officer(opened, province, monkeypatch):
    duties = read_duties()
    county = duties.duties["county_officer"]
    monkeypatch.setitem(duties.duties, "county_officer", county.model_copy(update={"people_a_day": 0}))
    answer = opened("county_officer", "440604").post("/people/", {"purpose": "counter", "number": FOSHAN}, follow=True)
    assert (
        answer.status_code == 403 and "上限" in answer.content.decode() and NAMES[FOSHAN] not in answer.content.decode()
    )


def test_masks_hide_number_mobile_and_address_until_a_purpose_is_named(opened, province):
    browser = signed_in(opened, "county_officer", "440604")
    masked = browser.get(f"/people/{province[FOSHAN]}/").content.decode()
    assert FOSHAN not in masked and "13800138000" not in masked and "1980-01-01" not in masked
    whole = browser.post(f"/people/{province[FOSHAN]}/whole/", {"purpose": "counter"}).content.decode()
    assert FOSHAN in whole and "13800138000" in whole
    assert browser.post(f"/people/{province[FOSHAN]}/whole/", {"purpose": ""}).status_code == 403


def test_no_page_grows_with_people_of_other_places(opened, province, tmp_path):
    """Metamorphic: what a scoped officer is told does not change with people who are none of theirs."""
    browser = signed_in(opened, "county_officer", "440605")
    asked = [{"purpose": "counter", "name": "样例*"}, {"purpose": "counter", "number": GUANGZHOU}]
    before = [plain(browser.post("/people/", question, follow=True).content) for question in asked]
    more = HEADS + household(FOSHAN, "440604", "440604010", "440604010001") + household(NANHAI, "440605")
    more += more.splitlines(keepends=True)[1].replace(FOSHAN, number(3))
    admitted(written_city(tmp_path / "more", "440600", household=more).out)
    assert [plain(browser.post("/people/", question, follow=True).content) for question in asked] == before
