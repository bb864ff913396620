"""The form as residents fill it in: in simple words, without what only officers know, telling nothing of the register.

A finding that rests on what the register says (an age, a mobile that others gave too) is not told: whoever found a
letter would learn from it. It goes to the reviewer as a remark instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from canbao.core.survey_form import NEEDED, WRONG, Form, Found, Reading
from canbao.core.text import normalise_text
from canbao.law.mentions import mentions
from canbao.law.self_filling import read_self_filling
from canbao.law.survey import SYSTEM, FormFinding, Question, Section
from canbao.registry.deeds import LONGEST

UNASKED = "本人自填，没有问到"
"""The reason of a remark that the resident wasn't told of."""


def resident_form(form: Form) -> Form:
    """A task's form in words for residents; questions that the program answers stay in it, and are not drawn."""
    sections = tuple(_section(one) for one in form.sections)
    return Form(tuple(one for one in sections if one.questions), tuple(_finding(one) for one in form.findings))


def drawn_sections(form: Form) -> list[Section]:
    """The sections of a resident's form with the questions that they see."""
    law = read_self_filling()
    unseen = {*law.said, law.dated}
    kept = [
        one.model_copy(update={"questions": tuple(each for each in one.questions if each.id not in unseen)})
        for one in form.sections
    ]
    return [one for one in kept if one.questions]


def with_said(form: Form, written: Mapping[str, str], today: date) -> dict[str, str]:
    """What the resident wrote, bounded, with what the program says for them."""
    law = read_self_filling()
    own = {name: normalise_text(text)[:LONGEST] for name, text in written.items() if name in form.questions}
    return {**own, **law.said, law.dated: today.isoformat()}


def rests_on_register(finding: FormFinding) -> bool:
    """Whether a finding asks for more than what stands on the form."""
    return any(one.kind == "field" and one.name in SYSTEM for one in mentions(finding.when))


def told(form: Form, reading: Reading) -> list[Found]:
    """What the resident is told: findings that rest on their own answers, each in simple words."""
    silent = _silent(form)
    return [_in_plain_words(one, form) for one in reading.found if one.severity == "block" or one.rule not in silent]


def unasked_reasons(form: Form, reading: Reading) -> dict[str, str]:
    """The reasons of remarks that go to the reviewer untold."""
    silent = _silent(form)
    return {one.rule: UNASKED for one in reading.warnings if one.rule in silent}


def _silent(form: Form) -> set[str]:
    """The findings that a resident is not told."""
    return {one.id for one in form.findings if rests_on_register(one)}


def _section(section: Section) -> Section:
    law = read_self_filling()
    questions = tuple(_question(one) for one in section.questions if one.id not in law.left_out)
    return section.model_copy(
        update={"label": law.sections.get(section.id, section.label), "questions": questions},
    )


def _question(question: Question) -> Question:
    asked = read_self_filling().by_id.get(question.id)
    if asked is None:
        return question
    options = asked.options or question.options
    return question.model_copy(update={"label": asked.asks, "options": options})


def _finding(finding: FormFinding) -> FormFinding:
    says = read_self_filling().findings.get(finding.id, finding.says)
    is_passed_on = rests_on_register(finding) and finding.severity == "block" and not finding.fixed
    return finding.model_copy(update={"says": says, "severity": "warn" if is_passed_on else finding.severity})


def _in_plain_words(found: Found, form: Form) -> Found:
    is_choice = form.questions[found.question].kind == "code" if found.question in form.questions else False
    if found.rule == NEEDED:
        return replace(found, says="请选一个" if is_choice else "请填写")
    return replace(found, says="请选一个") if found.rule == WRONG and is_choice else found
