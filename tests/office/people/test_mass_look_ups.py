"""Nobody carries the register away: every way of seeing people counts against one budget, and alarms go in time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from people_made import (
    AREAS,
    FOSHAN,
    PROVINCE,
    SHENZHEN,
    Desk,
    Made,
    cover,
    let_in,
    next_page,
    officer,
    person_id,
    provincial,
    villager,
)
from test_people_exports import cells

from canbao.law.duties import read_duties
from canbao.registry import conflicts, lookup, quotas
from canbao.registry.access import Refused, acting
from canbao.registry.actions import canaries
from canbao.registry.deeds import Note
from canbao.registry.models import Conflict

DUTIES = read_duties().duties
MOST = 10
LETTERS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
TOWN = {"village": "440604012001", "town": "440604012", "county": "440604", "city": "440600"}


@pytest.fixture
def townsfolk(register, monkeypatch) -> list[Made]:
    """Twenty people of one village with names that nobody else has; eight of them in conflict."""
    for duty in DUTIES.values():
        monkeypatch.setitem(DUTIES, duty.id, duty.model_copy(update={"people_a_day": min(duty.people_a_day, MOST)}))
    people = [villager(order, f"{letter}独一{letter}") for order, letter in enumerate(LETTERS, start=1)]
    let_in(PROVINCE, people)
    let_in(
        SHENZHEN,
        [
            Made(one.ssn, "别名", {"admin_division_code": "440305"}, [cover("emp_medical", "440305")])
            for one in people[:3]
        ],
    )
    let_in(FOSHAN, [*people[:15], *(Made(one.ssn, "另名", dict(one.items)) for one in people[15:])])
    return people


def crawled(desk: Desk, people: list[Made]) -> tuple[set[str], set[str]]:
    """Whom a crawler gets to know through every channel there is: one by one, and by the household list."""
    seen: set[str] = set()

    def take(answer) -> None:
        if answer.status_code == 200:
            seen.update(names_in(answer, people))

    for level in ("", *TOWN):
        answer = desk.look_for(**({level: TOWN[level]} if level else {}))
        take(answer)
        while next_page(answer):
            answer = desk.get(f"/people/found/{next_page(answer)}")
            take(answer)
        take(desk.post("/people/export/"))
    for one in people:
        take(desk.look_for(number=one.ssn))
        take(desk.look_for(name=one.name))
        id_ = person_id(one.ssn)
        take(desk.get(f"/people/{id_}/"))
        take(desk.post(f"/people/{id_}/whole/", {"purpose": "counter"}))
        take(desk.get(f"/people/{id_}/why/disposition/"))
        for address in ("split/", "correction/", "objection/", f"merge/{person_id(people[-1].ssn)}/"):
            take(desk.get(f"/people/{id_}/{address}"))
        take(desk.post(f"/people/{id_}/merge/", {"number": people[-1].ssn}, follow=True))
        take(desk.post(f"/people/{id_}/merge/{person_id(people[-1].ssn)}/whole/"))
        for address in (f"/audit/people/{id_}/", f"/audit/people/{id_}/csv/"):
            take(desk.get(address))
        take(desk.post("/audit/person/", {"person": one.ssn}, follow=True))
    for address in (
        "/",
        "/conflicts/?state=all",
        "/packages/",
        "/packages/1/",
        "/packages/1/errors/",
        "/works/",
        "/alarms/",
    ):
        take(desk.get(address))
    for one in Conflict.objects.all():
        take(desk.get(f"/conflicts/{one.pk}/"))
    listed: set[str] = set()
    for city in ("440600", "440300", "440600"):
        answer = desk.post("/household-lists/", {"city": city, "encoding": "gb18030"})
        if answer.status_code == 200:
            text = b"".join(answer.streaming_content).decode("gb18030")
            listed |= {one.ssn for one in people if one.ssn in text}
    return seen, listed


def names_in(answer, people: list[Made]) -> set[str]:
    """Who is named in an answer, but for what the crawler itself had typed into its forms."""
    if "spreadsheet" in answer.headers["Content-Type"]:
        text = "\n".join(str(cell) for row in cells(answer.content) for cell in row)
    else:
        text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return {one.ssn for one in people if one.name in text or one.ssn in text}


def alarms(account: str) -> list[tuple[str, float]]:
    """An account's alarms, each with the seconds since the line before it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT action, late FROM (SELECT action, account, extract(epoch FROM at - lag(at) OVER (ORDER BY number)) "
            "AS late FROM audit_log) AS line WHERE account = %s AND action LIKE 'alarm.%%'",
            [account],
        )
        return [(action, float(late)) for action, late in cursor.fetchall()]


@pytest.mark.parametrize("duty", [*DUTIES])
def test_a_crawler_gets_no_more_than_the_budget_and_is_noticed(townsfolk, duty):
    known = DUTIES[duty]
    canary = person_id(townsfolk[0].ssn)
    canaries.mark(person_id=canary, by=officer("auditor", "44", "watcher"))
    level = known.levels[0]
    desk = Desk(officer(duty, AREAS[level], f"crawler-{duty}")).state()
    seen, listed = crawled(desk, townsfolk)

    may_look = "person.see" in known.may
    assert len(seen) == (MOST if may_look else 0)
    assert len(listed) == (len(townsfolk) if known.cities_a_day else 0)
    raised = alarms(desk.by.username)
    kinds = [kind for kind, _ in raised]
    assert all(0 <= late < 60 for _, late in raised)
    assert kinds.count("alarm.quota") == kinds.count("alarm.beyond") == (1 if may_look else 0)
    assert ("alarm.household_list" in kinds) == bool(listed)
    assert ("alarm.canary" in kinds) == (townsfolk[0].ssn in seen | listed)


