"""A business system and a counter at the real addresses: push, outcomes, feed, look-up, back-fill."""

from __future__ import annotations

import gzip
import json

import pytest

from canbao.registry.models import Given
from canbao.survey.living import carry_out_waiting
from partner_desk import agreed, partner, with_key
from push_desk import ONE, TWO, cover, household, row
from register_desk import person
from setting_desk import put_in
from signed_requests import System

NDJSON = "application/x-ndjson"


@pytest.fixture
def system(register) -> System:
    """Foshan's business system; 张三 is on Foshan's household list and insured in Guangzhou."""
    put_in("440600", household=household((ONE, "张三")))
    insurance = f"ssn,name,insurance_type,contrib_status,region_code\n{ONE},张三,res_medical,1,440104\n"
    put_in("440100", insurance=insurance)
    made = partner()
    agreed(made)
    secret, key = with_key(made)
    return System(secret, key.key_id)


def numbered(rows: list[dict]) -> list[dict]:
    return [{**one, "seq": seq, "id": f"n{seq}"} for seq, one in enumerate(rows, 1)]


def test_rows_are_pushed_carried_out_and_their_outcomes_told(system: System) -> None:
    rows = numbered([row(cover()), row(cover(name="王五")), row(cover(contrib_status="9"))])
    said = system.post("stream", {"rows": rows}).json()
    assert [one["state"] for one in said["rows"]] == ["kept", "kept", "refused"]
    assert (said["acknowledged"], said["gaps"], said["waiting"]) == (3, [], 2)
    assert carry_out_waiting() == {"taken": 1, "aside": 1}
    told = system.get("stream/outcomes").json()
    assert [one["state"] for one in told["outcomes"]] == ["taken", "aside"]
    assert system.get(f"stream/outcomes?after={told['next']}").json()["outcomes"] == []
    assert person(ONE)["emp_pension_contrib_status"] == "1"


def test_a_row_a_line_compressed_is_the_same(system: System) -> None:
    rows = numbered([row(cover()), row(cover(TWO, "李四"))])
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows).encode()
    answer = system.post("stream", gzip.compress(lines), content_type=NDJSON, headers={"Content-Encoding": "gzip"})
    assert [one["state"] for one in answer.json()["rows"]] == ["kept", "kept"]
    again = system.post("stream", {"rows": rows}).json()
    assert [one["state"] for one in again["rows"]] == ["same", "same"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"rows": 1}', b'{"rows": {}}', b"\xff", b'{"rows": [NaN]}'])
def test_what_is_no_rows_is_refused_and_nothing_kept(system: System, body: bytes) -> None:
    answer = system.post("stream", body)
    assert (answer.status_code, answer.json()["why"]) == (400, "wrong")
    assert system.get("stream").json()["acknowledged"] == 0


def test_too_many_rows_are_refused(system: System) -> None:
    answer = system.post("stream", {"rows": [{}] * 2001})
    assert (answer.status_code, answer.json()["why"]) == (413, "too_large")


def test_a_counter_sees_what_is_missing_and_brings_it(system: System) -> None:
    asked = {"number": ONE, "name": "张三", "purpose": "counter", "officer": "王经办", "office": "祖庙窗口"}
    seen = system.post("persons/lookup", asked).json()
    assert seen["shown"]["elsewhere"][0]["region"]["code"] == "440104"
    assert {one["item"] for one in seen["shown"]["missing"]} == {"mobile"}
    said = {"items": {"mobile": "13800138000"}, "officer": "王经办"}
    assert system.post(f"persons/{seen['person']}/items", said).json()["state"] == "kept"
    carry_out_waiting()
    assert person(ONE)["mobile"] == "13800138000"
    filled = system.post(
        "back-fill", {"numbers": [{"number": ONE, "name": "张三"}], "items": ["mobile"], "officer": "批"}
    )
    assert filled.json()["people"][0]["items"] == {"mobile": "13800138000"}
    assert system.get("stream").json()["acknowledged"] == 0  # what counters collect is none of the stream
    assert sorted(Given.objects.values_list("service", flat=True)) == ["back_fill", "look_up"]


def test_items_of_somebody_who_was_not_looked_up_are_not_found(system: System) -> None:
    key = person(ONE)["id"]
    answer = system.post(f"persons/{key}/items", {"items": {"mobile": "13800138000"}, "officer": "王"})
    assert answer.status_code == 404


def test_a_look_up_needs_a_purpose_of_the_law(system: System) -> None:
    asked = {"number": ONE, "name": "张三", "officer": "王", "purpose": "emergency"}
    assert system.post("persons/lookup", asked).status_code == 400


def test_the_feed_goes_on_from_its_cursor(system: System) -> None:
    first = system.get("feed").json()
    system.post("stream", {"rows": numbered([row(cover())])})
    carry_out_waiting()
    (change,) = system.get(f"feed?after={first['next']}").json()["changes"]
    assert change["items"]["emp_pension_contrib_status"] == "1"
    assert system.get("feed?after=x").status_code == 400


def test_everything_is_on_a_log_that_is_whole_and_names_nobody(system: System) -> None:
    system.post("stream", {"rows": numbered([row(cover())])})
    system.post("persons/lookup", {"number": ONE, "name": "张三", "purpose": "counter", "officer": "王"})
    from register_desk import asked

    lines = asked("SELECT action, details, objects FROM audit_log WHERE action LIKE 'exchange.%%'")
    assert {one["action"] for one in lines} >= {"exchange.push", "exchange.look_up"}
    assert ONE not in str(lines) and "张三" not in str(lines)
