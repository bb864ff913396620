"""The questions as a resident sees them: one below the other, and what follows from an answer right under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from canbao.core.survey_form import Form, Found, options_of
from canbao.law.reader import read_law
from canbao.law.self_filling import read_self_filling
from canbao.law.survey import Question
from canbao.survey.resident_form import drawn_sections

MOST_IN_SIGHT = 8
"""Choices that are shown all at once; more are a list to open."""
TYPES = {"day": "date", "mobile": "tel", "phone": "tel"}


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, and the questions that are asked if it is chosen."""

    code: str
    label: str
    follows: Sequence[Drawn] = ()


@dataclass(frozen=True)
class Drawn:
    """One question; `reasons` are the remarks on it that want a reason, each with what was written."""

    question: Question
    value: str
    hint: str
    is_needed: bool
    options: list[Option]
    found: list[Found] = field(default_factory=list)
    reasons: list[tuple[Found, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The name of its field."""
        return self.question.id

    @property
    def kind(self) -> str:
        """How it is drawn: choices in sight, a list, or a line to type."""
        if not self.options:
            return "line"
        return "choices" if len(self.options) <= MOST_IN_SIGHT else "list"

    @property
    def input_type(self) -> str:
        """What a browser types it with."""
        return TYPES.get(self.question.kind, "text")


@dataclass(frozen=True)
class Part:
    """A section's questions."""

    label: str
    questions: list[Drawn]


@dataclass(frozen=True)
class Sheet:
    """What was written on a form, and what was found wrong with it."""

    form: Form
    written: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[Found] = ()

    def parts(self) -> list[Part]:
        """The form as it is drawn."""
        return [Part(one.label, self._questions(one.questions)) for one in drawn_sections(self.form)]

    def _questions(self, among: Sequence[Question]) -> list[Drawn]:
        below = {one.id: _above(one, among) for one in among}
        return [self._drawn(one, among, below) for one in among if below[one.id] is None]

    def _drawn(self, one: Question, among: Sequence[Question], below: Mapping[str, tuple[str, str] | None]) -> Drawn:
        words = read_self_filling().by_id.get(one.id)
        options = [
            Option(code, label, [self._drawn(each, among, below) for each in among if below[each.id] == (one.id, code)])
            for code, label in options_of(one, read_law())
        ]
        hint, is_needed = words.hint if words else "", one.needed is not None
        return Drawn(one, self.written.get(one.id, ""), hint, is_needed, options, *self._said(one.id))

    def _said(self, id_: str) -> tuple[list[Found], list[tuple[Found, str]]]:
        """What is wrong at a question, and the remarks at it that want a reason or have got one."""
        remarks = {one.id: one for one in self.form.findings if one.severity == "warn" and one.question == id_}
        here = [one for one in self.found if one.question == id_]
        wanted = {one.rule: one for one in here if one.rule in remarks}
        for rule in remarks.keys() & self.reasons.keys() - wanted.keys():
            wanted[rule] = Found(rule, id_, "warn", remarks[rule].says)
        return [one for one in here if one.rule not in remarks], [
            (one, self.reasons.get(rule, "")) for rule, one in sorted(wanted.items())
        ]


def _above(one: Question, among: Sequence[Question]) -> tuple[str, str] | None:
    """The choice under which a question stands, as (question, code); None for one that stands by itself."""
    if not isinstance(one.shown, dict) or len(one.shown) != 1:
        return None
    ((id_, codes),) = one.shown.items()
    parent = next((each for each in among if each.id == id_ and each is not one), None)
    if parent is None or not isinstance(codes, list) or len(codes) != 1:
        return None
    offered = options_of(parent, read_law())
    is_in_sight = len(offered) <= MOST_IN_SIGHT and codes[0] in {code for code, _ in offered}
    return (id_, str(codes[0])) if is_in_sight else None
