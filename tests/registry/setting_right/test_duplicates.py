"""Duplicate cover in the register: found as the slow reference finds it, ended by data, asked again if rows change."""

from __future__ import annotations

from random import Random

import pytest
from made_delivery import Cover, Said, admitted
from slow_duplicates import expected, open_ones

from canbao.core.covers import SLUGS
from canbao.core.progress import IllegalMove
from canbao.registry.access import Refused, working
from canbao.registry.actions.admission import take_out
from canbao.registry.actions.conflicts import settle as settle_conflict
from canbao.registry.actions.duplicates import Decision, decide
from canbao.registry.actions.packages import finish_withdrawal
from canbao.registry.actions.withdrawals import ask_withdrawal
from canbao.registry.duplicate_figures import figures
from canbao.registry.duplicates import Filters, desk, listed
from canbao.registry.models import Conflict, Duplicate, Officer, Package
from cleaning_desk import number
from people_of_office import officer
from protection_desk import protected
from setting_desk import REASON, approved, corrected, first, key, merged, second, undone

ONE, OTHER = "440106198503030335", "440106198503030319"
GUANGZHOU, SHENZHEN = ("440100", "440106"), ("440300", "440304")
PAID, DRAWN = ("1", ""), ("3", "1")


def say(division: tuple[str, str], *covers: Cover, ssn: str = ONE, **more: object) -> Package:
    """A division's package about one person."""
    return admitted(*division, {ssn: Said("张三", covers=covers, **more)}, first())


def paid(place: str, insurance_type: str = "emp_pension", states: tuple[str, str] = PAID) -> Cover:
    return Cover(insurance_type, *states, region_code=place)


def kept(**filters: object) -> list[Duplicate]:
    with working():
        return list(Duplicate.objects.filter(**filters).order_by("pk"))


def states() -> list[tuple[str, str]]:
    return [(one.kind, one.state) for one in kept()]


@pytest.mark.parametrize(
    ("kind", "here", "there", "more"),
    [
        ("paid_in_two_places", paid("440106"), paid("440304"), {}),
        ("both_pensions_paid", paid("440106"), paid("440106", "res_pension"), {}),
        ("both_pensions_drawn", paid("440106", states=DRAWN), paid("440106", "res_pension", DRAWN), {}),
        ("both_medicals_paid", paid("440106", "emp_medical"), paid("440106", "res_medical"), {}),
        ("drawn_in_two_places", paid("440106", "work_injury", DRAWN), paid("440304", "work_injury", DRAWN), {}),
        (
            "drawn_after_death",
            paid("440106", states=DRAWN),
            paid("440304", "res_medical", ("3", "2")),
            {"is_dead": True},
        ),
        ("paid_after_death", paid("440106", states=("2", "")), paid("440304", states=("3", "2")), {"is_dead": True}),
    ],
)
def test_each_rule_is_found_once_and_ends_when_data_say_so(register, kind, here, there, more):
    say(GUANGZHOU, here, **more)
    say(SHENZHEN, there)
    assert states() == [(kind, "open")]
    say(GUANGZHOU, Cover("emp_medical", "3", "", "440106"), **more)
    (ended,) = kept()
    assert (ended.kind, ended.state, ended.ended_on) == (kind, "ended", ended.found_on)


def test_covers_that_go_together_are_no_duplicates(register):
    say(GUANGZHOU, paid("440106"), paid("440106", "emp_medical"), paid("440304", states=("2", "")))
    say(SHENZHEN, Cover("emp_pension", "0", "1", "440304"), paid("440106"))
    assert states() == []


def test_what_officers_found_right_is_asked_again_when_rows_change_and_not_before(register):
    in_two_places()
    settle(first())
    say(SHENZHEN, paid("440304"), village="440304001001")
    assert states() == [("paid_in_two_places", "settled")]
    say(SHENZHEN, paid("440305"))
    assert [state for _, state in states()] == ["settled", "open"]
    say(SHENZHEN, Cover("emp_pension", "3", "2", "440305"))
    say(SHENZHEN, paid("440304"))
    assert [state for _, state in states()] == ["settled", "ended"]  # as it was when it was found right


def test_a_matter_waits_until_what_is_to_end_has_ended_whatever_else_changes(register):
    in_two_places()
    city = officer("city_data_officer", "4401")
    (one,) = kept()
    decided = decide(duplicate=one, decision=Decision("emp_pension:440304", REASON), by=city)
    assert (decided.state, decided.decision, (decided.due_on - decided.found_on).days) == ("waiting", "ends_there", 30)
    say(SHENZHEN, paid("440304"), paid("440305"))
    (one,) = kept()
    assert (one.state, one.areas) == ("waiting", "|4401|440106|4403|440304|440305")
    other = officer("city_data_officer", "4403")
    assert [mine.pk for mine in listed(Filters(asked=True), by=other)] == [one.pk]
    say(SHENZHEN, paid("440305"))
    (one,) = kept()
    assert (one.state, one.ends, one.due_on, len(one.said)) == ("open", "", None, 1)
    assert decide(duplicate=one, decision=Decision("emp_pension:440305", REASON), by=other).decision == "ends_here"
    say(SHENZHEN, ssn=OTHER)
    (one,) = kept()
    assert (one.state, len(one.said)) == ("ended", 2)