def test_two_cities_lists_a_day_are_too_many(townsfolk):
    let_in(PROVINCE, [*townsfolk, villager(90, "南山人", hukou_division_code="440305")])
    desk = Desk(officer("provincial_officer", "44"))
    form = {"encoding": "gb18030"}
    assert desk.post("/household-lists/", {**form, "city": "440300"}).status_code == 200
    refused = desk.post("/household-lists/", {**form, "city": "440600"})
    assert refused.status_code == 403 and "最多下载 1 个市" in refused.content.decode()
    assert desk.post("/household-lists/", {**form, "city": "440300"}).status_code == 200


def test_many_requests_at_once_count_each_other(townsfolk):
    by = officer("town_clerk", "440604012")
    ids = [person_id(one.ssn) for one in townsfolk]

    def look(id_: int) -> bool:
        try:
            return lookup.record(id_, by=by, purpose="counter") is not None
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(look, ids)) == MOST
    assert quotas.seen_today(by) == MOST


def test_whoever_watches_over_the_area_sees_the_alarm_and_nobody_else(townsfolk):
    clerk = Desk(officer("town_clerk", "440604012", "too.curious"))
    for one in townsfolk[: MOST * 8 // 10]:
        assert not alarms("too.curious")
        clerk.look_for(number=one.ssn)
    assert [kind for kind, _ in alarms("too.curious")] == ["alarm.quota"]
    for duty, area, sees in (
        ("auditor", "4406", True), ("security_administrator", "440604", True), ("auditor", "44", True),
        ("auditor", "4403", False), ("security_administrator", "440605", False),
    ):  # fmt: skip
        desk = Desk(officer(duty, area))
        home, page = desk.get("/").content.decode(), desk.get("/alarms/").content.decode()
        assert ("too.curious" in page and "当天查看的人数将到上限" in page) == sees
        assert re.search(rf'警报</div>\s*<div class="big">{int(sees)}<', home)
        if duty == "auditor":
            assert ("too.curious" in desk.get("/audit/").content.decode().split("某用户做过什么")[0]) == sees
    assert Desk(officer("county_officer", "440604")).get("/alarms/").status_code == 403


def test_an_auditor_marks_canaries_of_the_own_area_and_officers_do_not_see_which(townsfolk):
    one = townsfolk[3]
    id_ = person_id(one.ssn)
    near, far = Desk(officer("auditor", "4406")), Desk(officer("auditor", "4401"))
    for written in (str(id_), one.ssn):
        assert "本范围内没有这个人" in far.post("/canaries/", {"person": written}, follow=True).content.decode()
        assert f"人员 {id_} 已设为诱饵" in near.post("/canaries/", {"person": written}, follow=True).content.decode()
    assert (
        f">{id_}</a>" in near.get("/canaries/").content.decode()
        and one.name not in near.get("/canaries/").content.decode()
    )
    assert f">{id_}</a>" not in far.get("/canaries/").content.decode()
    clerk = Desk(officer("town_clerk", "440604012")).state()
    assert "诱饵" not in clerk.get(f"/people/{id_}/").content.decode()
    assert [kind for kind, _ in alarms(clerk.by.username)] == ["alarm.canary"]
    assert far.post(f"/canaries/{id_}/unmark/").status_code == 403
    assert near.post(f"/canaries/{id_}/unmark/").status_code == 302
    clerk.get(f"/people/{id_}/")
    assert len(alarms(clerk.by.username)) == 1


def test_a_canary_in_the_list_of_conflicts_raises_an_alarm(townsfolk):
    canaries.mark(person_id=person_id(townsfolk[0].ssn), by=officer("auditor", "44"))
    by = officer("city_data_officer", "4403")
    conflicts.listed(by=by)
    assert [kind for kind, _ in alarms(by.username)] == ["alarm.canary"]


def test_the_share_of_the_budget_is_the_installations_own(townsfolk, tmp_path, monkeypatch):
    own = tmp_path / "own.yaml"
    own.write_text("quota_percent: 20\nunusual: {people: 3}\n", encoding="utf-8")
    monkeypatch.setenv("CANBAO_AUDIT_THRESHOLDS", str(own))
    by = officer("town_clerk", "440604012")
    note = Note()
    with acting(by.area, by):
        quotas.count_as_seen([person_id(townsfolk[0].ssn)], by, note)
        assert note.alarms == []
        quotas.count_as_seen([person_id(townsfolk[1].ssn)], by, note)
    assert [(one.kind, one.details) for one in note.alarms] == [("quota", {"seen": 2, "most": MOST})]


def test_an_error_list_goes_to_its_own_sender_alone(townsfolk, settings_changed, tmp_path):
    from canbao.office.packages import spool
    from canbao.registry.models import Package

    settings_changed(SPOOL=tmp_path)
    package = Package.objects.create(
        division_code=FOSHAN,
        file_name="x",
        size=1,
        sha256="x",
        state="refused",
        faults=["错"],
        received_by=provincial(),
    )
    spool.error_file(package.pk).parent.mkdir(parents=True, exist_ok=True)
    spool.error_file(package.pk).write_bytes(townsfolk[0].ssn.encode())
    address = f"/packages/{package.pk}/errors/"
    for duty, area, status in (
        ("city_data_officer", "4406", 200), ("provincial_officer", "44", 403), ("supervisor", "4406", 403),
        ("city_data_officer", "4403", 404),
    ):  # fmt: skip
        desk = Desk(officer(duty, area))
        assert desk.get(address).status_code == status
        page = desk.get(f"/packages/{package.pk}/").content.decode()
        assert (address in page) == (status == 200)
