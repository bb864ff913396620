"""From how much on a package is doubtful: data that an installation may have its own of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from canbao.core.trouble import Trouble
from canbao.law.reader import LawError, read_yaml

OURS = Path(__file__).with_name("thresholds.yaml")
VARIABLE = "CANBAO_PLAUSIBILITY"
Kind = Literal[
    "people", "covers", "new", "gone", "changed", "twins", "covers_twice", "one_value", "commonest", "empty",
    "places", "elsewhere", "conflicts", "shared", "same_numbers", "unregistered",
]  # fmt: skip
Form = Literal["ratio", "share", "points"]
Limit = Annotated[float, Field(ge=0, le=1000)]


class Bound(BaseModel):
    """What is measured, against what, and from how much on it is doubtful; without limits it is only told."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: Annotated[str, Field(min_length=1)]
    form: Form
    against: Literal["last", "register", "itself"]
    words: Annotated[str, Field(min_length=1)]
    least: Limit | None = None
    most: Limit | None = None


class Thresholds(BaseModel):
    """`fewest` people or rows make something doubtful; `commonest_of` bounds the commonest value's share by item."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    fewest: Annotated[int, Field(ge=1)]
    bounds: dict[Kind, Bound]
    commonest_of: dict[str, Annotated[float, Field(gt=0, le=1)]]

    @model_validator(mode="after")
    def _all_are_there(self) -> Thresholds:
        missing = sorted({*get_args(Kind)} - self.bounds.keys())
        if missing:
            raise ValueError(f"bounds 缺少 {'、'.join(missing)}")
        return self


def read_thresholds() -> Thresholds:
    """The thresholds of the installation, else ours, as the file is now.

    Raises Trouble for a file that can't be read or understood, with its place and what to do.
    """
    file = Path(os.environ.get(VARIABLE) or OURS)
    try:
        return Thresholds.model_validate(read_yaml(file))
    except (LawError, ValidationError, OSError) as problem:
        raise Trouble(f"{VARIABLE}（{file}）", f"读不懂：{problem}", f"请照 {OURS} 的写法改正") from problem
