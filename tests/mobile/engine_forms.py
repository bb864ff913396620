"""Made forms and answers for the phone's engine, with what Python reads in them, and what would be registered."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from engine_batches import AS_OF, LAW, batch, day_texts, plain, some_birth, some_condition, widened

from canbao.core.conditions.python import Value
from canbao.core.export import exported_for_phone, exported_form
from canbao.core.survey_form import Form, Overlay, laid_over, options_of, read_answers, with_reasons
from canbao.law.survey import FormFinding, Question, read_survey
from canbao.survey import derived as judging

SURVEY = read_survey()
KINDS = ("code", "text", "day", "mobile", "phone")
FACTS = ("attempts_enough", "day_is_outside", "mobile_is_shared", "residence_is_hukou")
DAY_TEXTS = day_texts(Random(5))
ODD_TEXTS = ["\u200b", "\ufeff", "\x1c", "  ", "某路１号 "]
REASONS = ["听不清", " ", "\ufeff", "\x1f"]
NUMBERS = [
    "13800138000", "1380013800", "0757-12345678", "0757-1234567转12", "１３８００１３８０００", "12345678", "(0757)1",
]  # fmt: skip


def some_form(chance: Random) -> Form:
    """The law's form as some city might have it: hidden, additional and conditional questions, findings, severities."""
    overlay = Overlay(
        hidden=frozenset(chance.sample(list(SURVEY.questions), 6)),
        needed=frozenset(chance.sample(list(SURVEY.questions), 4)),
        extra=tuple(some_question(chance, number) for number in range(chance.randint(0, 6))),
        severities={
            one.id: chance.choice(["block", "warn", "ignore"]) for one in SURVEY.findings if chance.random() < 0.4
        },
    )
    form = laid_over(SURVEY, overlay)
    return replace(form, findings=(*form.findings, *(some_finding(chance, [*form.questions]) for _ in range(3))))


def some_finding(chance: Random, asked: list[str]) -> FormFinding:
    """A finding that the law might have."""
    return FormFinding.model_validate({
        "id": f"Y{chance.randrange(10**6)}", "question": chance.choice(asked), "says": "奇怪",
        "severity": chance.choice(["block", "warn"]), "source": "x", "clause": "y",
        "when": some_condition(chance, [*chance.sample(asked, 4), "birth_date", "sex"]),
    })  # fmt: skip


def some_question(chance: Random, number: int) -> Question:
    """A city's own question."""
    kind = chance.choice(KINDS)
    earlier = [f"extra_{one}" for one in range(number)] + ["birth_date", "sex", "employment_status", "surveyed_on"]
    conditions = [some_condition(chance, earlier, depth=2) if chance.random() < 0.5 else None for _ in range(2)]
    return Question.model_validate({
        "id": f"extra_{number}", "label": f"补充问题{number}", "kind": kind, "longest": chance.choice([2, 5, 64]),
        "options": [("1", "是"), ("1.", "一点"), ("A", "Ａ座 甲"), ("05", "")] if kind == "code" else [],
        "shown": conditions[0], "needed": conditions[1],
    })  # fmt: skip


def some_answer(chance: Random, question: Question) -> str:
    """Something that might be written at a question, right, odd or wrong."""
    code, label = chance.choice(options_of(question, LAW) or [("1", "是")])
    coded = [
        code, code, label, f"{code}.", f"{code} {label}", f"{code}、{label}", f"{code}．{label}。", f" {label}、",
        ".", "99",
    ]  # fmt: skip
    texts = ["甲" * chance.choice([1, 3, 64, 65, 200]), "𠮷" * chance.choice([2, 5, 6]), *ODD_TEXTS]
    by_kind = {"code": coded, "text": texts, "day": chance.sample(DAY_TEXTS, 4), "mobile": NUMBERS, "phone": NUMBERS}
    usual = by_kind[question.kind]
    return widened(chance.choice(usual * 3 + coded + texts + NUMBERS + [""]), chance)


