"""What can stop the program, said so that whoever reads it knows where, what and what to do next."""

from __future__ import annotations


class Trouble(Exception):
    """Something outside the program can't be used; names the place, what is wrong there, and what to do about it."""

    exit_status = 2
    """How a command ends that meets it: 2 can't be used, 3 no room (docs/contract.md)."""

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(place, problem, remedy)
        self.place, self.problem, self.remedy = place, problem, remedy

    def __str__(self) -> str:
        return f"{self.place}：{self.problem}；{self.remedy}"
