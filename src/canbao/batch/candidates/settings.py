"""What can be set without a programmer: the threshold, how large a block may be, and the words of the reasons."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from canbao.batch.trouble import SourceTrouble
from canbao.law.reader import LawError, read_yaml

OURS = Path(__file__).with_name("candidates.yaml")
REMEDY = "请照程序自带的 candidates.yaml 改正"


class Strict(BaseModel):
    """A piece of settings in which nothing unknown may stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SharedByAtMost(Strict):
    """How many people may have the same phone, home or unit for it to say anything."""

    mobile: int = Field(ge=2)
    residence: int = Field(ge=2)
    unit: int = Field(ge=2)


class Settings(Strict):
    """From which probability on a pair is proposed, how many people in a thousand are doubled, and the caps."""

    threshold: float = Field(gt=0, lt=1)
    doubled_people: float = Field(gt=0, lt=0.5)
    largest_block: int = Field(ge=2)
    shared_by_at_most: SharedByAtMost
    reasons: dict[str, str]


def read_settings(file: Path = OURS) -> Settings:
    """The settings in a file; raises SourceTrouble if they can't be read."""
    try:
        return Settings.model_validate(read_yaml(file))
    except (LawError, OSError) as problem:
        raise SourceTrouble(file.name, str(problem), REMEDY) from problem
    except ValidationError as problem:
        places = "、".join(".".join(map(str, one["loc"])) for one in problem.errors())
        raise SourceTrouble(file.name, f"{places} 不对", REMEDY) from problem


@cache
def words(code: str) -> str:
    """A reason as an officer reads it; raises KeyError for a code that is none."""
    return read_settings().reasons[code]
