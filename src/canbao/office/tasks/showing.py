"""A task as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from canbao.core.conditions.chinese import value_label
from canbao.core.survey_form import Form, options_of
from canbao.law.reader import read_law
from canbao.law.survey import Question, read_survey
from canbao.office.people.showing import label_of
from canbao.office.time_line import time_line
from canbao.survey.actions.settling import REASONS
from canbao.survey.models import Entry, TaskMove
from canbao.survey.opening import Opened

SHOWN = (
    "name", "ssn", "sex", "birth_date", "hukou_address", "residence_address", "mobile", "employment_status",
    "no_unit_type", "uninsured_reason",
)  # fmt: skip


def person_facts(opened: Opened) -> list[tuple[str, str]]:
    """What the register says of the person, whole: who is sent to visit somebody has to know whom."""
    return [(label_of(name), in_words(name, opened.person.get(name))) for name in SHOWN]


def in_words(name: str, value: Any) -> str:
    """An item's value with its code's label."""
    return value_label(name, str(value), read_law()) if value else "—"


def answer_rows(form: Form, entry: Entry, person: dict[str, Any]) -> list[dict[str, Any]]:
    """Each answered question beside what the register has."""
    rows = []
    for question in form.questions.values():
        answer = entry.answers.get(question.id)
        if answer is None:
            continue
        registered = person.get(question.field) if question.field else None
        rows.append(
            {
                "id": question.id,
                "label": question.label,
                "answer": answered(question, answer),
                "registered": in_words(question.field, registered) if question.field else "",
                "differs": bool(question.field) and str(registered or "") != answer,
            }
        )
    return rows


def answered(question: Question, answer: str) -> str:
    """An answer with its option's label."""
    label = dict(options_of(question, read_law())).get(answer)
    return f"{answer} {label}" if label else answer


def warnings(form: Form, entry: Entry) -> list[tuple[str, str]]:
    """Each warning that was let pass, with the reason that was given."""
    says = {one.id: one.says for one in form.findings}
    return [(says.get(rule, rule), entry.reasons.get(rule, "")) for rule in entry.found]


def course(moves: Iterable[TaskMove]) -> list[dict[str, Any]]:
    """A task's moves, as parts/time_line.html draws them."""
    return time_line("task", moves, by=_who_moved, note=_move_words)


def _who_moved(move: TaskMove) -> str:
    """Who made a move: an officer, a resident with a code, or the program."""
    if move.by:
        return move.by.display_name
    return "本人自填" if move.move in ("submit", "resubmit") else "系统"


def _move_words(move: TaskMove) -> str:
    """What there is to say about a move besides its name."""
    note, parts = move.note, []
    if move.surveyor:
        parts.append(f"调查员 {move.surveyor.name}")
    labels = {one.id: one.label for one in read_survey().returns}
    parts += [labels.get(one, one) for one in note.get("reasons", ())]
    parts += [note[name] for name in ("words",) if note.get(name)]
    if note.get("why"):
        parts.append(REASONS.get(note["why"], note["why"]))
    if note.get("outcome"):
        parts.append(value_label("survey_outcome", note["outcome"], read_law()))
    return "；".join(parts)