def test_who_is_not_concerned_and_what_is_over_is_refused(register):
    in_two_places()
    (one,) = kept()
    right = Decision("", REASON)
    with pytest.raises(Refused, match="无关"):
        decide(duplicate=one, decision=right, by=officer("city_data_officer", "4406"))
    city = officer("city_data_officer", "4401")
    for decision, why in ((Decision("", "对"), "理由"), (Decision("res_pension:440304", REASON), "哪一处")):
        with pytest.raises(Refused, match=why):
            decide(duplicate=one, decision=decision, by=city)
    decide(duplicate=one, decision=right, by=city)
    with pytest.raises(IllegalMove):
        decide(duplicate=one, decision=right, by=city)


def test_a_withdrawn_package_stops_nothing(register):
    package = in_two_places()
    withdrawn(package)
    assert states() == [("paid_in_two_places", "dropped")]
    assert figures(Filters(), by=first()) == []


def test_numbers_that_become_one_bring_a_duplicate_and_take_it_back(register):
    say(GUANGZHOU, paid("440106"))
    say(SHENZHEN, paid("440304"), ssn=OTHER)
    assert states() == []
    request = merged(ONE, OTHER)
    assert [(one.person_id, one.state) for one in kept()] == [(key(ONE), "open")]
    undone(request)
    assert states() == [("paid_in_two_places", "dropped")]


def test_a_death_that_officers_put_right_is_followed(register):
    say(GUANGZHOU, paid("440106", states=DRAWN))
    request = corrected(ONE, vital_status="2", death_date="2017-06-01")
    assert states() == [("drawn_after_death", "open")]
    undone(request)
    assert states() == [("drawn_after_death", "dropped")]


def test_what_is_held_out_does_not_count_until_it_is_settled(register):
    say(GUANGZHOU, paid("440106"))
    admitted(*SHENZHEN, {ONE: Said("李四光", covers=(paid("440304"),))}, first())
    assert states() == []
    (conflict,) = Conflict.objects.all()
    settle_conflict(conflict=conflict, decision="same", reason=REASON, by=officer("city_data_officer", "4403"))
    assert states() == [("paid_in_two_places", "open")]


def test_protected_people_are_on_nobodys_list(register):
    in_two_places()
    city = officer("city_data_officer", "4401")
    protected(ONE, [officer("city_data_officer", "4403")])
    assert listed(Filters(), by=city) == [] and desk(kept()[0].pk, by=city) is None


def test_lists_and_figures_are_those_of_ones_own_place(register):
    in_two_places()
    assert len(listed(Filters(place="4403"), by=first())) == len(figures(Filters(place="4403"), by=first())) == 1
    for area, many in (("4401", 1), ("440106", 1), ("440304", 1), ("4406", 0), ("440105", 0)):
        by = officer("city_data_officer" if len(area) == 4 else "county_officer", area)
        assert len(listed(Filters(), by=by)) == len(figures(Filters(), by=by)) == many, area
    say(SHENZHEN, ssn=OTHER)
    (figure,) = figures(Filters(), by=first())
    assert (figure.found, figure.settled, figure.ended, figure.people) == (1, 0, 1, 1)
    for asked_for in (Filters(kind="both_pensions_paid"), Filters(place="4406")):
        assert figures(asked_for, by=first()) == []


@pytest.mark.parametrize("seed", range(4))
def test_sql_finds_what_the_slow_reference_finds(register, seed):
    dice, by = Random(seed), first()
    for _ in range(2):
        for division in (GUANGZHOU, SHENZHEN):
            admitted(*division, {number(serial): anybody(dice) for serial in range(60)}, by)
        assert open_ones() == expected(by) != set()


def anybody(dice: Random) -> Said:
    """Anything that a division may say of somebody's covers."""
    codes = ("", "0", "1", "1", "2", "3")
    covers = tuple(
        Cover(dice.choice(SLUGS), dice.choice(codes), dice.choice(codes[2:]), dice.choice(("", "440106", "440304")))
        for _ in range(dice.randrange(5))
    )
    return Said(dice.choice(("张三", "张三", "张三", "王小二")), covers=covers, is_dead=dice.random() < 0.2)


def in_two_places() -> Package:
    """One person paying in Guangzhou and Shenzhen; gives the later package."""
    say(GUANGZHOU, paid("440106"))
    return say(SHENZHEN, paid("440304"))


def settle(by: Officer) -> None:
    decide(duplicate=kept(state="open")[0], decision=Decision("", REASON), by=by)


def withdrawn(package: Package) -> None:
    """Take a package out, as asked and approved."""
    approved(ask_withdrawal(package=package, reason=REASON, by=first()))
    take_out(package=package, by=second())
    finish_withdrawal(package=package, by=second())
