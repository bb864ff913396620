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
WIDE, HALF, THIRD = 12, 6, 4
LONG_TEXT, LONG_OPTIONS, SHORT_OPTIONS = 64, 24, 8
"""Characters from which a text takes the whole width, and options the whole or half of it."""
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
    yield Question("姓名", Answer(person.get("name") or ""), THIRD)
    yield Question("性别", _ticks(_options("sex"), person.get("sex") or ""), THIRD)
    yield Question("出生日期", Answer(day(person.get("birth_date"))), THIRD)
    yield Question("公民身份号码", Answer(person.get("ssn") or ""), WIDE)
    yield Question("户口所在地", Answer(person.get("hukou_address") or ""), WIDE)


def _question(asked: Asked, said: str) -> Question:
    options = options_of(asked, read_law())
    is_needed = asked.needed is not None and asked.needed == {"always": True}
    if 0 < len(options) <= MOST_TICKED:
        return Question(asked.label, _ticks(options, said), _width_of_options(options), is_needed)
    words = dict(options).get(said, said)
    return Question(asked.label, Answer(words), WIDE if asked.longest > LONG_TEXT and not options else HALF, is_needed)


def _ticks(options: Sequence[tuple[str, str]], said: str) -> Answer:
    return Answer(options=tuple(Option(code, label, code == said) for code, label in options))


def _width_of_options(options: Sequence[tuple[str, str]]) -> int:
    letters = sum(len(code) + len(label) + 1 for code, label in options)
    return WIDE if letters > LONG_OPTIONS else HALF if letters > SHORT_OPTIONS else THIRD


def _options(codes: str) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in read_law().codes[codes].codes if one.enabled]
