"""Judging a self-test. The answers stand in the address, are of no person, and are kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from canbao.law.guide import Chapter, SelfTest


@dataclass(frozen=True)
class Asked:
    """A question as the page draws it; `chosen` is 0 where nothing was."""

    name: str
    test: SelfTest
    chosen: int

    @property
    def is_right(self) -> bool:
        """Whether the right choice was taken."""
        return self.chosen == self.test.right

    @property
    def answer(self) -> str:
        """The right choice in words."""
        return self.test.choices[self.test.right - 1]


def asked(chapter: Chapter, answers: Mapping[str, str]) -> list[Asked]:
    """The questions of a chapter with what was chosen: `q1` is the number of a choice, anything else is none."""
    return [
        Asked(f"q{number}", test, _chosen(answers.get(f"q{number}", ""), test))
        for number, test in enumerate(chapter.tests, 1)
    ]


def _chosen(answer: str, test: SelfTest) -> int:
    return next((number for number in range(1, len(test.choices) + 1) if answer == str(number)), 0)
