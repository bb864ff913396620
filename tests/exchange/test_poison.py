"""Rows that would break something: they are refused or lie aside alone, and everything else goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError, connection

from canbao.law.exchange import read_exchange
from canbao.registry.access import working
from canbao.registry.actions.admission import changes
from canbao.registry.models import Partner
from canbao.registry.streams.keeping import standing
from canbao.registry.streams.outcomes import outcomes
from canbao.survey import living
from cleaning_desk import number
from partner_desk import agreed, partner, with_key
from push_desk import ONE, TWO, carried, cover, household, push, row
from register_desk import asked, person
from setting_desk import put_in
from signed_requests import System

MOST = read_exchange().row_bytes
GOOD = json.dumps({**row(cover()), "id": "good", "seq": 2}, ensure_ascii=False)


@pytest.fixture
def foshan(register) -> Partner:
    put_in("440600", household=household((ONE, "张三")))
    made = partner()
    agreed(made)
    return made


@pytest.fixture
def system(foshan: Partner) -> System:
    secret, key = with_key(foshan)
    return System(secret, key.key_id)


def poisoned(**more: Any) -> dict[str, Any]:
    return {**row(cover()), "id": "poison", "seq": 1, **more}


@pytest.mark.parametrize(
    "poison",
    [
        poisoned(at="9999-12-31T23:59:59-23:59"), poisoned(at="0001-01-01T00:00:00+14:00"), poisoned(at=20261130),
        poisoned(at="2026-02-30T00:00:00Z"), poisoned(row=cover(enrol_date="9999-99-99")),
        poisoned(row=cover(enrol_date="99999999999999")), poisoned(row=cover(updated_at="2026-13-45T99:99:99")),
        poisoned(row=cover(updated_at="0000-00-00")), poisoned(row=cover(ssn=10**400)),
        poisoned(row=cover(unit_name="长" * 100_000)), poisoned(row=cover(name=["张三"])), poisoned(row=None),
        poisoned(row=cover(name="\u202e\ufeff")), poisoned(row={"insurance_type": {}, **cover(name={})}),
        poisoned(row=cover(unit_no=1e308)), poisoned(row=cover(unit_name=True)), poisoned(ends="yes"),
        poisoned(row={str(n): "" for n in range(9999)}), poisoned(source="\U0010ffff"),
    ],
)  # fmt: skip
def test_what_is_poisoned_is_refused_or_lies_aside_alone(system: System, foshan: Partner, poison: Any) -> None:
    answer = system.post("stream", {"rows": [poison, json.loads(GOOD)]})
    said = answer.json()
    assert answer.status_code == 200 and said["acknowledged"] == 2, said
    while carried(foshan):
        pass
    with working():
        assert {one["id"]: one["state"] for one in outcomes(foshan, 0)}["good"] == "taken"
    assert person(ONE)["emp_pension_contrib_status"] == "1"


@pytest.mark.parametrize(
    "line",
    [
        GOOD.encode().replace("张三".encode(), b"\xed\xa0\x80"), GOOD.encode("utf-16"), GOOD.encode("utf-32"),
        GOOD.encode().replace("张三".encode(), b"\\u0000"), GOOD.encode().replace("张三".encode(), b"\\udc00"),
        GOOD.encode().replace("张三".encode(), b"\x00"), GOOD.replace('"seq": 2', '"seq": ' + "9" * 9999).encode(),
        b"{" * 99_999,
    ],
    ids=range(8),
)  # fmt: skip
def test_what_no_text_may_have_is_not_taken(system: System, line: bytes) -> None:
    answer = system.post("stream", b'{"rows": [' + line + b"]}")
    assert (answer.status_code, answer.json()["why"]) == (400, "wrong")


@pytest.mark.parametrize("depth", [100, 400, 800, 900, 940, 980, 1_500, 9_000])
def test_however_deep_json_is_it_is_no_fault_of_ours(system: System, depth: int) -> None:
    deep = '{"a": ' * depth + "1" + "}" * depth
    line = GOOD.replace('"insurance_type"', f'"deep": {deep}, "insurance_type"')
    answer = system.post("stream", f'{{"rows": [{line}]}}'.encode())
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["rows"][0]["state"] == "refused"
    looked = system.post("persons/lookup", f'{{"number": {deep}}}'.encode())
    assert looked.status_code == 400


def test_a_row_may_be_as_long_as_law_says(system: System) -> None:
    rows = [poisoned(row={**cover(), "unit_name": "长" * (MOST // 6)}, seq=1)]
    (answer,) = system.post("stream", {"rows": rows}).json()["rows"]
    assert answer["state"] == "refused" and str(MOST) in answer["says"]


def test_what_is_refused_counts_as_come(foshan: Partner) -> None:
    push(
        foshan,
        {"id": "a", "seq": 1},
        {"seq": 2},
        {"id": "b", "seq": True},
        {"id": "c", "seq": 2**60},
        {"id": "", "seq": 4},
    )
    with working():
        told = standing(foshan)
    assert (told.acknowledged, told.gaps) == (2, [(3, 3)])


def test_what_breaks_the_database_lies_aside_alone(foshan: Partner) -> None:
    """Whatever comes past the reader: here a day that is none is written into what was kept."""
    many = [row(cover(number(2 * n + 1), f"某{n}")) for n in range(2, 26)]
    push(foshan, *many)
    with working(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox SET said = jsonb_set(said, '{facts,0,content,enrol_date}', '\"no day\"') WHERE key = ANY(%s)",
            [[many[3]["id"], many[17]["id"]]],
        )
    counts: dict[str, int] = {}
    while found := carried(foshan):
        counts = {state: counts.get(state, 0) + found.get(state, 0) for state in {*counts, *found}}
    assert counts == {"taken": 22, "aside": 2}
    assert len(asked("SELECT FROM person WHERE registration_status = '3'")) == 22


def test_one_partner_s_trouble_holds_up_no_other(foshan: Partner, monkeypatch) -> None:
    other = partner("guangzhou-insurance", "insurance", "440100", "4401")
    agreed(other)
    push(foshan, row(cover()))
    push(other, row(cover(TWO, "李四", region_code="440104")))
    whole = changes.carry_out

    def carry_out(whose: Partner, *more: Any) -> Any:
        if whose == foshan:
            raise OperationalError("out of something")
        return whole(whose, *more)

    monkeypatch.setattr(changes, "carry_out", carry_out)
    with pytest.raises(OperationalError):
        living.carry_out_waiting()
    assert person(TWO)["emp_pension_contrib_status"] == "1"
