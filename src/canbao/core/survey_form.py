"""Answers to the registration form, judged one form at a time: what is asked, what is missing, what is wrong.

粤人社办〔2017〕96号 三（三）; the questions and findings are `law/…/survey.yaml`, laid over by a city's own version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from canbao.core.conditions import Record, holds, read_condition
from canbao.core.conditions.python import Value
from canbao.core.dates import read_day
from canbao.core.text import normalise_text
from canbao.law.models import Condition
from canbao.law.reader import Law
from canbao.law.survey import FormFinding, Question, Section, Severity, SurveyLaw

Answers = Mapping[str, str]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "ignore")
NEEDED, WRONG, TOO_LONG = "needed", "wrong", "too_long"
"""What is found besides the law's findings: an answer that is missing, of no meaning, or too long; these block."""


@dataclass(frozen=True)
class Overlay:
    """What a city has changed of the form: hidden and additional questions, those it wants answered, severities."""

    hidden: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    extra: tuple[Question, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """The form that holds: sections with their questions, findings with their severities."""

    sections: tuple[Section, ...]
    findings: tuple[FormFinding, ...]

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in their order."""
        return {one.id: one for section in self.sections for one in section.questions}


@dataclass(frozen=True)
class Found:
    """What is wrong at a question: `rule` is the finding's id, or NEEDED, WRONG or TOO_LONG."""

    rule: str
    question: str
    severity: Severity
    says: str


@dataclass(frozen=True)
class Reading:
    """Answers as they are kept: normalised, those of questions that are asked; `asked` are those questions.

    `kept` are answers that were written to questions which are not asked now: nothing typed is thrown away.
    """

    answers: dict[str, str]
    asked: frozenset[str]
    found: tuple[Found, ...]
    kept: dict[str, str]

    @property
    def blocking(self) -> list[Found]:
        """What has to be put right before the form is handed in."""
        return [one for one in self.found if one.severity == "block"]

    @property
    def warnings(self) -> list[Found]:
        """What is handed in with a reason."""
        return [one for one in self.found if one.severity == "warn"]


def laid_over(law: SurveyLaw, overlay: Overlay) -> Form:
    """The law's form with a city's changes; core questions and fixed findings stay as they are."""
    sections = [
        section.model_copy(update={"questions": tuple(_changed(section.questions, overlay))})
        for section in law.sections
    ]
    if overlay.extra:
        sections.append(Section(id="extra", label="本市补充", shown={"survey_outcome": ["1"]}, questions=overlay.extra))
    findings = tuple(
        one if one.fixed else one.model_copy(update={"severity": overlay.severities.get(one.id, one.severity)})
        for one in law.findings
    )
    return Form(tuple(section for section in sections if section.questions), findings)


def _changed(questions: Iterable[Question], overlay: Overlay) -> Iterable[Question]:
    for one in questions:
        if one.core or one.id not in overlay.hidden:
            is_needed = one.id in overlay.needed and one.needed is None
            yield one.model_copy(update={"needed": {"always": True}}) if is_needed else one


def read_answers(form: Form, written: Answers, *, facts: Mapping[str, Value], as_of: date, law: Law) -> Reading:
    """Read what somebody has written, and say what is wrong with it; `facts` are law.survey.SYSTEM's, by name.

    A question that is not asked, given the other answers, has no say: what stands there is in `kept`.
    """
    answers, found = _understood(form, written, law)
    asked = _asked(form, answers, facts, as_of)
    record = _record({name: value for name, value in answers.items() if name in asked}, facts, as_of)
    found = [one for one in found if one.question in asked]
    wrong = {one.question for one in found}
    found += _missing(form, record, asked - wrong)
    found += [one for one in _odd(form, record) if one.question not in wrong]
    return Reading(
        {name: answers[name] for name in form.questions if name in asked and answers.get(name)},
        asked,
        tuple(found),
        {name: text for name, text in written.items() if name not in asked and text.strip()},
    )


def _understood(form: Form, written: Answers, law: Law) -> tuple[dict[str, str], list[Found]]:
    answers: dict[str, str] = {}
    found: list[Found] = []
    for question in form.questions.values():
        text = normalise_text(written.get(question.id, ""))
        value = _value(question, text, law) if text else ""
        if text and not value:
            found.append(Found(WRONG, question.id, "block", _how(question, law)))
        elif len(value) > question.longest:
            found.append(Found(TOO_LONG, question.id, "block", f"最多 {question.longest} 个字"))
        answers[question.id] = value
    return answers, found


def _value(question: Question, text: str, law: Law) -> str:
    if question.kind == "code":
        return _code(options_of(question, law), text)
    if question.kind == "day":
        day = read_day(text)
        return day.isoformat() if day else ""
    if question.kind == "mobile":
        return text if re.fullmatch("1[0-9]{10}", text) else ""
    if question.kind == "phone":
        return text if re.fullmatch(r"[0-9][0-9 -]{5,18}[0-9](转[0-9]{1,6})?", text) else ""
    return text


def options_of(question: Question, law: Law) -> list[tuple[str, str]]:
    """The codes of a question with their labels, in their order."""
    if question.options:
        return [*question.options]
    return [(one.code, one.label) for one in law.codes[question.codes].codes if one.enabled] if question.codes else []


def _code(options: Sequence[tuple[str, str]], text: str) -> str:
    """The code that is meant: the code itself, `1.`, `1 完成` or the label."""
    said = text.rstrip(".、． ")
    for code, label in options:
        if said in (code, label, f"{code} {label}", f"{code}.{label}", f"{code}、{label}"):
            return code
    return ""


def _how(question: Question, law: Law) -> str:
    if question.kind == "code":
        codes = "、".join(f"{code} {label}" for code, label in options_of(question, law)[:8])
        return f"请填代码：{codes}"
    forms = {
        "day": "请填日期，如 2026-06-30",
        "mobile": "请填 11 位手机号码",
        "phone": "请填电话号码，如 0757-12345678",
    }
    return forms.get(question.kind, "请重新填写")


def _asked(form: Form, answers: Answers, facts: Mapping[str, Value], as_of: date) -> frozenset[str]:
    """The questions that are asked, from the first to the last: what is not asked doesn't decide about later ones."""
    known: dict[str, str] = {}
    asked: set[str] = set()
    for section in form.sections:
        for question in section.questions:
            record = _record(known, facts, as_of)
            if _holds(section.shown, record) and _holds(question.shown, record):
                asked.add(question.id)
                known[question.id] = answers[question.id]
    return frozenset(asked)


def _missing(form: Form, record: Record, among: frozenset[str]) -> list[Found]:
    return [
        Found(NEEDED, one.id, "block", f"请填写{one.label}")
        for one in form.questions.values()
        if one.id in among and one.needed is not None and _holds(one.needed, record) and record.item(one.id) is None
    ]


def _odd(form: Form, record: Record) -> list[Found]:
    return [
        Found(one.id, one.question, one.severity, one.says)
        for one in form.findings
        if one.severity != "ignore" and holds(read_condition(one.when), record)
    ]


def _holds(condition: Condition | None, record: Record) -> bool:
    return condition is None or holds(read_condition(condition), record) is True


def _record(answers: Answers, facts: Mapping[str, Value], as_of: date) -> Record:
    return Record({**facts, **answers}, as_of)


def with_reasons(found: Sequence[Found], reasons: Mapping[str, str]) -> list[Found]:
    """The warnings that nobody has given a reason for, as they block then."""
    return [
        replace(one, severity="block", says=f"{one.says}（请写明原因）")
        for one in found
        if one.severity == "warn" and not reasons.get(one.rule, "").strip()
    ]
