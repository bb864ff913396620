"""What phones send, parsed at the door; whatever is no message of ours is refused there."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from canbao.registry.lookup import LARGEST_ID

LONGEST_TEXT = 65_536
"""Characters of one action."""
MOST_KNOWN = 10_000
"""Tasks that a phone may have."""
Key = Annotated[str, Field(pattern=r"^[a-f0-9]{32}$")]
Digest = Annotated[str, Field(pattern=r"^[a-f0-9]{64}$")]
Clock = Annotated[int, Field(ge=-(2**53), le=2**53)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Words = dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1_000)]]


class Message(BaseModel):
    """Something a phone says. What this server does not know of it (a newer app's) is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Binding(Message):
    """Who binds which phone: account, password, the second factor's digits, and a permit if one is in use.

    `device` and `secret` are the phone's own, so that it may ask again if the answer was lost.
    """

    account: str = Field(max_length=40)
    password: str = Field(max_length=128)
    token: str = Field(default="", max_length=16)
    permit: str = Field(default="", max_length=20)
    label: str = Field(default="", max_length=60)
    app: Count = 0
    device: UUID
    secret: Digest


class Known(Message):
    """The tasks that a phone has, with the version of each."""

    known: dict[Annotated[str, Field(pattern=r"^[0-9]{1,18}$")], int] = Field(
        default_factory=dict, max_length=MOST_KNOWN
    )


class Action(Message):
    """What a surveyor did, with what is needed to keep it; `body` is read when it is carried out."""

    id: UUID
    stream: Key
    seq: Count
    at: Clock
    task: int = Field(ge=1, le=LARGEST_ID)
    kind: str = Field(max_length=10, pattern=r"^[a-z_]+$")
    body: dict[str, Any]


class VisitBody(Message):
    """A visit that failed, or an appointment."""

    way: str = Field(max_length=1)
    outcome: str = Field(max_length=1)
    next_on: date | None = None
    note: str = Field(default="", max_length=1_000)
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    is_position_faked: bool = False


class DraftBody(Message):
    """A form that is not finished."""

    answers: Words
    reasons: Words = Field(default_factory=dict)
    based_on: Count
    revision: int = Field(ge=0, le=2**53)


class SubmitBody(Message):
    """A form that is handed in."""

    answers: Words
    reasons: Words = Field(default_factory=dict)
    based_on: Count
    form: Count = 0
    seconds: Count = 0
    day_is_own: bool = True


class Packed(Message):
    """What a parcel holds: the texts of its actions."""

    actions: list[Annotated[str, Field(max_length=LONGEST_TEXT)]] = Field(min_length=1, max_length=1_000)


class Storage(Message):
    """How much room the phone has."""

    used: int = Field(default=0, ge=0)
    quota: int = Field(default=0, ge=0)
    persisted: bool = False


class Contact(Message):
    """What the phone says of itself when it begins to talk."""

    now: Clock
    app: Count
    law: str = Field(default="", max_length=64)
    pending: Count = 0
    drafts: Count = 0
    storage: Storage = Storage()
    last_error: str = Field(default="", max_length=40, pattern=r"^[a-z0-9_.-]*$")
    open: list[tuple[UUID, Digest]] = Field(default_factory=list, max_length=2_000)


class Fault(Message):
    """How often something went wrong, by a code."""

    code: str = Field(max_length=40, pattern=r"^[a-z0-9_.-]+$")
    at: Clock
    times: Count = 1


class Diagnosis(Message):
    """What the phone says of itself to whoever helps: numbers and codes, nothing of a person."""

    app: Count
    law: str = Field(default="", max_length=64, pattern=r"^[a-f0-9]*$")
    browser: str = Field(default="", max_length=40, pattern=r"^[a-z0-9_.-]*$")
    screen: str = Field(default="", max_length=40, pattern=r"^[a-z0-9_.-]*$")
    counts: dict[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], Count] = Field(default_factory=dict, max_length=40)
    storage: Storage = Storage()
    errors: list[Fault] = Field(default_factory=list, max_length=100)


def read_action(text: str) -> Action:
    """An action as a phone wrote it; raises ValueError naming the place that can't be read, not what stands there.

    Halves of characters and NUL, which no database keeps, are left out: nobody means them.
    """
    try:
        return Action.model_validate(_whole_characters(json.loads(text)))
    except ValidationError as problem:
        raise ValueError(what_is_wrong(problem)) from problem
    except (ValueError, RecursionError) as problem:
        raise ValueError("json") from problem


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole_characters(name): _whole_characters(part) for name, part in value.items()}
    return [_whole_characters(part) for part in value] if isinstance(value, list) else value


def what_is_wrong(problem: ValidationError) -> str:
    """Where a message is wrong, without what stands there."""
    first = problem.errors(include_input=False, include_url=False)[0]
    return ".".join(str(part) for part in first["loc"])[:60] or "message"
