"""A package is taken out of the register: what it brought goes, what was there before it comes back exactly."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused
from canbao.registry.actions import packages
from canbao.registry.actions.admission import Cancelled, admit, take_out, withdrawing
from canbao.registry.actions.admission import package as admission
from canbao.registry.actions.conflicts import settle
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.comparing import verify
from canbao.registry.models import AdmissionRange, Conflict, Package
from canbao.registry.packages import last_admitted
from people_of_office import officer
from register_desk import admitted, asked, delivery_of, person, received
from setting_desk import (
    REASON,
    approved,
    cleaned,
    corrected,
    first,
    key,
    merged,
    put_in,
    second,
    split,
    undone,
)

ONE, TWO, THREE = "440106198503030335", "440106198503030319", "440106198503030351"
HEADS = "ssn,name,hukou_division_code,hukou_address,mobile\n"
HOUSEHOLDS = {
    ONE: f"{ONE},样例乙六,440106,某路1号,13800138000\n",
    TWO: f"{TWO},样例乙七,440106,某路2号,13800138001\n",
    THREE: f"{THREE},样例乙八,440106,某路3号,13800138002\n",
}
COVERS = "ssn,name,insurance_type,contrib_status,region_code\n"
COVER = f"{COVERS}{ONE},样例乙六,emp_pension,1,440304\n"
TABLES = {
    "person": "SELECT * FROM person WHERE disposition <> 'out_of_scope' ORDER BY ssn",
    "facts": "SELECT * FROM person_fact ORDER BY ssn, division_code",
    "covers": "SELECT * FROM insurance_fact ORDER BY person_id, source, row",
    "evidence": "SELECT * FROM evidence ORDER BY person_id, kind, source, row, quality",
    "conflicts": "SELECT person_id, division_code, kind, reference_name, other_name FROM registry_conflict "
    "WHERE state = 'open' ORDER BY 1, 2, 3",
    "past": "SELECT * FROM statement_past ORDER BY ssn, division_code, replaced_by",
}
BESIDES = {"version", "judged_on", "operated_at", "reviewed_at"}


def contents() -> dict[str, list[dict]]:
    """What the register says of people, without when and how often it was judged."""
    return {
        name: [{key: value for key, value in row.items() if key not in BESIDES} for row in asked(query)]
        for name, query in TABLES.items()
    }


def guangzhou(*numbers: str, **said: str) -> Package:
    """Guangzhou's households, with other words for what it said."""
    text = HEADS + "".join(HOUSEHOLDS[number] for number in numbers)
    return put_in("440100", household=re.sub("|".join(said) or "$^", lambda found: said[found[0]], text))


def withdrawn(package: Package) -> dict[str, int]:
    """Ask, approve, and do a worker's part."""
    package.refresh_from_db()
    approved(ask_withdrawal(package=package, reason=REASON, by=first()))
    package.refresh_from_db()
    assert package.state == "withdrawing"
    done = take_out(package=package, by=second())
    packages.finish_withdrawal(package=package, by=second())
    return done


def is_sound() -> bool:
    report = verify(records=True, facts=True)
    return report.faults == []


@pytest.fixture
def base(register) -> Package:
    return guangzhou(ONE, TWO)


def test_what_it_replaced_added_and_dropped_is_as_it_was(base):
    put_in("440300", insurance=COVER)
    before = contents()
    later = guangzhou(ONE, THREE, 某路1号="某路9号")
    assert person(ONE)["hukou_address"] == "某路9号"
    assert person(TWO)["disposition"] == "out_of_scope"
    done = withdrawn(later)
    assert contents() == before
    assert done == {"people": 3, "changed": 3, "restored": 2, "gone": 2}
    assert (person(THREE)["disposition"], person(THREE)["registration_status"]) == ("out_of_scope", None)
    later.refresh_from_db()
    assert later.state == "withdrawn" and last_admitted(later) == base
    assert is_sound()


def test_a_name_changed_by_it_and_held_out_for_that_is_as_it_was(base):
    put_in("440300", insurance=COVER)
    before = contents()
    later = guangzhou(ONE, TWO, 样例乙六="样例乙陆")
    assert (person(ONE)["registration_status"], Conflict.objects.get().division_code) == ("3", "440100")
    withdrawn(later)
    assert contents() == before


def test_twice_in_a_row_back_to_nothing(base):
    second_one = guangzhou(ONE, THREE, 某路1号="某路5号")
    with_one = contents()
    third = guangzhou(THREE)
    withdrawn(third)
    assert contents() == with_one
    withdrawn(second_one)
    withdrawn(base)
    assert {name for name, rows in contents().items() if rows} == set()
    assert last_admitted(third) is None
    assert is_sound()


