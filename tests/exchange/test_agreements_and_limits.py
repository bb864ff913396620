"""No agreement, no service; and no more of it than was agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from log_reading import alarms, lines

from canbao.api.partners import standing
from canbao.registry import deeds, partner_alarms
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.models import Agreement
from canbao.registry.partner_counts import forget_old_counts
from partner_desk import agreed, partner, with_key
from signed_requests import System

pytestmark = pytest.mark.usefixtures("routes")
NUMBER = "440604198001010014"


def push(system: System, rows: int = 1):
    return system.post("tried/rows", {"rows": [{"ssn": NUMBER}] * rows})


def look(system: System, person: int = 0):
    return system.post("tried/look", {"person": person})


def why(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["why"]


def later(**by: int) -> None:
    """Let what was counted be so much longer ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partner_minute SET minute = minute - %s", [timedelta(**by)])


def test_without_an_agreement_nothing_moves(register):
    secret, key = with_key(partner())
    answer = push(System(secret, key.key_id))
    assert why(answer) == (403, "no_agreement") and "推送变更" in answer.json()["says"]
    assert System(secret, key.key_id).get("standing").json()["services"] == []


def test_an_agreement_about_something_else_is_none(register):
    found = partner()
    agreed(found, services=("feed",))
    secret, key = with_key(found)
    assert why(push(System(secret, key.key_id))) == (403, "no_agreement")


def test_an_agreement_that_is_over_is_named_with_its_day(system):
    over = timezone.localdate() - timedelta(days=1)
    Agreement.objects.update(valid_to=over)
    says = push(system).json()["says"]
    assert Agreement.objects.get().number in says and str(over) in says


def test_a_partner_that_is_cut_off_is_refused_at_once(system, owner):
    assert push(system).status_code == 200
    owner.cut_off_at = timezone.now()
    owner.save()
    for answer in (push(system), system.get("standing"), system.post("tried/rows", b"no json")):
        assert why(answer) == (403, "cut_off")
    assert [line["decision"] for line in lines()] == ["allowed", *["refused"] * 3]


def test_a_push_of_many_rows_is_one_line(system, owner):
    assert push(system, 2000).json() == {"kept": 2000}
    (line,) = lines()
    number = Agreement.objects.get().number
    assert (line["action"], line["decision"], line["account"]) == ("exchange.push", "allowed", owner.officer.username)
    assert line["objects"] == [f"partner:{owner.pk}"] and line["details"] == {"agreement": number, "rows": 2000}
    assert line["origin"].startswith("127.0.0.1")


def test_no_line_tells_who_somebody_is(system):
    push(system)
    system.post("tried/look", {"person": NUMBER, "name": "样例甲一"})
    system.get(f"nothing/{NUMBER}")
    system.get(f"standing?ssn={NUMBER}")
    said = str(lines(""))
    assert NUMBER not in said and "样例" not in said


def test_requests_of_a_minute_are_limited_and_the_log_is_not_flooded(system):
    Agreement.objects.update(requests_a_minute=3)
    answers = [push(system) for _ in range(8)]
    assert [answer.status_code for answer in answers].count(200) in (3, 6)  # a minute may end meanwhile
    refused = [answer for answer in answers if answer.status_code != 200]
    assert {why(answer) for answer in refused} == {(429, "too_many")}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert [line["decision"] for line in lines()].count("refused") == 1
    later(minutes=1)
    assert push(system).status_code == 200


def test_without_an_agreement_there_is_a_limit_too(register):
    secret, key = with_key(partner())
    system = System(secret, key.key_id)
    statuses = [push(system).status_code for _ in range(70)]
    assert set(statuses) == {403, 429}


def test_rows_of_a_day_are_limited_and_what_was_refused_does_not_count(system):
    Agreement.objects.update(rows_a_day=10)
    assert push(system, 7).status_code == 200
    answer = push(system, 4)
    assert why(answer) == (429, "too_many") and int(answer.headers["Retry-After"]) > 0
    assert push(system, 3).status_code == 200
    left = {one["service"]: one["rows_left"] for one in system.get("standing").json()["services"]}
    assert left["push"] == 0
    assert alarms() == ["exchange_beyond", "exchange_rows"]
    push(system, 4)
    assert len(alarms()) == 2
    later(days=1)
    assert push(system, 10).status_code == 200


def test_people_of_a_day_are_limited(system):
    Agreement.objects.update(people_a_day=2)
    assert [look(system, person).status_code for person in (1, 2, 2, 3, 3)] == [200, 200, 200, 429, 429]
    assert alarms() == ["quota", "beyond"]


def test_whoever_tries_numbers_out_is_stopped(system):
    statuses = [look(system).status_code for _ in range(50)]
    misses = read_thresholds().exchange.misses
    assert statuses == [404] * misses + [429] * (50 - misses)
    assert look(system, 7).status_code == 429 and push(system).status_code == 200
    assert "exchange_misses" in alarms() and len(alarms()) == len(set(alarms()))
    later(hours=1)
    assert look(system, 7).status_code == 200


def test_a_counter_that_finds_most_people_is_not_stopped(system):
    statuses = {look(system, person % 3).status_code for person in range(120)}
    assert statuses == {200, 404}


def test_misses_of_a_day_are_limited_too(system):
    Agreement.objects.update(people_a_day=5)
    assert [look(system).status_code for _ in range(6)] == [404] * 5 + [429]


def test_looking_up_at_night_raises_an_alarm_once(system, monkeypatch):
    monkeypatch.setattr(partner_alarms, "OPENS", 24)
    for _ in range(3):
        push(system)
        look(system, 7)
    assert alarms() == ["exchange_night"]


def test_many_refusals_raise_an_alarm_once(system):
    Agreement.objects.update(services=["feed"])
    for _ in range(read_thresholds().exchange.refused + 5):
        push(system)
    assert alarms() == ["exchange_refused"]


def test_without_its_line_nothing_is_answered(system, monkeypatch):
    def full(cursor: object, entry: object) -> int:
        raise OperationalError

    monkeypatch.setattr(deeds, "append", full)
    answer = push(system)
    assert why(answer) == (503, "away") and answer.headers["Retry-After"]


def test_while_the_database_is_away_it_is_told_in_json(system, monkeypatch):
    def away(partner: object) -> int:
        raise OperationalError

    monkeypatch.setattr(standing, "rows_today", away)
    assert why(system.get("standing")) == (503, "away")


def test_at_other_addresses_is_nothing(system):
    for answer in (system.get("nothing"), system.post("nothing", {}), system.web.get("/api/v1/x/y")):
        assert why(answer) == (404, "not_found")


def test_the_description_is_there_for_everybody(system):
    said = system.web.get("/api/v1/openapi.json").json()
    assert said["info"]["title"] == "参保登记交换接口"
    assert set(said["paths"]["/api/v1/standing"]["get"]["responses"]) == {
        "200", "400", "401", "403", "413", "429", "503",
    }  # fmt: skip


def test_old_counts_are_forgotten(system):
    push(system)
    assert forget_old_counts() == 0
    later(days=93)
    assert forget_old_counts() == 1
