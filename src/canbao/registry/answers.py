"""The survey answers in force of a person, whatever number they were given for."""

from __future__ import annotations

from collections.abc import Sequence

from canbao.registry.models import SurveyAnswers


def answers_of(numbers: Sequence[int]) -> list[SurveyAnswers]:
    """The answers under a person's numbers, of which the first is the kept one; those that count come first.

    As `derivation.answering` has it: those under the kept number, else the newest.
    """
    found = SurveyAnswers.objects.filter(person_id__in=numbers, withdrawn_at=None).order_by("person_id")
    newest = sorted(found, key=lambda one: (one.surveyed_on, one.admitted_at), reverse=True)
    return sorted(newest, key=lambda one: one.person_id != numbers[0])
