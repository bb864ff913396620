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


class Thresholds(BaseModel):
    """`quota_percent`: of a day's quota, when the alarm goes; `unusual`: by kind, from which count of a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    quota_percent: Annotated[int, Field(ge=1, le=100)]
    unusual: dict[Kind, Annotated[int, Field(ge=1)]]


def read_thresholds() -> Thresholds:
    """The thresholds of the installation, else ours; raises Trouble for a file that can't be understood."""
    return _read(Path(os.environ.get(VARIABLE) or OURS))


@cache
def _read(file: Path) -> Thresholds:
    try:
        return Thresholds.model_validate(read_yaml(file))
    except (LawError, ValidationError) as problem:
        raise Trouble(f"{VARIABLE}（{file}）", f"读不懂：{problem}", f"请照 {OURS} 的写法改正") from problem
