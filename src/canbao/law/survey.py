"""The survey: the questions of the registration form, what is wrong with an answer, why a form goes back; all cited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from canbao.law.consistency import twice, uncited
from canbao.law.models import Cited, Condition, Strict
from canbao.law.reader import HOME, LawError, read_law, read_whole

Kind = Literal["code", "text", "day", "mobile", "phone"]
Severity = Literal["block", "warn", "ignore"]
SYSTEM = (
    "attempts_enough", "day_is_outside", "mobile_is_shared", "residence_is_hukou", "sex", "birth_date",
)  # fmt: skip
"""What conditions may ask besides the form's own questions: said by the program, `1` for yes."""


class Question(Strict):
    """One question of the form; `field` is the item of the register it answers, `core` ones are never hidden.

    `shown` says when it is asked, `needed` when it has to be answered.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: Kind = "text"
    codes: str = ""
    options: tuple[tuple[str, str], ...] = ()
    field: str = ""
    longest: int = Field(default=64, gt=0, le=500)
    prefill: bool = False
    core: bool = False
    needed: Condition | None = None
    shown: Condition | None = None

    @model_validator(mode="before")
    @classmethod
    def _coded(cls, written: Any) -> Any:
        if isinstance(written, dict) and (written.get("codes") or written.get("options")):
            return {"kind": "code", **written}
        return written


class Section(Strict):
    """Questions under one heading; `shown` holds for all of them."""

    id: str
    label: str
    shown: Condition | None = None
    questions: tuple[Question, ...]


class FormFinding(Cited):
    """Something that is wrong or odd with answers: told at `question`; a `fixed` one is as it is in every city."""

    id: str
    question: str
    severity: Severity
    fixed: bool = False
    says: str
    when: Condition


class Reason(Strict):
    """A reason for which a form goes back, or is not in the archive."""

    id: str
    label: str


class SurveyRules(Strict):
    """Numbers that a campaign begins with: failed visits before 人户分离, days till a paper form is entered, days
    between announcement and beginning, days between two urge letters, per cent of forms called, years kept."""

    attempts: int = Field(ge=1)
    entry_days: int = Field(ge=1)
    announced_days: int = Field(ge=0)
    urge_days: int = Field(ge=1)
    spot_check_percent: int = Field(ge=0, le=100)
    keep_years: int = Field(ge=1)


class SurveyLaw(Cited):
    """The whole of survey.yaml."""

    sections: tuple[Section, ...]
    findings: tuple[FormFinding, ...]
    returns: tuple[Reason, ...]
    absences: tuple[Reason, ...]
    failed_outcomes: tuple[str, ...]
    rules: SurveyRules

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id, in their order."""
        return {one.id: one for section in self.sections for one in section.questions}


@cache
def read_survey(home: Path = HOME) -> SurveyLaw:
    """Read and check `survey.yaml`; raises LawError naming the entry that can't be trusted."""
    survey = read_whole(home / "survey.yaml", SurveyLaw)
    found = [*_contradictions(survey)]
    if found:
        raise LawError("调查表有矛盾：\n" + "\n".join(found))
    return survey


def _contradictions(survey: SurveyLaw) -> Iterator[str]:
    law = read_law()
    ids = [one.id for section in survey.sections for one in section.questions]
    for id_ in twice(ids):
        yield f"问题 {id_} 出现了两次"
    for question in survey.questions.values():
        if question.codes and question.codes not in law.codes:
            yield f"问题 {question.id}：没有代码表 {question.codes}"
        if question.field and question.field not in law.fields:
            yield f"问题 {question.id}：没有指标项 {question.field}"
    yield from uncited([("survey.yaml", survey), *((one.id, one) for one in survey.findings)], law)
    for finding in survey.findings:
        if finding.question not in survey.questions:
            yield f"校验 {finding.id}：没有问题 {finding.question}"
