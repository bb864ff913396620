"""The form's questions as they are drawn: how each is typed, what stands there, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from canbao.core.conditions.chinese import value_label
from canbao.core.survey_form import Form, Found, Reading, options_of
from canbao.law.reader import read_law
from canbao.law.survey import Question
from canbao.survey.models import Comment


@dataclass(frozen=True)
class Field:
    """One question: `options` for a coded one, `value` what is typed, `registered` what the register has."""

    question: Question
    value: str
    registered: str
    is_asked: bool
    is_needed: bool
    options: list[tuple[str, str]]
    found: list[Found] = field(default_factory=list)
    comments: Sequence[Comment] = ()

    @property
    def id(self) -> str:
        """The name of its field."""
        return self.question.id

    @property
    def differs(self) -> bool:
        """Whether the register has something else than what is typed."""
        return bool(self.registered) and self.value not in (self.registered, self.registered.partition(" ")[0])

    @property
    def input_type(self) -> str:
        """What a browser types it with."""
        return {"day": "date", "mobile": "tel", "phone": "tel"}.get(self.question.kind, "text")


@dataclass(frozen=True)
class Part:
    """A section's questions."""

    label: str
    fields: list[Field]

    @property
    def is_asked(self) -> bool:
        """Whether any of them is asked now."""
        return any(one.is_asked for one in self.fields)


def parts(
    form: Form, written: Mapping[str, str], reading: Reading, person: Mapping[str, object],
    comments: Mapping[str, Sequence[Comment]], *, shows_gaps: bool,
) -> list[Part]:  # fmt: skip
    """The form as it is drawn; what is merely missing is told only when somebody has tried to hand it in."""
    return [
        Part(
            section.label,
            [_field(one, written, reading, person, comments, shows_gaps) for one in section.questions],
        )
        for section in form.sections
    ]


def _field(
    one: Question, written: Mapping[str, str], reading: Reading, person: Mapping[str, object],
    comments: Mapping[str, Sequence[Comment]], shows_gaps: bool,
) -> Field:  # fmt: skip
    found = [each for each in reading.found if each.question == one.id]
    return Field(
        question=one, value=written.get(one.id, ""), registered=_registered(one, person),
        is_asked=one.id in reading.asked, is_needed=one.needed is not None, options=options_of(one, read_law()),
        found=[each for each in found if shows_gaps or each.rule != "needed"], comments=comments.get(one.id, ()),
    )  # fmt: skip


def _registered(one: Question, person: Mapping[str, object]) -> str:
    """What the register has, with its code's label."""
    known = str(person.get(one.field) or "") if one.field else ""
    return value_label(one.field, known, read_law()) if known and one.codes else known
