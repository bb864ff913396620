"""The shapes that the law's YAML files must have; every one of them carries where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Condition = dict[str, Any]
"""A condition as written in YAML; `canbao.core.conditions` gives it its three readings."""


class Strict(BaseModel):
    """A record that refuses keys it does not know and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InForce(Strict):
    """Days between which a rule holds, both included; an open end holds on."""

    from_: date = Field(alias="from")
    to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the rule holds on `day`."""
        return self.from_ <= day and (self.to is None or day <= self.to)


class Cited(Strict):
    """Whatever is law says which instrument and which clause it comes from."""

    source: str = Field(min_length=1)
    clause: str = Field(min_length=1)


class Instrument(Strict):
    """A document that rules cite: a notice, a standard, a public interface, or a decision page of ours."""

    id: str
    title: str
    issued: date | None = None
    kind: Literal["guidance", "statute", "standard", "interface", "decision"]
    note: str = ""


class FieldSpec(Cited):
    """A 指标项: its English name, Chinese label, type and privacy class.

    `type` is `C6` (fixed), `C..64` (at most, characters), `D8` (a day) or `T14` (a moment).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    group: Literal["identity", "residence", "employment", "outcome", "insurance", "contact", "provenance"]
    type: str = Field(pattern=r"^(C\d+|C\.\.\d+|D8|T14|B)$")
    codes: str | None = None
    element_codes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    privacy: Literal["public", "internal", "personal", "sensitive"]
    confirmed: bool = True
    note: str = ""


class Code(Cited):
    """One value of a code list; `aliases` are other ways it is written in sources."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    confirmed: bool = True
    in_force: InForce | None = None
    enabled: bool = True


class CodeList(Cited):
    """A closed list of values, e.g. 未参保原因."""

    name: str
    label: str
    codes: tuple[Code, ...]

    @model_validator(mode="after")
    def _codes_once(self) -> CodeList:
        written = [code.code for code in self.codes]
        if len(written) != len(set(written)):
            raise ValueError(f"代码表 {self.name} 中有重复的代码")
        return self


class Column(Strict):
    """A column of a source file; `needed` ones must be there."""

    name: str
    needed: bool = False
    label: str = ""
    codes: str | None = None
    synonyms: tuple[str, ...] = ()


class Source(Cited):
    """A kind of source file (户籍, 险种业务 …) and its columns."""

    name: str
    label: str
    columns: tuple[Column, ...]


class Quality(Cited):
    """Something that holds for a person as soon as one row of the named source has it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    of: str
    when: Condition
    phrase: str = ""
    reading: str = ""


class Row(Strict):
    """One line of a decision table: the value it gives, and when."""

    id: str
    gives: str | None
    when: Condition
    phrase: str = Field(min_length=1)
    clause: str | None = None
    source: str | None = None
    reading: str = ""


class Table(Cited):
    """A decision: the first row whose condition holds wins; each profile has its own order of rows."""

    decides: str
    label: str
    codes: str | None = None
    in_force: InForce
    reading: str
    when_unknown: Literal["undetermined"] = "undetermined"
    only_when: Condition | None = None
    orders: dict[str, tuple[str, ...]] = {}
    first_match: tuple[Row, ...]

    @model_validator(mode="after")
    def _orders_name_each_row_once(self) -> Table:
        written = [row.id for row in self.first_match]
        if len(written) != len(set(written)):
            raise ValueError(f"决策表 {self.decides} 中有重复的行号")
        for profile, order in self.orders.items():
            if sorted(order) != sorted(written):
                raise ValueError(f"决策表 {self.decides} 的 {profile} 次序没有把每一行恰好列一次")
        return self

    def rows(self, profile: str) -> tuple[Row, ...]:
        """The rows in the order in which `profile` tries them."""
        by_id = {row.id: row for row in self.first_match}
        return tuple(by_id[id_] for id_ in self.orders.get(profile, tuple(by_id)))


class Requirement(Cited):
    """A set of items that must be filled in for the persons that `who` describes."""

    id: str
    label: str
    who: Condition
    fields: tuple[str, ...]
    severity: Literal["error", "warning"] = "error"


class Check(Cited):
    """A line of the validation catalogue; `when` describes what is wrong with a finished person.

    Lines without `when` are found where they arise (`found_by`) and have only their words here.
    `message` may name {value} and {field}.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    severity: Literal["error", "warning", "note"]
    found_by: Literal["load", "clean", "match", "slot", "check"]
    message: str
    field: str | None = None
    when: Condition | None = None


class DuplicateCover(Cited):
    """Covers that exclude each other, or none of which may be: rows of `types` whose `state` is one of `values`.

    Among `places`: of one type in two places; `types`: of all the types; `death`: any, of somebody who has died. `id`
    is the check under which cleaning reports it, `kind` the rule itself; something should have come of it in `days`.
    """

    id: str
    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str
    short: str
    types: tuple[str, ...]
    state: Literal["contrib_status", "benefit_status"]
    values: tuple[str, ...] = ("1",)
    among: Literal["places", "types", "death"]
    days: int = Field(gt=0)


class Case(Cited):
    """A worked case: what goes in, and what must come out of the tables it names."""

    id: str
    label: str
    as_of: date
    profiles: tuple[str, ...]
    rows: dict[str, tuple[dict[str, str], ...]]
    expects: dict[str, str | None]


class Profile(Cited):
    """A way of reading the guidance: which order each table takes."""

    id: str
    label: str
    reading: str
    in_force: InForce


class Unencoded(Cited):
    """A clause that is law but not encoded, and why."""

    reason: str
