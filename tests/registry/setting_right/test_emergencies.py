"""Emergency access: elsewhere, for some hours, for some people, in sight of those who watch; reviewed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from test_protected_people import BESIDE, HIDDEN, NAMES, OTHER, SCAN, live_there, put_in

from canbao.core.place_changes import Row
from canbao.core.progress import IllegalMove
from canbao.law.duties import read_duties
from canbao.registry import auditing, emergencies, explaining, lookup
from canbao.registry.access import Refused
from canbao.registry.actions import emergencies as actions
from canbao.registry.actions import officers
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.models import Emergency, EmergencyMove, Officer
from canbao.registry.waiting import waiting_for
from people_of_office import officer
from place_desk import in_force
from protection_desk import protected
from register_desk import asked

REASON = "台风转移安置，需核对身份"


@pytest.fixture
def clerk(register) -> Officer:
    """A clerk of Foshan; three people live in Guangzhou."""
    put_in("440100", live_there(HIDDEN, OTHER, BESIDE))
    return officer("county_officer", "440604", "clerk")


@pytest.fixture
def open_one(clerk) -> Emergency:
    return actions.open_emergency(place="440106", reason=REASON, hours=2, by=clerk)


def key(ssn: str) -> int:
    return asked("SELECT id FROM person WHERE ssn = %s", ssn)[0]["id"]


def logged(*actions_: str) -> list[tuple[str, str, list[str], str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT action, purpose, objects, decision FROM audit_log WHERE action = ANY(%s) ORDER BY number",
            [list(actions_)],
        )
        return cursor.fetchall()


def test_a_county_that_came_since_is_a_place_to_look_in(clerk):
    in_force("new", Row("", "440119", "样例区"))
    assert actions.open_emergency(place="440119", reason=REASON, hours=1, by=clerk).place == "440119"


def test_people_of_the_place_are_found_and_of_no_other(open_one, clerk):
    assert lookup.people(lookup.Question(number=OTHER), by=clerk, purpose="counter") == []
    (found,) = lookup.people(lookup.Question(number=OTHER), by=clerk, purpose="", under=open_one)
    assert found["name"] == NAMES[OTHER]
    named = lookup.people(lookup.Question(name="样例*", place="440106"), by=clerk, purpose="", under=open_one)
    assert len(named) == 3
    assert lookup.record(key(OTHER), by=clerk, purpose="", under=open_one).person["ssn"] == OTHER
    assert lookup.unmasked(key(OTHER), by=clerk, purpose="", under=open_one)
    assert explaining.reason(key(OTHER), "disposition", by=clerk, purpose="", under=open_one)
    assert lookup.record(key(OTHER), by=clerk, purpose="counter") is None
    for question in (lookup.Question(place="440106"), lookup.Question(name="样例*", place="4401")):
        with pytest.raises(Refused):
            lookup.people(question, by=clerk, purpose="", under=open_one)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person")
        assert cursor.fetchone()[0] == 0


def test_each_look_is_on_the_log_with_the_emergency(open_one, clerk):
    lookup.record(key(OTHER), by=clerk, purpose="counter", under=open_one)
    (line,) = logged("person.see")
    assert line == ("person.see", "emergency", [f"emergency:{open_one.pk}", f"person:{key(OTHER)}"], "allowed")
    (seen,) = auditing.who_saw_person(key(OTHER), by=officer("auditor", "4401"))
    assert seen["purpose"] == "emergency" and seen["area"] == "440604"


def test_those_who_watch_over_the_officer_or_the_place_are_told_at_once(open_one):
    assert logged("alarm.emergency")[0][2] == ["alarm:emergency", f"emergency:{open_one.pk}"]
    for duty, area, sees in (
        ("security_administrator", "440604", True), ("auditor", "4406", True), ("auditor", "4401", True),
        ("security_administrator", "440106", True), ("auditor", "4403", False),
        ("security_administrator", "440605", False),
    ):  # fmt: skip
        assert bool(auditing.alarms(by=officer(duty, area))) == sees, (duty, area)


def test_it_waits_for_a_superior_and_is_overdue_in_time(open_one):
    superior, far = officer("supervisor", "4406"), officer("supervisor", "4401")
    assert waiting_for(superior).emergencies == []
    Emergency.objects.update(ends_at=timezone.now() - timedelta(hours=1))
    (waiting,) = waiting_for(superior).emergencies
    assert not emergencies.is_overdue(waiting) and waiting_for(far).emergencies == []
    Emergency.objects.update(ends_at=timezone.now() - timedelta(days=read_duties().emergency.review_days, hours=1))
    assert emergencies.is_overdue(waiting_for(superior).emergencies[0])
    actions.review(emergency=open_one, is_justified=False, words="与转移安置无关", by=superior)
    assert waiting_for(superior).emergencies == []
    moves = EmergencyMove.objects.order_by("pk").values_list("move", flat=True)
    assert list(moves) == ["open", "expire", "condemn"]
    with pytest.raises(IllegalMove):
        actions.review(emergency=open_one, is_justified=True, words="再看一次", by=superior)


def test_hours_end_and_so_does_the_officer_s_end(open_one, clerk):
    Emergency.objects.update(ends_at=timezone.now())
    with pytest.raises(Refused, match="已经结束"):
        lookup.record(key(OTHER), by=clerk, purpose="", under=open_one)
    assert emergencies.open_emergency(clerk) is None
    again = actions.open_emergency(place="440106", reason=REASON, hours=1, by=clerk)
    with pytest.raises(Refused, match="在进行"):
        actions.open_emergency(place="440105", reason=REASON, hours=1, by=clerk)
    with pytest.raises(Refused, match="还在进行"):
        actions.review(emergency=again, is_justified=True, words="确有需要", by=officer("supervisor", "4406"))
    actions.end(emergency=again, by=clerk)
    with pytest.raises(Refused, match="已经结束"):
        lookup.people(lookup.Question(number=OTHER), by=clerk, purpose="", under=again)


def test_a_superior_ends_it_and_others_do_not(open_one, clerk):
    for other in (officer("supervisor", "4401"), officer("county_officer", "440604", "colleague")):
        with pytest.raises(Refused):
            actions.end(emergency=open_one, by=other)
    actions.end(emergency=open_one, by=officer("security_administrator", "4406"))
    with pytest.raises(Refused, match="已经结束"):
        lookup.record(key(OTHER), by=clerk, purpose="", under=open_one)


def test_an_account_that_is_disabled_or_moved_has_none_open(open_one, clerk):
    officers.set_active(officer=clerk, active=False, by=officer("system_administrator", "4406"))
    open_one.refresh_from_db()
    assert open_one.state == "ended" and open_one.ends_at <= timezone.now()
    clerk.refresh_from_db()
    with pytest.raises(Refused):
        lookup.record(key(OTHER), by=clerk, purpose="", under=open_one)


def test_nobody_reviews_their_own_by_whatever_account(open_one, clerk):
    actions.end(emergency=open_one, by=clerk)
    second = officer("supervisor", "4406", "second-account")
    unnamed = officer("supervisor", "4406", "unnamed")
    Officer.objects.filter(pk=second.pk).update(staff_number=clerk.staff_number)
    Officer.objects.filter(pk=unnamed.pk).update(staff_number="")
    for by in (second, unnamed):
        by.refresh_from_db()
        with pytest.raises(Refused):
            actions.review(emergency=open_one, is_justified=True, words="确有需要", by=by)
        assert waiting_for(by).emergencies == []
    for by in (officer("supervisor", "4401"), officer("auditor", "4406"), clerk):
        with pytest.raises(Refused):
            actions.review(emergency=open_one, is_justified=True, words="确有需要", by=by)


def test_people_are_counted_against_the_day_and_the_emergency(open_one, clerk, monkeypatch):
    duties = read_duties()
    few = replace(duties, emergency=duties.emergency.model_copy(update={"people": 2}))
    monkeypatch.setattr(emergencies, "read_duties", lambda: few)
    with pytest.raises(Refused, match="最多查看 2 人"):
        lookup.people(lookup.Question(name="样例*"), by=clerk, purpose="", under=open_one)
    for ssn in (HIDDEN, OTHER, OTHER):
        lookup.record(key(ssn), by=clerk, purpose="", under=open_one)
    with pytest.raises(Refused, match="最多查看 2 人"):
        lookup.record(key(BESIDE), by=clerk, purpose="", under=open_one)
    assert waiting_for(clerk).seen == 2 and [one[3] for one in logged("person.see")][-1] == "refused"


def test_it_opens_no_protected_people(open_one, clerk):
    protected(HIDDEN)
    before = len(logged("alarm.protected"))
    assert lookup.people(lookup.Question(number=HIDDEN), by=clerk, purpose="", under=open_one) == []
    assert lookup.record(key(HIDDEN), by=clerk, purpose="", under=open_one) is None
    assert len(logged("alarm.protected")) == before + 2


def test_it_is_for_looking_alone(open_one, clerk):
    with pytest.raises(Refused):
        ask_correction(person_id=key(OTHER), items={"mobile": "13900139000"}, reason=REASON, papers=[SCAN], by=clerk)
    with pytest.raises(Refused):
        lookup.exported(lookup.Question(place="440106"), by=clerk, purpose="counter")
    with pytest.raises(Refused, match="用途"):
        lookup.record(key(OTHER), by=clerk, purpose="emergency")


def test_what_cannot_be_opened(clerk):
    for place, reason, hours, why in (
        ("4401", REASON, 1, "太大"), ("44", REASON, 1, "太大"), ("440604", REASON, 1, "直接查询"),
        ("440604010", REASON, 1, "直接查询"), ("999999", REASON, 1, "请选择"), ("", REASON, 1, "请选择"),
        ("440106", "", 1, "理由"), ("440106", f"找 {OTHER}", 1, "身份号码"), ("440106", REASON, 9, "最多 8 小时"),
        ("440106", REASON, 0, "最少 1 小时"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            actions.open_emergency(place=place, reason=reason, hours=hours, by=clerk)
    for duty, area in (("analyst", "44"), ("village_clerk", "440604010001"), ("supervisor", "4406")):
        with pytest.raises(Refused, match="不能"):
            actions.open_emergency(place="440106", reason=REASON, hours=1, by=officer(duty, area))
    assert not Emergency.objects.exists()
    actions.open_emergency(place="4401", reason=REASON, hours=8, by=officer("city_data_officer", "4406"))
    actions.open_emergency(place="4419", reason=REASON, hours=1, by=clerk)
