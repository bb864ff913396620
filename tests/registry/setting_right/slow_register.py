"""The register as it ought to be, slowly: remembers what happened, and works each record out from what remains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from made_delivery import AS_OF, Said

from canbao.core.registration import DERIVED, register
from canbao.core.standing import Statement, held_out
from canbao.law.reader import read_law

REGIONS = {"440100": "440106", "440300": "440304", "440600": "440604", "440000": ""}
PROVINCE = "440000"
SIGNED = {
    "operator_name": "调查员甲", "operated_at": "2017-07-02", "reviewer_name": "审核员乙", "reviewed_at": "2017-07-02",
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What a division says, since when, and since when under this name."""

    division: str
    ssn: str
    said: Said
    since: int
    named_since: int


@dataclass
class SlowRegister:
    """All that happened and still counts, in plain Python; a holder is a number, or a number set apart.

    `moved` are places that are no more, with the ones that took their place; `order` has the holders as they came.
    `answers` are what surveys found, by holder, the newest last.
    """

    packages: list[tuple[int, str, Mapping[str, Said]]] = field(default_factory=list)
    into: dict[str, str] = field(default_factory=dict)
    apart: dict[tuple[str, str], str] = field(default_factory=dict)
    corrections: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    same: set[tuple[str, str, str]] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    answers: dict[str, Mapping[str, str]] = field(default_factory=dict)
    day: date = AS_OF

    def root(self, holder: str) -> str:
        """The number that is kept of the person that a holder belongs to."""
        return self.root(self.into[holder]) if holder in self.into else holder

    def holders(self) -> set[str]:
        """All under which anybody says or has said something."""
        return {*self.into, *self.into.values(), *(one for facts in self.facts().values() for one in facts)}

    def facts(self) -> dict[str, dict[str, Fact]]:
        """The facts that remain: by division those of its last package, by holder."""
        found: dict[str, dict[str, Fact]] = {}
        for id_, division, said in self.packages:
            before = {fact.ssn: fact for fact in found.get(division, {}).values()}
            found[division] = {
                self.apart.get((division, ssn), ssn): _fact(division, ssn, one, id_, before.get(ssn))
                for ssn, one in said.items()
            }
        return found

    def rows(self) -> dict[str, int]:
        """How many facts, pieces of evidence and covers remain."""
        said = [fact.said for facts in self.facts().values() for fact in facts.values()]
        covers = sum(one.contrib != "" for one in said)
        return {"facts": len(said), "evidence": sum(one.village != "" for one in said), "covers": covers}

    def standing(self, holder: str) -> Iterator[Fact]:
        """The facts under a holder that are not held out, as corrected."""
        facts = [one[holder] for one in self.facts().values() if holder in one]
        accepted = {name for (whose, item), pair in self.corrections.items() if (whose, item) == (holder, "name")
                    for name in pair if name}  # fmt: skip
        same = {(division, name) for whose, division, name in self.same if whose == holder}
        held = held_out([_statement(one) for one in facts], accepted=accepted, same=same)
        yield from (fact for fact in facts if fact.division not in held)

    def record(self, root: str) -> dict[str, Any] | None:
        """What is registered of a person, or None if nobody says anything of them."""
        facts = [
            (holder != root, self._corrected(fact, holder, root))
            for holder in sorted(self.holders(), key=lambda one: self.order.index(one))
            if self.root(holder) == root
            for fact in self.standing(holder)
        ]
        if not facts:
            return None
        first = min(facts, key=_first)[1]
        households = sorted((one for one in facts if one[1].said.village), key=_household)
        household = households[0][1] if households else None
        rows = {**self._rows([fact for _, fact in facts], household), "survey": [*self._counting(root, facts)]}
        judged = register(rows, law=read_law(), profile="guangdong_2017", as_of=self.day)
        return {
            "name": (household or first).said.name,
            "hukou_village_code": household.said.village if household else None,
            "hukou_address": household.said.address or None if household else None,
            "is_household": household is not None,
            "areas": {area for _, fact in facts for area in self._areas(fact)},
            **{item: judged.items[item] for item in DERIVED},
            **{item: judged.items[item] for item in ("emp_pension_contrib_status", "emp_pension_region_code")},
            **{item: judged.items[item] for item in ("residence_address", "operator_name")},
            **self._more(facts, household),
        }

    def _counting(self, root: str, facts: list[tuple[bool, Fact]]) -> Iterator[dict[str, str]]:
        """The answers that count: those under the kept number, else the newest under one that anything stands under."""
        holders = {
            root,
            *(holder for holder in self.holders() if self.root(holder) == root and [*self.standing(holder)]),
        }
        given = {holder: said for holder, said in self.answers.items() if holder in holders}
        said = given.get(root) or next(reversed(given.values()), None)
        if said is not None:
            yield {"ssn": facts[0][1].ssn, "name": "x", **SIGNED, **said}

    def _corrected(self, fact: Fact, holder: str, root: str) -> Fact:
        values = {"name": fact.said.name, "hukou_address": fact.said.address}
        for whose in (holder, root):
            values |= {item: new for (one, item), (new, _) in self.corrections.items() if one == whose}
        village = self.moved.get(fact.said.village, fact.said.village)
        return replace(
            fact, said=replace(fact.said, name=values["name"], village=village, address=values["hukou_address"])
        )

    def _rows(self, facts: list[Fact], household: Fact | None) -> dict[str, list[dict[str, str]]]:
        """The person's rows as one city would have them."""
        found: dict[str, list[dict[str, str]]] = {"household": [], "insurance": []}
        if household:
            home = household.said.village[:6]
            found["household"] = [{"ssn": facts[0].ssn, "name": "x", "hukou_division_code": home}]
        for fact in facts:
            for source, row in self._rows_of(facts[0].ssn, fact):
                found.setdefault(source, []).append(row)
        return found

    def _rows_of(self, ssn: str, fact: Fact) -> Iterator[tuple[str, dict[str, str]]]:
        """What one division's fact says as rows of sources."""
        if fact.said.contrib:
            yield "insurance", {
                "ssn": ssn, "name": "x", "insurance_type": "emp_pension", "contrib_status": fact.said.contrib,
                "region_code": REGIONS[fact.division], "payer_category": "U",
            }  # fmt: skip

    def _areas(self, fact: Fact) -> Iterator[str]:
        if fact.said.village:
            yield fact.said.village
        if fact.division != PROVINCE or not fact.said.village:
            place = self._place(fact)
            managed = not fact.said.village and place[:4] == fact.division[:4]
            yield place if managed else fact.division[:4]

    def _place(self, fact: Fact) -> str:
        """Where a division without a household manages the person."""
        return REGIONS[fact.division]

    def _more(self, facts: list[tuple[bool, Fact]], household: Fact | None) -> dict[str, Any]:
        """Further items of the record."""
        return {}


def _fact(division: str, ssn: str, said: Said, package: int, before: Fact | None) -> Fact:
    since = before.since if before else package
    named = before.named_since if before and before.said.name == said.name else package
    return Fact(division, ssn, said, since, named)


def _statement(fact: Fact) -> Statement:
    own = 0 if fact.division == PROVINCE else 1 if fact.said.village[:4] == fact.division[:4] else 2
    return Statement(fact.division, fact.said.name, fact.since, fact.named_since, own if fact.said.village else None)


def _first(one: tuple[bool, Fact]) -> tuple[Any, ...]:
    is_other, fact = one
    return is_other, fact.since, fact.division


def _household(one: tuple[bool, Fact]) -> tuple[Any, ...]:
    _, fact = one
    return fact.division != PROVINCE, fact.said.village[:4] != fact.division[:4], *_first(one)
