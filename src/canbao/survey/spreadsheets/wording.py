"""When a question is asked and when it has to be answered, in Chinese, for the sheet that explains the columns."""

from __future__ import annotations

from dataclasses import replace

from canbao.core.conditions import read_condition, say
from canbao.core.survey_form import Form, options_of
from canbao.law.models import Code, CodeList, Condition, FieldSpec
from canbao.law.reader import Law
from canbao.law.survey import Question, Section
from canbao.survey.spreadsheets.template import ALWAYS


def when_needed(question: Question, form: Form, law: Law) -> str:
    """`必填`, when it has to be filled, or `选填`."""
    if question.needed is None:
        return "选填"
    if question.needed == {"always": True}:
        return ALWAYS
    return f"{_said(question.needed, form, law)}时必填"


def when_asked(section: Section, question: Question, form: Form, law: Law) -> str:
    """When it is asked; empty if always."""
    conditions = [one for one in (section.shown, question.shown) if one is not None]
    return "，且".join(_said(one, form, law) for one in conditions)


def _said(condition: Condition, form: Form, law: Law) -> str:
    return say(read_condition(condition), _with_questions(form, law))


def _with_questions(form: Form, law: Law) -> Law:
    """The law as conditions see it that speak of questions: each is an item with a code list of its own."""
    fields, codes = {}, {}
    for name, question in form.questions.items():
        options = options_of(question, law)
        fields[name] = FieldSpec.model_construct(label=question.label, codes=f"question {name}" if options else None)
        codes[f"question {name}"] = CodeList.model_construct(
            codes=tuple(Code.model_construct(code=code, label=label) for code, label in options)
        )
    return replace(law, fields={**law.fields, **fields}, codes={**law.codes, **codes})
