"""附件5: a task's registration form, with what the register knows, and the code by which it is found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from canbao.core.survey_form import Form, options_of
from canbao.law.reader import read_law
from canbao.law.survey import Question as Asked
from canbao.paper.documents.contents import day
from canbao.paper.documents.registration_form import Answer, Option, Question, RegistrationForm, Section
from canbao.survey.form import form_of
from canbao.survey.judging_forms import prefilled
from canbao.survey.marks import mark, number
from canbao.survey.printing.batches import Key, Made, Setting
from canbao.survey.printing.places import heading
from canbao.survey.printing.tasks import rows_of
from canbao.survey.tasks import Row

NUMERALS = "一二三四五六七八九十"
MOST_TICKED = 12
"""Options of a question that are printed to be ticked; of more (民族) there is a line to write on."""
WIDE, BROAD, HALF, THIRD = 12, 8, 6, 4
"""Columns of the form's twelve: neighbours share a row as long as they fit, so that a person's form is one page."""
TEXT_WIDTHS = ((60, THIRD), (64, HALF), (150, BROAD))
OPTION_WIDTHS = ((8, THIRD), (24, HALF))
"""Up to how many characters of an answer, or of options with their codes, which width is enough."""
SEXES = ("1", "2")
"""What is printed to be ticked: that somebody's sex is not known is nothing to tick."""
UNTOLD = frozenset({"survey_outcome"})
"""What only comes out at the visit, whatever a screen proposes."""


def forms(setting: Setting, keys: Sequence[Key]) -> list[Made]:
    """A form for each task, or a blank one for whoever comes to a fixed point."""
    if list(keys) == [0]:
        county, town, village = heading(setting.place)
        form = form_of(setting.campaign.pk, setting.campaign.form)
        blank = RegistrationForm("", "", county, town, village, sections(form))
        return [Made(blank, (("空白", ""),))]
    versions = cache(lambda version: form_of(setting.campaign.pk, version))
    return [_made(row, versions(row["task"].form)) for row in rows_of(setting, keys)]


def _made(row: Row, form: Form) -> Made:
    task = row["task"]
    known = {name: said for name, said in prefilled(form, row).items() if name not in UNTOLD}
    told = number(task.pk)
    paper = RegistrationForm(told, mark(task.pk), *heading(task.place), sections(form, known, row))
    return Made(paper, ((told, ""),))


def sections(form: Form, known: Mapping[str, str] | None = None, person: Row | None = None) -> tuple[Section, ...]:
    """The form as it is printed: who it is about, then the law's sections, with what is known of a person."""
    found = [Section(f"{NUMERALS[0]}、被调查人", tuple(_who(person or {})))]
    for index, section in enumerate(form.sections, 1):
        questions = (_question(one, (known or {}).get(one.id, "")) for one in section.questions)
        found.append(Section(f"{NUMERALS[index]}、{section.label}", tuple(questions)))
    return tuple(found)


def _who(person: Row) -> Iterator[Question]:
    sexes = [(one.code, one.label) for one in read_law().codes["sex"].codes if one.code in SEXES]
    yield Question("姓名", Answer(person.get("name") or ""), THIRD)
    yield Question("性别", _ticks(sexes, person.get("sex") or ""), THIRD)
    yield Question("出生日期", Answer(day(person.get("birth_date"))), THIRD)
    yield Question("公民身份号码", Answer(person.get("ssn") or ""), THIRD)
    yield Question("户口所在地", Answer(person.get("hukou_address") or ""), BROAD)


def _question(asked: Asked, said: str) -> Question:
    options = options_of(asked, read_law())
    is_needed = asked.needed == {"always": True}
    if 0 < len(options) <= MOST_TICKED:
        letters = sum(len(code) + len(label) + 1 for code, label in options)
        return Question(asked.label, _ticks(options, said), _width(letters, OPTION_WIDTHS), is_needed)
    width = THIRD if options else _width(asked.longest if asked.kind == "text" else 0, TEXT_WIDTHS)
    return Question(asked.label, Answer(dict(options).get(said, said)), width, is_needed)


def _width(letters: int, widths: Sequence[tuple[int, int]]) -> int:
    return next((width for most, width in widths if letters <= most), WIDE)


def _ticks(options: Sequence[tuple[str, str]], said: str) -> Answer:
    return Answer(options=tuple(Option(code, label, code == said) for code, label in options))
