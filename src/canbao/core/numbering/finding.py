"""What is said about a number: findings that can be counted, and the error of a number that is none."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Finding(NamedTuple):
    """Something an officer should know about a number: severity, id in the law's catalogue of checks, words."""

    severity: Severity
    check: str
    message: str


class NumberError(ValueError):
    """A text is not a number of the kind it was taken for; the message says in Chinese what is wrong and what to do."""

    def __init__(self, *faults: str, remedy: str = "请与本人证件核对") -> None:
        super().__init__("；".join((*faults, remedy)))
        self.faults = faults
