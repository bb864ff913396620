"""The gate's judgement, held against made shapes: what stops a package, what lets it through, and what is only told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from canbao.core.trouble import Trouble
from canbao.registry.plausibility import Found, is_doubtful, judging
from canbao.registry.plausibility.judging import Held, judged
from canbao.registry.plausibility.meeting import Meeting
from canbao.registry.plausibility.shape import Shape, Spread
from canbao.registry.plausibility.thresholds import OURS, VARIABLE, read_thresholds

KNOWN = {"440604", "440604010", "440604010001"}
SPREAD = {
    "sex": Spread(empty=0, most=510, values={"1": 490, "2": 510}),
    "registration_status": Spread(empty=10, most=700, values={"1": 700, "2": 290}),
    "mobile": Spread(empty=100, most=2),
}
SHAPE = Shape(
    people=1000, covers=1800, evidence=1500, twins=3, covers_twice=5, items=SPREAD, fingerprint="1000-1",
    places={"admin_division_code": {"440604": 1000}, "hukou_town_code": {"440604010": 900}},
)  # fmt: skip
MET = Meeting(people=1000, known=990, stated=980, changed=120, conflicts=3, before=995)
USUAL = Held(division="440600", shape=SHAPE, met=MET, before_people=995, before=SHAPE, twin=None)


@pytest.fixture(autouse=True)
def places(monkeypatch):
    monkeypatch.setattr(judging, "_known_codes", lambda: KNOWN)


def beyond(held: Held) -> set[tuple[str, str]]:
    return {(one.kind, one.of) for one in judged(held, read_thresholds()) if one.verdict == "beyond"}


def shaped(**changes: object) -> Held:
    return replace(USUAL, shape=SHAPE.model_copy(update=changes))


def met(**changes: object) -> Held:
    return replace(USUAL, met=replace(MET, **changes))


def spread(item: str, **values: object) -> Held:
    return shaped(items={**SPREAD, item: SPREAD[item].model_copy(update=values)})


def test_a_usual_package_is_let_through():
    assert beyond(USUAL) == set()


@pytest.mark.parametrize(
    ("held", "kinds"),
    [
        (shaped(people=2000), {"people"}),
        (shaped(people=600, items={}), {"people"}),
        (shaped(covers=3600, covers_twice=1800), {"covers", "covers_twice"}),
        (shaped(twins=500), {"twins"}),
        (met(stated=500), {"new", "gone"}),
        (met(changed=900), {"changed"}),
        (met(conflicts=100), {"conflicts"}),
        (met(shared={"440100": 400}), {"shared"}),
        (replace(USUAL, twin=7), {"same_numbers"}),
        (spread("sex", values={"1": 0, "2": 1000}, most=1000), {"one_value", "commonest"}),
        (spread("registration_status", values={}, empty=1000, most=0), {"empty"}),
        (spread("mobile", most=900), {"one_value", "commonest"}),
        (shaped(places={"admin_division_code": {"440604": 900, "440699": 100}}), {"places"}),
        (shaped(places={"admin_division_code": {"440106": 1000}}), {"places", "elsewhere"}),
    ],
)
def test_each_fault_stops_it(held, kinds):
    assert {kind for kind, _ in beyond(held)} == kinds


def test_what_is_beyond_says_which_item_value_and_how_much():
    (risen,) = [one for one in judged(spread("sex", values={"1": 0, "2": 1000}, most=1000), read_thresholds())
                if one.kind == "one_value"]  # fmt: skip
    assert (risen.of, risen.before, risen.now, risen.value) == ("性别：2 女性", 510, 1000, 0.49)


def test_the_first_package_is_held_against_the_register_and_itself_alone():
    first = replace(USUAL, before=None, before_people=None, met=replace(MET, before=0, stated=0, changed=0))
    verdicts = {one.kind: one.verdict for one in judged(first, read_thresholds())}
    assert {kind for kind, verdict in verdicts.items() if verdict == "unjudged"} == {
        "people", "covers", "new", "gone", "changed", "one_value", "empty",
    }  # fmt: skip
    assert "twins" in {kind for kind, _ in beyond(replace(first, shape=SHAPE.model_copy(update={"twins": 500})))}


def test_the_police_list_is_shared_by_all_cities():
    held = replace(met(shared={"440100": 900}), division="440000")
    assert not beyond(held) & {("shared", "广州市")}


def test_shares_of_few_people_say_nothing():
    few = Shape(people=19, covers=19, evidence=19, twins=19, covers_twice=19, items={}, fingerprint="19-1")
    assert beyond(replace(USUAL, shape=few, before=None, before_people=2, met=Meeting(people=19, before=2))) == set()


@given(
    some.integers(0, 10**9), some.integers(0, 10**9), some.integers(0, 10**9), some.integers(0, 10**9),
    some.integers(0, 10**9),
)  # fmt: skip
@settings(max_examples=60)
def test_any_counts_are_judged_and_said(people, stated, before, twins, had):
    stated = min(people, stated, before)
    held = replace(
        USUAL, shape=SHAPE.model_copy(update={"people": people, "twins": min(twins, people)}), before_people=had,
        met=Meeting(people=people, stated=stated, before=before),
    )  # fmt: skip
    measures = judged(held, read_thresholds())
    assert {one.kind for one in measures} == {*read_thresholds().bounds}
    is_double = had >= 20 and people >= 2 * had
    assert not is_double or ("people", "") in {(one.kind, one.of) for one in measures if one.verdict == "beyond"}


def test_thresholds_of_ones_own_take_the_place_of_ours(monkeypatch, tmp_path):
    ours = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    ours["bounds"]["people"]["most"] = 3
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(ours, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(own))
    assert beyond(shaped(people=2000)) == set()


@pytest.mark.parametrize("text", ["", "- 1\n", "fewest: 0\n", "fewest: 20\nbounds: {}\ncommonest_of: {}\n", "\x00"])
def test_thresholds_that_cannot_be_understood_say_where_and_what_to_do(monkeypatch, tmp_path, text):
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(own))
    with pytest.raises(Trouble, match=VARIABLE) as trouble:
        read_thresholds()
    assert str(own) in str(trouble.value) and OURS.name in str(trouble.value)


def test_a_folder_or_nothing_in_its_place_is_told_too(monkeypatch, tmp_path):
    for place in (tmp_path, Path("/nowhere/own.yaml")):
        monkeypatch.setenv(VARIABLE, str(place))
        with pytest.raises(Trouble):
            read_thresholds()


def test_what_could_not_be_judged_is_doubtful():
    kept = Found(at="2017-06-30T00:00:00", before=None, trouble="读不懂").model_dump(mode="json")
    assert is_doubtful(kept)
    assert not is_doubtful({**kept, "trouble": ""})
