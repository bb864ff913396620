"""Whoever holds a letter learns nothing from the form: the same answers get the same words, whoever is meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.core.survey_form import Form, Overlay, laid_over, read_answers
from canbao.law.reader import read_law
from canbao.law.survey import Question, read_survey
from canbao.survey.actions.entries import Unfinished
from canbao.survey.actions.self_filling import turn_in
from canbao.survey.resident_form import UNASKED, resident_form, rests_on_register, told, with_said
from canbao.survey.self_codes import LETTERS, new_code, read_code
from filling_desk import code_for, code_id, filled, open_campaign

TODAY = date(2017, 6, 30)
FORM = resident_form(laid_over(read_survey(), Overlay()))
FACTS = {"attempts_enough": "0", "day_is_outside": "0", "sex": "1"}
OTHERS = st.fixed_dictionaries(
    {
        "mobile_is_shared": st.sampled_from("01"),
        "residence_is_hukou": st.sampled_from("01"),
        "birth_date": st.dates(date(1920, 1, 1), TODAY),
    }
)


def choices(form: Form) -> st.SearchStrategy[dict[str, str]]:
    """Whatever somebody may write on a form."""
    return st.fixed_dictionaries(
        {},
        optional={
            id_: st.sampled_from([code for code, _ in one.options] or ["1"])
            if one.kind == "code"
            else st.text(max_size=12)
            for id_, one in form.questions.items()
        },
    )


@given(choices(FORM), OTHERS, OTHERS)
def test_the_same_answers_get_the_same_words_whoever_is_meant(written, one, other):
    said = [
        told(
            FORM,
            read_answers(FORM, with_said(FORM, written, TODAY), facts={**FACTS, **facts}, as_of=TODAY, law=read_law()),
        )
        for facts in (one, other)
    ]
    assert said[0] == said[1]


def test_what_rests_on_the_register_goes_to_the_reviewer_instead(people):
    _, tasks = open_campaign()
    said = filled(no_unit_type="1", hukou_residence_split="1", residence_address="某路0号")
    entry = turn_in(code_id=code_id(code_for(tasks[0])), written=said, reasons={})
    assert "SF08" in entry.found and entry.reasons["SF08"] == UNASKED
    assert not entry.task.is_clean


def test_a_finding_that_rests_on_the_register_blocks_no_resident():
    assert {one.id for one in FORM.findings if rests_on_register(one)} >= {
        "SF08",
        "SF09",
        "SF10",
        "SF11",
        "SF13",
        "SF15",
    }
    for one in FORM.findings:
        assert one.fixed or one.severity != "block" or not rests_on_register(one), one.id


def test_a_city_s_own_questions_are_asked_and_its_hidden_ones_are_not(people):
    extra = Question(id="extra_home", label="房子是自己的吗", codes="yes_no", needed={"always": True})
    form = resident_form(
        laid_over(read_survey(), Overlay(frozenset({"willing", "phone"}), frozenset({"unit_no"}), (extra,)))
    )
    assert "extra_home" in form.questions and not {"willing", "phone", "unit_no"} & {*form.questions}
    reading = read_answers(form, with_said(form, filled(), TODAY), facts={**FACTS}, as_of=TODAY, law=read_law())
    assert [(one.question, one.says) for one in told(form, reading)] == [("extra_home", "请选一个")]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"signed": ""}, "signed"), ({"respondent": "4"}, "respondent"), ({"mobile": "12"}, "mobile"),
        ({"uninsured_reason": "Z1"}, "uninsured_reason"), ({"uninsured_reason": "20"}, "uninsured_reason"),
        ({"employment_status": "1"}, "unit_name"), ({"identity_right": "0"}, "identity_note"),
        ({"residence_address": "长" * 151}, "residence_address"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_at_its_question(people, more, where):
    _, tasks = open_campaign()
    with pytest.raises(Unfinished) as unfinished:
        turn_in(code_id=code_id(code_for(tasks[0])), written=filled(**more), reasons={})
    assert where in {one.question for one in unfinished.value.found}


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none(written):
    code = read_code(written)
    assert code == "" or (len(code) == 12 and set(code) <= set(LETTERS))


def test_each_code_is_read_as_it_is_printed():
    drawn = [new_code() for _ in range(200)]
    assert len({*drawn}) == 200 and [read_code(one) for one in drawn] == [one.replace("-", "") for one in drawn]
