"""From how much on something is unusual, or an alarm: data that an installation may have its own of."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from canbao.core.trouble import Trouble
from canbao.law.reader import LawError, read_yaml

OURS = Path(__file__).with_name("thresholds.yaml")
VARIABLE = "CANBAO_AUDIT_THRESHOLDS"
Kind = Literal["people", "unmasked", "refusals", "night", "sequence", "misses", "many_lookers", "no_conflict"]


Count = Annotated[int, Field(ge=1)]


class Exchange(BaseModel):
    """From how much on there is an alarm: refused requests of an hour, rows laid aside in it, hours without being
    heard, minutes that the first row waits; and at how many misses of an hour a partner stops."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    refused: Count
    misses: Annotated[int, Field(ge=1, le=45)]
    silent_hours: Count
    backlog_minutes: Count
    aside: Count


class Thresholds(BaseModel):
    """`quota_percent`: of a day's quota, when the alarm goes; `unusual`: by kind, from which count of a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    quota_percent: Annotated[int, Field(ge=1, le=100)]
    exchange: Exchange
    unusual: dict[Kind, Count]


def read_thresholds() -> Thresholds:
    """The installation's thresholds, ours for what its file leaves out; raises Trouble for one that can't be read."""
    return _read(Path(os.environ.get(VARIABLE) or OURS))


@cache
def _read(file: Path) -> Thresholds:
    try:
        ours, theirs = read_yaml(OURS), read_yaml(file)
        exchange = {**ours["exchange"], **theirs.get("exchange", {})}
        return Thresholds.model_validate({**ours, **theirs, "exchange": exchange})
    except (LawError, ValidationError, TypeError, AttributeError) as problem:
        raise Trouble(f"{VARIABLE}（{file}）", f"读不懂：{problem}", f"请照 {OURS} 的写法改正") from problem
