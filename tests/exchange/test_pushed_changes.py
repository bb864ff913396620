"""What partners push is kept once, stands in any order, and lies over what packages of earlier days said."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from canbao.registry.access import working
from canbao.registry.models import Partner
from canbao.registry.server import PrivateServer
from canbao.registry.streams.keeping import standing
from canbao.registry.streams.outcomes import outcomes
from cleaning_desk import number
from partner_desk import agreed, partner
from push_desk import ONE, TWO, carried, cover, household, push, row
from register_desk import asked, person
from setting_desk import put_in


@pytest.fixture
def foshan(register: PrivateServer) -> Partner:
    """Foshan's list has 张三, uninsured; a partner of Foshan may push."""
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


def test_a_pushed_cover_stands_in_the_record(foshan: Partner) -> None:
    assert person(ONE)["registration_status"] == "2"
    (answer,) = push(foshan, row(cover()))
    assert (answer.state, answer.says) == ("kept", "")
    assert carried(foshan) == {"taken": 1}
    found = person(ONE)
    assert (found["registration_status"], found["emp_pension_contrib_status"]) == ("1", "1")
    (last,) = asked("SELECT kind, package_id FROM history WHERE person_id = %s AND version = 2", found["id"])
    assert last == {"kind": "pushed", "package_id": foshan.stream_id}


def test_an_ended_cover_takes_the_place_of_what_the_package_said(register: PrivateServer) -> None:
    insurance = "ssn,name,insurance_type,contrib_status,region_code\n" + f"{ONE},张三,emp_pension,1,440604\n"
    put_in("440600", household=household((ONE, "张三")), insurance=insurance)
    whose = partner()
    agreed(whose)
    push(whose, row(cover(contrib_status="3")))
    carried(whose)
    found = person(ONE)
    assert found["emp_pension_contrib_status"] == "3"
    assert len(asked("SELECT * FROM insurance_fact")) == 1


def test_the_same_row_again_is_the_same_and_another_content_lies_aside(foshan: Partner) -> None:
    first = row(cover())
    push(foshan, first)
    (again,) = push(foshan, first)
    assert again.state == "same"
    (other,) = push(foshan, {**first, "row": cover(contrib_status="2")})
    assert other.state == "aside" and "两种内容" in other.says
    assert push(foshan, {**first, "row": cover(contrib_status="2")})[0].state == "same"
    assert carried(foshan) == {"taken": 1}
    assert person(ONE)["emp_pension_contrib_status"] == "1"


def test_who_is_not_registered_is_registered_by_a_cover_and_by_nothing_else(foshan: Partner) -> None:
    push(foshan, row({"ssn": TWO, "name": "李四"}, source="retirement"))
    assert carried(foshan) == {"aside": 1}
    push(foshan, row(cover(TWO, "李四")))
    assert carried(foshan) == {"taken": 1}
    found = person(TWO)
    assert (found["name"], found["registration_status"], found["is_household"]) == ("李四", "3", False)
    assert "|4406" in found["areas"]


def test_another_name_lies_aside_and_holds_up_no_other(foshan: Partner) -> None:
    push(foshan, row(cover(name="王五")), row(cover(TWO, "李四")))
    assert carried(foshan) == {"aside": 1, "taken": 1}
    assert person(ONE)["registration_status"] == "2"
    with working():
        told = outcomes(foshan, 0)
    assert [one["state"] for one in told] == ["aside", "taken"] and "姓名" in told[0]["says"]


def test_items_evidence_and_their_end(foshan: Partner) -> None:
    push(foshan, row({"ssn": ONE, "name": "张三", "mobile": "13800138000"}, source="items"))
    push(foshan, row({"ssn": ONE, "name": "张三", "retired_on": "2026-01-01"}, source="retirement"))
    assert carried(foshan) == {"taken": 2}
    found = person(ONE)
    assert found["mobile"] == "13800138000"
    assert [one["quality"] for one in asked("SELECT quality FROM evidence WHERE kind = 'retirement'")] == ["retired"]
    push(foshan, row({"ssn": ONE, "name": "张三"}, source="retirement", ends=True, at="2026-11-30T09:00:00+08:00"))
    carried(foshan)
    assert not asked("SELECT FROM evidence WHERE kind = 'retirement'")


