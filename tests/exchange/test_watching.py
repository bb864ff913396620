"""How partners' streams are, what of it raises an alarm, and what is decided about rows that lie aside."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from log_reading import alarms, lines

from canbao.registry.access import Refused, working
from canbao.registry.actions import aside_rows as actions
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.models import Agreement, Officer, Partner
from canbao.registry.partner_counts import rows_today
from canbao.registry.streams.lying_aside import AsideRow, aside_rows
from canbao.registry.streams.outcomes import outcomes
from canbao.registry.streams.overseeing import raise_due_alarms, stream, streams
from canbao.registry.streams.watching import Watched, watched
from partner_desk import agreed, partner
from people_of_office import officer
from protection_desk import protected
from push_desk import ONE, TWO, carried, cover, household, push, row
from register_desk import asked, person
from setting_desk import corrected, put_in


@pytest.fixture
def foshan(register) -> Partner:
    """Foshan's list has 张三, uninsured; a partner of Foshan may push."""
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


@pytest.fixture
def clerk(register) -> Officer:
    return officer("city_data_officer", "4406")


def now_of(whose: Partner) -> Watched:
    with working():
        return watched([whose])[0]


def moved(table: str, column: str, **by: int) -> None:
    """Let what a table knows be so much longer ago."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column} - %s", [timedelta(**by)])


def laid_aside(by: Officer, **asked_for) -> list[AsideRow]:
    return aside_rows(by=by, **asked_for)


def test_a_stream_that_has_never_said_anything_has_nothing_wrong(foshan):
    found = now_of(foshan)
    assert (found.heard_at, found.waiting, found.oldest, found.aside, found.middle) == (None, 0, None, 0, None)
    assert found.troubles == ()


def test_what_came_of_rows_is_counted_by_the_day_and_the_hour(foshan):
    refused = {"id": "x", "seq": 1, "at": "wrong"}
    push(foshan, row(cover()), row(cover(name="王五")), refused)
    assert (now_of(foshan).waiting, now_of(foshan).hour.refused) == (2, 1)
    carried(foshan)
    found = now_of(foshan)
    assert (found.hour.taken, found.hour.older, found.hour.aside, found.aside, found.waiting) == (1, 0, 1, 1, 0)
    assert found.today == found.hour or timezone.localtime().hour == 0
    assert found.middle is not None and 0 < found.middle <= found.slow
    moved("partner_minute", "minute", hours=2)
    moved("inbox", "settled_at", hours=2)
    assert (now_of(foshan).hour.taken, now_of(foshan).middle) == (0, None)


def test_what_came_of_rows_is_none_of_what_may_be_pushed_in_a_day(foshan):
    push(foshan, row(cover()))
    carried(foshan)
    assert rows_today(foshan) == 0  # the request itself counts them


def test_silence_backlog_and_much_aside_are_troubles(foshan):
    most = read_thresholds().exchange
    Agreement.objects.update(since=timezone.now() - timedelta(days=30))
    push(foshan, {**row(cover()), "seq": 1})
    assert now_of(foshan).troubles == ()
    moved("inbox", "received_at", minutes=most.backlog_minutes + 1)
    moved("inbox_sequence", "heard_at", hours=most.silent_hours + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partner_minute (partner_id, minute, service, rows) VALUES (%s, now(), 'outcome.aside', %s)",
            [foshan.pk, most.aside],
        )
    assert now_of(foshan).troubles == ("silent", "backlog", "aside")


def test_who_may_not_push_is_not_missed(foshan):
    Agreement.objects.update(since=timezone.now() - timedelta(days=30))
    assert now_of(foshan).troubles == ("silent",)
    Agreement.objects.update(services=["feed"])
    assert now_of(foshan).troubles == ()


def test_numbers_that_are_missing_are_told(foshan):
    push(foshan, {**row(cover()), "seq": 5})
    assert now_of(foshan).standing.gaps[0][1] == 4 and now_of(foshan).troubles == ("gaps",)


def test_alarms_are_raised_once_a_day_and_partner_for_its_own_area(foshan):
    Agreement.objects.update(since=timezone.now() - timedelta(days=30))
    assert raise_due_alarms() == ["exchange_silent"]
    assert raise_due_alarms() == []
    (line,) = lines("alarm.")
    assert line["account"] == foshan.officer.username and f"partner:{foshan.pk}" in line["objects"]
    assert line["details"]["hours"] >= 30 * 24 - 1


def test_streams_of_the_own_area_are_seen_and_no_others(foshan, clerk):
    other = partner("shenzhen-insurance", division="440300", area="4403")
    assert [one.partner.pk for one in streams(by=clerk)] == [foshan.pk]
    assert stream(other.pk, by=clerk) is None and stream(foshan.pk, by=clerk) is not None
    assert len(streams(by=Officer.objects.get(duty="provincial_officer", area="44"))) == 2
    with pytest.raises(Refused):
        streams(by=other.officer)


def test_a_row_about_somebody_unknown_waits_again_by_itself_once_they_are_registered(foshan, clerk):
    push(foshan, row({"ssn": TWO, "name": "李四"}, source="retirement"))
    carried(foshan)
    (one,) = laid_aside(clerk)
    assert (one.reason, one.person_id, one.subjects) == ("unknown", None, ["retirement"])
    before = outcomes(foshan, 0)[-1]["number"]
    push(foshan, row(cover(TWO, "李四")))
    assert carried(foshan) == {"taken": 1} == carried(foshan) and laid_aside(clerk) == []
    assert [told["state"] for told in outcomes(foshan, before)] == ["taken", "taken"]  # the partner gets to know


def test_a_row_is_tried_again_once_what_stood_in_its_way_is_gone(foshan, clerk):
    push(foshan, row(cover(name="王五")))
    carried(foshan)
    (one,) = laid_aside(clerk)
    before = outcomes(foshan, 0)[-1]["number"]
    corrected(ONE, name="王五")
    assert actions.try_again(rows=[one.id], by=clerk) == 1
    assert carried(foshan) == {"taken": 1} and laid_aside(clerk) == []
    last = outcomes(foshan, before)[-1]
    assert (last["seq"], last["state"]) == (one.seq, "taken")  # the partner gets to know
    (line,) = lines("exchange.try_again")
    assert line["details"] == {"rows": 1} and f"partner:{foshan.pk}" in line["objects"]


def test_a_row_that_is_not_taken_says_nothing_of_anybody_any_more(foshan, clerk):
    push(foshan, row(cover(name="王五")))
    carried(foshan)
    (one,) = laid_aside(clerk, reason="name")
    assert one.person_id == person(ONE)["id"]
    for wordless in ("", "不", f"号码 {ONE} 不对"):
        with pytest.raises(Refused):
            actions.drop(rows=[one.id], reason=wordless, by=clerk)
    assert actions.drop(rows=[one.id], reason="来源系统的姓名写错了", by=clerk) == 1
    (kept,) = asked("SELECT state, says, said FROM inbox")
    assert kept == {"state": "dropped", "says": "不予采用：来源系统的姓名写错了", "said": None}
    assert outcomes(foshan, one.id)[-1]["state"] == "dropped"
    (said,) = [line for line in lines("exchange.not_taken") if line["decision"] == "allowed"]
    assert f"person:{person(ONE)['id']}" in said["objects"] and ONE not in json.dumps(said)


def test_another_name_can_not_be_carried_out_by_trying_again(foshan, clerk):
    push(foshan, row(cover(name="王五")))
    carried(foshan)
    actions.try_again(rows=[laid_aside(clerk)[0].id], by=clerk)
    assert carried(foshan) == {"aside": 1} and person(ONE)["name"] == "张三"


def test_rows_of_other_areas_and_rows_that_do_not_lie_aside_are_left_alone(foshan, clerk):
    push(foshan, row(cover(name="王五")), row(cover()))
    carried(foshan)
    ids = [one["id"] for one in asked("SELECT id FROM inbox")]
    stranger = officer("city_data_officer", "4403")
    assert laid_aside(stranger) == []
    with pytest.raises(Refused):
        actions.try_again(rows=ids, by=stranger)
    assert actions.drop(rows=ids, reason="来源系统写错了", by=clerk) == 1
    with pytest.raises(Refused):
        actions.drop(rows=ids, reason="来源系统写错了", by=clerk)


def test_rows_are_found_by_partner_and_reason_and_page_by_page(foshan, clerk):
    push(foshan, row(cover(name="王五")), row({"ssn": TWO, "name": "李四"}, source="retirement"))
    carried(foshan)
    first, second = laid_aside(clerk)
    assert [one.id for one in laid_aside(clerk, after=first.id)] == [second.id]
    assert [one.reason for one in laid_aside(clerk, reason="unknown")] == ["unknown"]
    assert laid_aside(clerk, partner=foshan.pk + 1) == [] and len(laid_aside(clerk, partner=foshan.pk)) == 2


def test_looking_at_rows_counts_as_seeing_people_and_a_protected_one_is_not_there(foshan, clerk):
    push(foshan, row(cover(name="王五")))
    carried(foshan)
    (one,) = laid_aside(clerk)
    (seen,) = asked("SELECT person_id FROM person_seen WHERE officer_id = %s", clerk.pk)
    assert seen["person_id"] == one.person_id
    protected(ONE)
    assert laid_aside(clerk) == []
    with pytest.raises(Refused):
        actions.try_again(rows=[one.id], by=clerk)
    assert alarms() == []