def test_one_on_which_another_rests_is_refused(base):
    later = guangzhou(ONE)
    base.refresh_from_db()
    with pytest.raises(Refused, match=f"编号 {later.pk} 的数据包；请先撤回那一个"):
        ask_withdrawal(package=base, reason=REASON, by=first())
    withdrawn(later)
    assert withdrawn(base)["gone"] == 2


def test_approval_is_refused_if_another_came_in_meanwhile(base):
    base.refresh_from_db()
    request = ask_withdrawal(package=base, reason=REASON, by=first())
    guangzhou(ONE)
    with pytest.raises(Refused, match="请先撤回那一个"):
        approved(request)
    base.refresh_from_db()
    assert base.state == "admitted"


def test_other_divisions_later_words_stay(base):
    later = guangzhou(ONE, TWO, 某路1号="某路9号")
    put_in("440300", insurance=COVER)
    withdrawn(later)
    assert (person(ONE)["hukou_address"], person(ONE)["emp_pension_contrib_status"]) == ("某路1号", "1")


def test_who_was_held_against_it_is_let_in_and_held_again_with_what_comes_back(register):
    put_in("440300", insurance=COVER.replace("样例乙六", "样例乙陆"))
    first_words = guangzhou(ONE)
    assert Conflict.objects.get(state="open").division_code == "440100"
    before = contents()
    agreeing = guangzhou(ONE, 样例乙六="样例乙陆")
    assert Conflict.objects.filter(state="open").count() == 0
    withdrawn(agreeing)
    assert contents() == before
    assert Conflict.objects.get(state="open").package_id == first_words.pk
    withdrawn(first_words)
    assert [one.state for one in Conflict.objects.all()] == ["dropped", "dropped"]
    assert (person(ONE)["name"], person(ONE)["registration_status"]) == ("样例乙陆", "3")
    assert is_sound()


def test_a_statement_held_against_the_withdrawn_one_counts_again(base):
    put_in("440300", insurance=COVER.replace("样例乙六", "样例乙陆"))
    assert person(ONE)["emp_pension_contrib_status"] is None
    withdrawn(base)
    record = person(ONE)
    assert (record["name"], record["emp_pension_contrib_status"], record["registration_status"]) == (
        "样例乙陆", "1", "3",
    )  # fmt: skip


def test_a_settled_conflict_is_not_asked_again(register):
    put_in("440300", insurance=COVER.replace("样例乙六", "样例乙陆"))
    guangzhou(ONE)
    own = officer("city_data_officer", "4401", "guangzhou")
    settle(conflict=Conflict.objects.get(), decision="same", reason=REASON, by=own)
    before = contents()
    agreeing = guangzhou(ONE, 样例乙六="样例乙陆")
    withdrawn(agreeing)
    assert contents() == before
    assert [one.state for one in Conflict.objects.all()] == ["settled"]


def merge_between() -> Callable[[], object]:
    request = merged(ONE, TWO)
    return lambda: undone(request)


def correction_between() -> Callable[[], object]:
    request = corrected(ONE, hukou_address="某路7号")
    return lambda: undone(request)


@pytest.mark.parametrize("between", [merge_between, correction_between])
def test_what_officers_decided_meanwhile_stays_and_can_be_taken_back(base, between):
    before = contents()
    later = guangzhou(ONE, TWO, THREE, 某路1号="某路9号", 某路2号="某路8号")
    take_back = between()
    decided = contents()["person"]
    withdrawn(later)
    assert contents()["person"] != decided
    take_back()
    assert contents() == before
    assert is_sound()


def test_a_merge_made_meanwhile_shows_the_facts_that_came_back(base):
    later = guangzhou(ONE, TWO, 某路1号="某路9号")
    merged(TWO, ONE)
    withdrawn(later)
    (kept,) = asked("SELECT * FROM person WHERE home <> ''")
    assert (kept["ssn"], kept["hukou_address"]) == (TWO, "某路2号")


def test_a_correction_stands_whatever_goes(base):
    later = guangzhou(ONE, 某路1号="某路9号")
    corrected(ONE, hukou_address="某路7号")
    withdrawn(later)
    assert person(ONE)["hukou_address"] == "某路7号"


def test_a_split_made_meanwhile_keeps_its_number(base):
    put_in("440300", insurance=COVER)
    later = put_in("440300", insurance=COVER.replace(",440304", ",440305"))
    request = split(ONE, ["440300"])
    withdrawn(later)
    (apart,) = asked("SELECT * FROM person WHERE ssn LIKE 'TMP-440300%%'")
    assert apart["emp_pension_region_code"] == "440304"
    assert person(ONE)["registration_status"] == "2"
    undone(request)
    assert (person(ONE)["registration_status"], person(ONE)["emp_pension_region_code"]) == ("1", "440304")
    assert is_sound()


