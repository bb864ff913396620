"""Protected people: seen by whoever is named, and for everybody else not there, in any table and by any look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from made_delivery import Said, admitted

from canbao.registry import auditing, conflicts, households, lookup
from canbao.registry import requests as reading
from canbao.registry.access import Refused, acting, working
from canbao.registry.actions import canaries, papers, requests
from canbao.registry.actions.corrections import ask_correction
from canbao.registry.actions.merges import ask_merge, ask_undoing
from canbao.registry.actions.protections import ask_protection, ask_readers, ask_unprotection
from canbao.registry.actions.splits import ask_split
from canbao.registry.comparing import verify
from canbao.registry.models import Conflict, Officer, Protection, Request
from people_of_office import officer
from protection_desk import REASON, SCAN, approved, asked_for, asker, decider, key, protected, reader
from register_desk import asked
from setting_desk import merged

HIDDEN, OTHER, BESIDE = "440106198503030335", "440106198503030319", "440106198503030351"
NAMES = {HIDDEN: "样例隐者", OTHER: "样例旁人", BESIDE: "样例邻居"}
PERSONS = ("person_identifier", "person_fact", "insurance_fact", "evidence", "history", "registry_conflict")


def live_there(*numbers: str, address: str = "某路1号") -> dict[str, Said]:
    return {ssn: Said(NAMES[ssn], village="440106001001", address=address) for ssn in numbers}


def put_in(division: str, said: dict[str, Said], region: str = "") -> None:
    by = Officer.objects.filter(username="admitting").first() or officer("provincial_officer", "44", "admitting")
    admitted(division, region or division, said, by)


@pytest.fixture
def city(register) -> None:
    """Three people of Guangzhou; Shenzhen has another name under the number of the first."""
    put_in("440100", live_there(HIDDEN, OTHER, BESIDE))
    put_in("440300", {HIDDEN: Said("别的名字", contrib="1")}, "440304")


def alarms(kind: str = "protected") -> list[tuple[str, list[str]]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT account, objects FROM audit_log WHERE action = %s ORDER BY number", [f"alarm.{kind}"])
        return cursor.fetchall()


def test_the_named_see_and_nobody_else_does(city):
    hidden = key(HIDDEN)
    named = officer("city_data_officer", "4401", "named")
    protected(HIDDEN, [named])
    assert lookup.record(hidden, by=named, purpose="counter").person["name"] == NAMES[HIDDEN]
    for by in (decider(), asker(), officer("county_officer", "440106"), officer("city_data_officer", "4401", "other")):
        assert lookup.record(hidden, by=by, purpose="counter") is None
        assert lookup.people(lookup.Question(number=HIDDEN), by=by, purpose="counter") == []
        found = lookup.people(lookup.Question(name="样例*"), by=by, purpose="counter")
        assert sorted(one["name"] for one in found) == sorted([NAMES[OTHER], NAMES[BESIDE]])
        place = lookup.people(lookup.Question(place="440106"), by=by, purpose="counter")
        assert {one["ssn"] for one in place} == {OTHER, BESIDE}
        assert {one["ssn"] for one in lookup.exported(lookup.Question(place="440106"), by=by, purpose="counter")} == {
            OTHER, BESIDE,
        }  # fmt: skip


def test_every_table_with_people_is_locked(register):
    """A table that somebody adds: it is locked too, or said here why not."""
    free = {
        "inbox": "partners are told what they sent themselves; the office's list looks at the protection itself",
        "person_seen": "counts an officer's own looks",
        "protected_number": "no right at all",
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns JOIN pg_class ON relname = table_name "
            "WHERE table_schema = 'public' AND column_name IN ('person_id', 'ssn', 'into_id') AND NOT relispartition "
            "AND relkind IN ('r', 'p')"
        )
        people = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE permissive = 'RESTRICTIVE' AND qual LIKE '%hidden_%'")
        locked = {name for (name,) in cursor.fetchall()}
    assert people - locked == free.keys()


def test_the_application_s_role_finds_nothing_in_any_table(city):
    hidden, by = key(HIDDEN), decider()
    merged(HIDDEN, BESIDE)
    protected(HIDDEN)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition AND relname NOT IN ('audit_log', 'protected_number', 'registry_admissionrange')"
        )
        tables = [name for (name,) in cursor.fetchall()]
    for area in ("44", "4401", "440106"):
        for table in tables:
            with acting(area, by), connection.cursor() as cursor:
                cursor.execute(f"SELECT coalesce(string_agg(each::text, ' '), '') FROM {table} AS each")
                said = cursor.fetchone()[0]
            assert not [one for one in (HIDDEN, BESIDE, NAMES[HIDDEN], NAMES[BESIDE], "别的名字") if one in said], table
    for table in (*PERSONS, "registry_link", "registry_protection", "merged"):
        with acting("44", by), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE person_id = ANY(%s)", [[hidden, key(BESIDE)]])
            assert cursor.fetchone()[0] == 0, table


def test_without_anybody_named_as_acting_the_protected_are_hidden(city):
    protected(HIDDEN)
    for officer_ in ("", "nobody", "0", "99999"):
        with connection.cursor() as cursor, working():
            cursor.execute("SELECT set_config('canbao.officer', %s, true)", [officer_])
            cursor.execute("SELECT ssn FROM person ORDER BY ssn")
            assert [ssn for (ssn,) in cursor.fetchall()] == sorted([OTHER, BESIDE])
    assert not Conflict.objects.exists()


def test_looking_for_a_protected_person_raises_an_alarm(city):
    hidden, curious, auditor = key(HIDDEN), officer("county_officer", "440106"), officer("auditor", "44")
    protected(HIDDEN)
    before = len(alarms())
    lookup.people(lookup.Question(number=HIDDEN), by=curious, purpose="counter")
    lookup.record(hidden, by=curious, purpose="counter")
    assert auditing.person_of_number(HIDDEN, by=auditor) is None
    for attempt in (
        lambda: auditing.who_saw_person(hidden, by=auditor),
        lambda: canaries.mark(person_id=hidden, by=auditor),
        lambda: ask_correction(
            person_id=hidden, items={"mobile": "13900139000"}, reason=REASON, papers=[SCAN], by=curious
        ),
    ):
        with pytest.raises(Refused):
            attempt()
    raised = alarms()[before:]
    assert [who for who, _ in raised] == [curious.username] * 2 + [auditor.username] * 3 + [curious.username]
    assert all(not [one for one in objects if one.startswith("person:")] for _, objects in raised)
    lookup.people(lookup.Question(number="440106198503030999"), by=curious, purpose="counter")
    assert len(alarms()) == before + 6
    assert [one["action"] for one in auditing.alarms(by=auditor)][:6] == ["alarm.protected"] * 6


def test_looks_of_the_named_are_noted_too(city):
    named = officer("city_data_officer", "4401", "named")
    protected(HIDDEN, [named])
    lookup.record(key(HIDDEN), by=named, purpose="counter")
    assert alarms()[-1][0] == "named"


def test_conflicts_requests_and_papers_of_a_protected_person_are_hidden(city):
    hidden, clerk = key(HIDDEN), officer("city_data_officer", "4403")
    request = ask_correction(
        person_id=hidden, items={"mobile": "13900139000"}, reason=REASON, papers=[SCAN], by=asker()
    )
    (desk,) = conflicts.listed(by=clerk)
    named = officer("provincial_officer", "44", "named")
    protected(HIDDEN, [named])
    assert conflicts.listed(by=clerk) == [] and conflicts.desk(desk.pk, by=clerk) is None
    assert conflicts.to_settle(desk.pk, by=clerk) is None
    assert reading.found(request.pk, by=decider()) is None and reading.found(request.pk, by=named)
    assert request.pk not in [one.pk for one in reading.listed(by=decider())]
    with working():
        paper = request.papers.get().pk
    assert papers.take(paper_id=paper, request_id=request.pk, by=decider()) is None
    assert papers.take(paper_id=paper, request_id=request.pk, by=named)


def test_a_protection_s_own_request_is_known_to_few(city):
    request = protected(HIDDEN, [officer("county_officer", "440106", "named")])
    with working():
        paper = request.papers.get().pk
    for by, sees in (
        (decider(), True), (officer("city_data_officer", "4401"), True), (officer("supervisor", "44"), False),
        (officer("town_clerk", "440106001"), False), (officer("county_officer", "440106"), False),
    ):  # fmt: skip
        assert (reading.found(request.pk, by=by) is not None) == sees, by.username
        if by.may("request.see") and by.may("person.see"):
            assert (papers.take(paper_id=paper, request_id=request.pk, by=by) is not None) == sees


def test_household_lists_leave_them_out_and_out_of_the_count(city):
    put_in("440000", live_there(HIDDEN, OTHER))
    by, log = (
        officer("city_data_officer", "4401"),
        "SELECT details FROM audit_log WHERE action = 'household_list.download'",
    )
    protected(HIDDEN)
    rows = [row for piece in households.household_list("4401", by=by) for row in piece]
    assert [row[0] for row in rows] == [OTHER]
    with connections["owner"].cursor() as cursor:
        cursor.execute(log)
        assert '"people":1' in cursor.fetchone()[0]


def test_whoever_is_merged_later_is_protected_and_free_again_when_parted(city):
    named = officer("provincial_officer", "44", "named")
    protected(HIDDEN, [named, officer("provincial_officer", "44", "named2")])
    put_in("440600", {OTHER: Said(NAMES[OTHER], contrib="1")}, "440604")
    assert lookup.people(lookup.Question(number=OTHER), by=decider(), purpose="counter")
    request = requests.approve(
        request=ask_merge(keep=key(OTHER), other=key(HIDDEN), reason=REASON, papers=[SCAN], by=named),
        by=Officer.objects.get(username="named2"),
    )
    for ssn in (HIDDEN, OTHER):
        assert not lookup.people(lookup.Question(number=ssn), by=decider(), purpose="counter")
        assert lookup.people(lookup.Question(number=ssn), by=named, purpose="counter")
    with pytest.raises(Refused, match="不能查看"):
        approved(ask_undoing(request=request, reason=REASON, by=named))
    with working():
        undoing = Request.objects.get(undoes=request)
    requests.approve(request=undoing, by=Officer.objects.get(username="named2"))
    assert lookup.people(lookup.Question(number=OTHER), by=decider(), purpose="counter")
    assert not lookup.people(lookup.Question(number=HIDDEN), by=decider(), purpose="counter")


def test_two_protected_who_become_one_need_a_reader_of_both(city):
    one, both, other = (officer("provincial_officer", "44", name) for name in ("one", "both", "other"))
    protected(HIDDEN, [one, both, other])
    protected(OTHER, [both, other])
    with pytest.raises(Refused, match="没有这个人"):
        merged(HIDDEN, OTHER)
    request = ask_merge(keep=key(HIDDEN), other=key(OTHER), reason=REASON, papers=[SCAN], by=both)
    with pytest.raises(Refused, match="不能查看"):
        requests.approve(request=request, by=one)
    requests.approve(request=request, by=other)
    for ssn in (HIDDEN, OTHER):
        assert not lookup.people(lookup.Question(number=ssn), by=one, purpose="counter")
        assert lookup.people(lookup.Question(number=ssn), by=both, purpose="counter")


def test_admission_and_judging_go_on_as_if_nobody_were_protected(city):
    protected(HIDDEN)
    put_in("440100", live_there(HIDDEN, OTHER, address="某路2号"))
    assert asked("SELECT hukou_address FROM person WHERE ssn = %s", HIDDEN)[0]["hukou_address"] == "某路2号"
    assert verify(records=True, facts=True).faults == []


def test_readers_change_and_protection_ends_by_two_officers_who_see_nobody(city):
    hidden, named, next_ = (
        key(HIDDEN),
        officer("county_officer", "440106", "named"),
        officer("county_officer", "440106", "next"),
    )
    request = protected(HIDDEN, [named])
    approved(ask_readers(request=request, readers=["next"], reason=REASON, by=asker()))
    assert lookup.record(hidden, by=named, purpose="counter") is None
    assert lookup.record(hidden, by=next_, purpose="counter")
    end = ask_unprotection(request=request, reason=REASON, papers=[SCAN], by=asker())
    assert lookup.record(hidden, by=named, purpose="counter") is None
    approved(end)
    assert lookup.record(hidden, by=named, purpose="counter")
    with pytest.raises(Refused, match="没有生效"):
        ask_unprotection(request=request, reason=REASON, papers=[SCAN], by=asker())


def test_a_protection_ends_with_its_last_day(city):
    protected(HIDDEN, until=timezone.localdate())
    assert not lookup.people(lookup.Question(number=HIDDEN), by=decider(), purpose="counter")
    with working():
        Protection.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert lookup.people(lookup.Question(number=HIDDEN), by=decider(), purpose="counter")


def test_who_is_set_apart_from_a_protected_number_is_protected_too(city):
    named = asker()
    protected(HIDDEN, [named, decider()])
    approved(
        ask_split(
            person_id=key(HIDDEN), ssn=HIDDEN, divisions=["440300"], number="", reason=REASON, papers=[SCAN], by=named
        )
    )
    for by in (officer("city_data_officer", "4403"), officer("provincial_officer", "44", "third")):
        assert not lookup.people(lookup.Question(name="别的*"), by=by, purpose="counter")
    assert lookup.people(lookup.Question(name="别的*"), by=named, purpose="counter")


def test_what_cannot_be_asked(city):
    until = timezone.localdate() - timedelta(days=1)
    given = {"person_id": key(HIDDEN), "cause": "witness", "readers": ["reader"], "until": None, "reason": REASON}
    assert reader().pk
    officer("auditor", "44", "auditing")
    for change, why in (
        ({"cause": "rich"}, "原因"), ({"readers": []}, "账号"), ({"readers": ["nobody"]}, "nobody"),
        ({"until": until}, "今天"), ({"papers": []}, "材料"), ({"reason": HIDDEN}, "身份号码"),
        ({"readers": ["auditing"]}, "查看个人登记"),
        ({"person_id": 99999}, "没有这个人"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            ask_protection(**{"papers": [SCAN], **given, **change}, by=asker())
    request = asked_for(HIDDEN)
    with pytest.raises(Refused, match="已有人申请"):
        asked_for(HIDDEN)
    with pytest.raises(Refused, match="不能决定"):
        requests.approve(request=request, by=asker())
    assert lookup.people(lookup.Question(number=HIDDEN), by=decider(), purpose="counter")
