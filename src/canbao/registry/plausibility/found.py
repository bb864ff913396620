"""What the gate has found, as it is kept with the package and shown on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from canbao.registry.plausibility.thresholds import Form

Verdict = Literal["within", "beyond", "told", "unjudged"]


class Measure(BaseModel):
    """One thing measured: `now` and `before` are counts, `value` what is held against the limits.

    `value` is None where there is nothing to compare with. `of` says which item or place it is about, in Chinese.
    """

    kind: str
    label: str
    of: str = ""
    form: Form
    now: int
    before: int | None = None
    value: float | None = None
    least: float | None = None
    most: float | None = None
    verdict: Verdict
    words: str = ""


class Found(BaseModel):
    """The gate's answer: `before` is the package compared with, `trouble` why nothing could be judged.

    `shape` is what the next package will be compared with.
    """

    at: str
    before: int | None
    trouble: str = ""
    measures: list[Measure] = []
    shape: dict[str, Any] = {}

    @property
    def beyond(self) -> list[Measure]:
        """The measures beyond their limits."""
        return [one for one in self.measures if one.verdict == "beyond"]

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody has to look: something is beyond its limits, or nothing could be judged."""
        return bool(self.trouble or self.beyond)


def is_doubtful(kept: Mapping[str, Any]) -> bool:
    """Whether what was kept with a package says that it is doubtful."""
    return Found.model_validate(kept).is_doubtful