def test_half_admitted_and_stopped_it_can_be_withdrawn(base, monkeypatch):
    monkeypatch.setattr(admission, "PIECE", 1)
    before = contents()
    delivery = delivery_of(
        cleaned("440100", household=HEADS + "".join(HOUSEHOLDS.values()).replace("某路1号", "某路9号"))
    )
    half = received(delivery)
    with pytest.raises(Cancelled):
        admit(package=half, delivery=delivery, by=half.received_by, announce=lambda done: False)
    assert contents() != before
    withdrawn(half)
    assert contents() == before


def test_killed_between_pieces_it_goes_on_where_it_was(base, monkeypatch):
    before = contents()
    later = guangzhou(ONE, THREE, 某路1号="某路9号")
    approved(ask_withdrawal(package=Package.objects.get(pk=later.pk), reason=REASON, by=first()))
    later.refresh_from_db()
    monkeypatch.setattr(withdrawing, "PIECE", 1)
    done: list[int] = []

    def dying(many: int) -> bool:
        done.append(many)
        if len(done) == 2:
            raise KeyboardInterrupt
        return True

    with pytest.raises(KeyboardInterrupt):
        take_out(package=later, by=second(), announce=dying)
    assert AdmissionRange.objects.get(package=later, is_withdrawal=True).people == 2
    with pytest.raises(Cancelled):
        take_out(package=later, by=second(), announce=lambda many: False)
    counts = take_out(package=later, by=second())
    packages.finish_withdrawal(package=later, by=second())
    assert counts["people"] == 3 and contents() == before
    assert is_sound()


def test_a_piece_that_fails_leaves_nothing_of_itself(base, monkeypatch):
    later = guangzhou(ONE, THREE)
    approved(ask_withdrawal(package=Package.objects.get(pk=later.pk), reason=REASON, by=first()))
    later.refresh_from_db()
    half_way = contents()

    def fail(*_: object) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(withdrawing, "append", fail)
        with pytest.raises(RuntimeError):
            take_out(package=later, by=second())
    assert contents() == half_way
    take_out(package=later, by=second())
    assert len(contents()["facts"]) == 2


def test_the_same_file_can_be_sent_again(base):
    out = cleaned("440100", household=HEADS + HOUSEHOLDS[ONE] + HOUSEHOLDS[THREE])
    later = admitted(out)
    withdrawn(later)
    again = admitted(out)
    assert {one["ssn"] for one in asked("SELECT ssn FROM person_fact")} == {ONE, THREE}
    assert (person(THREE)["registration_status"], person(TWO)["disposition"]) == ("2", "out_of_scope")
    withdrawn(again)
    assert {one["ssn"] for one in asked("SELECT ssn FROM person_fact")} == {ONE, TWO}


def test_one_of_a_division_at_a_time(base):
    base.refresh_from_db()
    approved(ask_withdrawal(package=base, reason=REASON, by=first()))
    waiting = received(delivery_of(cleaned("440100", household=HEADS + HOUSEHOLDS[TWO])))
    Package.objects.filter(pk=waiting.pk).update(state="checked")
    waiting.refresh_from_db()
    with pytest.raises(Refused, match=f"编号 {base.pk} 的数据包还在准入或撤回中"):
        packages.order_admission(package=waiting, by=first())


def test_what_is_not_in_the_register_cannot_be_withdrawn(base):
    base.refresh_from_db()
    withdrawn(base)
    base.refresh_from_db()
    with pytest.raises(IllegalMove):
        ask_withdrawal(package=base, reason=REASON, by=first())


def test_a_city_asks_for_its_own_and_cannot_decide(base):
    base.refresh_from_db()
    other = officer("city_data_officer", "4403", "shenzhen")
    with pytest.raises(Refused, match="管辖范围"):
        ask_withdrawal(package=base, reason=REASON, by=other)
    own = officer("city_data_officer", "4401", "own")
    assert ask_withdrawal(package=base, reason=REASON, by=own).asked_area == "4401"


def test_each_piece_is_on_the_log_and_in_history(base):
    later = guangzhou(ONE, 某路1号="某路9号")
    withdrawn(later)
    kinds = [one["kind"] for one in asked("SELECT kind FROM history WHERE person_id = %s ORDER BY version", key(ONE))]
    assert kinds == ["registered", "changed", "withdrawn"]
    assert asked("SELECT count(*) AS many FROM audit_log WHERE action = 'withdraw'")[0]["many"] >= 1