def test_a_package_of_an_earlier_day_leaves_it_standing_and_a_later_one_says_everything(foshan: Partner) -> None:
    push(foshan, row(cover()), row(cover(TWO, "李四")))
    carried(foshan)
    before = asked("SELECT ssn, registration_status, emp_pension_contrib_status FROM person ORDER BY ssn")
    put_in("440600", household=household((ONE, "张三")), labour=f"ssn,name,employed\n{ONE},张三,0\n")
    assert asked("SELECT ssn, registration_status, emp_pension_contrib_status FROM person ORDER BY ssn") == before


def test_gaps_are_told(foshan: Partner) -> None:
    rows = [{**row(cover()), "id": f"g{seq}", "seq": seq} for seq in (1, 2, 5, 9, 10)]
    push(foshan, *rows)
    with working():
        told = standing(foshan)
    assert (told.acknowledged, told.gaps, told.waiting) == (2, [(3, 4), (6, 8)], 5)
    push(foshan, *({**row(cover()), "id": f"g{seq}", "seq": seq} for seq in (3, 4, 6, 7, 8)))
    with working():
        assert standing(foshan).acknowledged == 10


def test_refused_rows_say_why(foshan: Partner) -> None:
    told = push(
        foshan,
        row(cover(region_code="440104")), row(cover(), source="court"), row(cover(contrib_status="9")),
        row(cover(), at="2099-01-01T00:00:00+08:00"), row(cover(ssn="123")), row({**cover(), "unknown": "1"}),
        {"id": "x"}, "no row",
    )  # fmt: skip
    assert [one.state for one in told] == ["refused"] * 8
    assert all(one.says for one in told)
    assert not asked("SELECT FROM inbox")


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_repetition_gives_the_same_register(foshan: Partner, seed: int) -> None:
    """The undisturbed stream against one that is shuffled, doubled and carried out in pieces."""
    chance = random.Random(2026)
    rows = [_made(chance, place) for place in range(60)]
    push(foshan, *rows)
    while carried(foshan):
        pass
    undisturbed = _register()
    assert len(undisturbed["people"]) > 5
    _forget_pushed()
    chance = random.Random(seed)
    disturbed = [one for one in rows for _ in range(chance.randint(1, 3))]
    chance.shuffle(disturbed)
    while disturbed:
        size = chance.randint(1, 20)
        push(foshan, *disturbed[:size])
        del disturbed[:size]
        if chance.random() < 0.4:
            carried(foshan)
    while carried(foshan):
        pass
    assert _register() == undisturbed


def _made(chance: random.Random, place: int) -> dict[str, Any]:
    whose = chance.randrange(8)
    at = f"2026-11-{chance.randint(1, 29):02}T{chance.randint(0, 23):02}:00:00+08:00"
    ssn, name = (ONE, "张三") if not whose else (number(2 * whose + 1), f"某{whose}")
    kind = chance.choice(("insurance", "insurance", "retirement", "items"))
    if kind == "items":
        return row({"ssn": ssn, "name": name, "mobile": f"138{place:08}"}, source=kind, at=at)
    if kind == "retirement":
        return row({"ssn": ssn, "name": name}, source=kind, at=at, ends=chance.random() < 0.3)
    type_, status = chance.choice(("emp_pension", "res_medical")), chance.choice("123")
    return row(cover(ssn, name, insurance_type=type_, contrib_status=status), at=at, ends=chance.random() < 0.1)


def _register() -> dict[str, list[dict[str, Any]]]:
    left_out = "id, version, operated_at, reviewed_at"
    people = asked("SELECT to_jsonb(person) AS one FROM person ORDER BY ssn")
    covers = asked(
        "SELECT to_jsonb(cover) - 'person_id' AS one, ssn FROM insurance_fact AS cover "
        "JOIN person_identifier USING (person_id) ORDER BY ssn, insurance_type"
    )
    evidence = asked(
        "SELECT kind, quality, row, ssn FROM evidence JOIN person_identifier USING (person_id) "
        "ORDER BY ssn, kind, quality"
    )
    for one in people:
        told = one["one"] if isinstance(one["one"], dict) else json.loads(one["one"])
        one["one"] = {name: value for name, value in told.items() if name not in left_out.split(", ")}
    return {"people": people, "covers": covers, "evidence": evidence}


def _forget_pushed() -> None:
    """Put the register back to before anything was pushed."""
    from django.db import connection

    with working(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM inbox; DELETE FROM inbox_sequence; DELETE FROM live_fact")