def some_answers(chance: Random, form: Form) -> dict[str, str]:
    """What stands on a form; mostly somebody was found at home."""
    written = {name: some_answer(chance, one) for name, one in form.questions.items() if chance.random() < 0.75}
    if chance.random() < 0.7:
        written["survey_outcome"] = "1"
    if chance.random() < 0.3:
        written["gone_question"] = chance.choice(["x", " \u3000", "\ufeff"])
    return written


def some_facts(chance: Random, as_of: date) -> dict[str, Value]:
    """What the program says of a task."""
    birth = chance.choice([None, some_birth(chance, as_of, [6, 16, 30, 45]), some_birth(chance, as_of, [6, 16])])
    said = {name: chance.choice("01") for name in FACTS}
    return {**said, "sex": chance.choice([None, "1", "2"]), "birth_date": birth}


@batch
def forms() -> tuple[Any, list[Any]]:
    """Some hundred forms, each filled in several times."""
    chance, given, expected = Random(6), [], []
    for _ in range(150):
        form, sheets = some_form(chance), []
        for _ in range(6):
            written, as_of = some_answers(chance, form), chance.choice(AS_OF)
            facts = some_facts(chance, as_of)
            reasons = {one.id: chance.choice(REASONS) for one in form.findings if chance.random() < 0.5}
            sheets.append([written, plain(facts), as_of.isoformat(), reasons])
            reading = read_answers(form, written, facts=facts, as_of=as_of, law=LAW)
            expected.append({
                "answers": reading.answers, "asked": sorted(reading.asked), "kept": reading.kept,
                "found": [asdict(one) for one in reading.found],
                "unexplained": [asdict(one) for one in with_reasons(reading.found, reasons)],
            })  # fmt: skip
        given.append({"form": exported_form(form, LAW), "sheets": sheets})
    return given, expected


def some_person(chance: Random, as_of: date) -> dict[str, Value]:
    """A person as the register has one, qualities apart."""

    def choice(*of: str) -> str | None:
        return chance.choice([None, *of])

    return {
        "name": "样例甲", "sex": choice("1", "2"), "birth_date": some_birth(chance, as_of, [6, 16, 55, 60]),
        "employment_status": choice("1", "2"), "no_unit_type": choice("3", "5"),
        "uninsured_reason": choice("10", "20", "Z1"), "registration_status": choice("2", "2", "1", "3"),
    }  # fmt: skip


@batch
def derived() -> tuple[Any, list[Any]]:
    """What would be registered, held against `survey.derived` itself with the register's part played by the test."""
    chance, form, people, expected = Random(7), laid_over(SURVEY, Overlay()), [], []
    bits = {name: bit for bit, name in enumerate(LAW.qualities)}
    for _ in range(800):
        as_of = chance.choice(AS_OF)
        person, answers = some_person(chance, as_of), some_answers(chance, form)
        reading = read_answers(form, answers, facts=some_facts(chance, as_of), as_of=as_of, law=LAW)
        have = chance.sample(list(LAW.qualities), chance.randint(0, 4))
        is_made = chance.random() < 0.05
        people.append([plain(person) | ({} if is_made else {"qualities": have}), reading.answers, as_of.isoformat()])
        row = {**person, "qualities": sum(1 << bits[one] for one in have)}
        opened = SimpleNamespace(task=SimpleNamespace(person_id=-1 if is_made else 1), person=row)
        expected.append([asdict(one) for one in _would_be(opened, reading, as_of, bits)])
    return {"law": exported_for_phone(LAW, settings.PROFILE), "people": people}, expected


def _would_be(opened: Any, reading: Any, as_of: date, bits: dict[str, int]) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "connection", SimpleNamespace(cursor=_NoCursor))
        patch.setattr(judging, "quality_bits", lambda cursor, law: bits)
        patch.setattr(judging, "timezone", SimpleNamespace(localdate=lambda: as_of))
        return judging.would_be(opened, reading)


class _NoCursor:
    def __enter__(self) -> None:
        """There is no register."""

    def __exit__(self, *_: object) -> None:
        """There was none."""
