"""The slow register with what partners push: the same facts, worked out from the remaining packages and rows.

What happened is kept in its order (`events`); a withdrawn package is as if it had never come.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from made_delivery import Said
from slow_register import REGIONS, Fact, SlowRegister

SHANGHAI = ZoneInfo("Asia/Shanghai")

SAYS_NOTHING = "exit_entry"
"""A row of it without a purpose only tells that somebody is there."""
Cover = tuple[str, str, str]
"""Place, state and the moment of which it is, empty for a package's."""


@dataclass(frozen=True)
class Row:
    """A pushed row: about a cover in a `place`, the `retired`, or a `mobile`; with `ends` it no longer holds."""

    ssn: str
    name: str
    at: datetime
    seq: int
    subject: str
    value: str
    ends: bool
    partner: int
    division: str
    rank: int
    stream: int

    @property
    def is_of_item(self) -> bool:
        return self.subject.startswith("item:")

    @property
    def is_of_cover(self) -> bool:
        return self.subject.startswith("insurance:")

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    @property
    def stands_by(self) -> tuple[Any, ...]:
        """What is greater stands."""
        return (-self.rank if self.is_of_item else 0), self.at, -self.rank, self.seq, -self.partner


@dataclass(frozen=True)
class Told(Said):
    """What a division says once something lies over it."""

    covers: tuple[Cover, ...] = ()
    mobile: str = ""
    retired: bool = False
    place: str = ""
    as_of: date = date.min


@dataclass
class SlowStream(SlowRegister):
    """`waiting` are rows that were kept, those that lie aside for want of a person among them."""

    events: list[tuple[Any, ...]] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)

    def carry(self, partner: int) -> None:
        """Carry out what waits of a partner, again and again till nothing more can be."""
        left = [row for row in self.waiting if row.partner == partner]
        while taken := [row for row in left if self._take(row)]:
            left = [row for row in left if row not in taken]
        self.waiting = [row for row in self.waiting if row.partner != partner or row in left]

    def _take(self, row: Row) -> bool:
        """Whether a row is settled for good: it stands, or names somebody else."""
        facts, holder = self.facts(), self._holder(row.division, row.ssn)
        is_known = bool(self._names(holder))
        if not is_known and not row.is_of_cover:
            return False
        if is_known and row.name not in self._names(holder):
            return True
        if is_known and row.is_of_item and holder not in facts.get(row.division, {}):
            return False
        self.events.append(("row", row))
        return True

    def _names(self, holder: str) -> set[str | None]:
        """Those of whoever says something under it; as long as nothing of what was pushed stands, those of that."""
        found, pushed = self._replayed()
        named = {fact.said.name for fact in self.standing(holder)}
        if not any(self._holder(teller, ssn) == holder for teller, facts in found.items() for ssn in facts):
            named = {row.name for key, rows in pushed.items() if self._holder(*key) == holder for row in rows.values()}
        corrected = {new for (one, item), (new, _) in self.corrections.items() if (one, item) == (holder, "name")}
        return named | corrected if named else set()

    def _holder(self, division: str, ssn: str) -> str:
        return self.apart.get((division, ssn), ssn)

    def facts(self) -> dict[str, dict[str, Fact]]:
        """The facts that remain, what was pushed lying over them."""
        return {
            division: {self._holder(division, ssn): fact for ssn, fact in facts.items()}
            for division, facts in self._replayed()[0].items()
        }

    def _replayed(self) -> tuple[dict[str, dict[str, Fact]], dict[tuple[str, str], dict[str, Row]]]:
        """All that remains once more from the beginning: facts by division and number, rows by both and subject."""
        said: dict[str, tuple[date, Mapping[str, Said]]] = {}
        standing: dict[tuple[str, str], dict[str, Row]] = {}
        found: dict[str, dict[str, Fact]] = {}
        for event in self.events:
            if event[0] == "package":
                _, id_, division, day, people = event
                said[division] = day, people
                before = found.get(division, {})
                found[division] = {
                    ssn: _based(division, ssn, _told(division, one, day), id_, before.get(ssn))
                    for ssn, one in people.items()
                }
                whose = {ssn for teller, ssn in standing if teller == division}
            else:
                row = event[1]
                division, whose = row.division, {row.ssn}
                stood = standing.setdefault((division, row.ssn), {})
                if row.subject not in stood or row.stands_by >= stood[row.subject].stands_by:
                    stood[row.subject] = row
            for ssn in whose:
                self._lay(found.setdefault(division, {}), division, ssn, said.get(division), standing[division, ssn])
        return found, standing

    def _lay(
        self, facts: dict[str, Fact], division: str, ssn: str, said: tuple[date, Mapping[str, Said]] | None,
        rows: Mapping[str, Row],
    ) -> None:  # fmt: skip
        day, people = said or (date.min, {})
        standing = sorted((row for row in rows.values() if row.day >= day), key=lambda row: (row.at, row.subject))
        births = [row for row in standing if not row.is_of_item]
        if ssn in people:
            facts[ssn] = replace(facts[ssn], said=_over(_told(division, people[ssn], day), standing))
        elif births:
            first = births[0]
            place = first.subject.split(":")[2] if first.is_of_cover and not first.ends else division
            base = Told(first.name, place=place)
            facts[ssn] = Fact(division, ssn, _over(base, standing), first.stream, first.stream)
        else:
            facts.pop(ssn, None)

    def rows(self) -> dict[str, int]:
        """How many facts, pieces of evidence and covers remain."""
        said = [fact.said for facts in self.facts().values() for fact in facts.values()]
        evidence = sum((one.village != "") + one.retired for one in said)
        return {"facts": len(said), "evidence": evidence, "covers": sum(len(one.covers) for one in said)}

    def _rows_of(self, ssn: str, fact: Fact) -> Iterator[tuple[str, dict[str, str]]]:
        for place, contrib, at in fact.said.covers:
            yield "insurance", {
                "ssn": ssn, "name": "x", "insurance_type": "emp_pension", "contrib_status": contrib,
                "region_code": place, "payer_category": "U", "updated_at": at,
            }  # fmt: skip
        yield "retirement" if fact.said.retired else SAYS_NOTHING, {"ssn": ssn, "name": "x"}

    def _place(self, fact: Fact) -> str:
        return fact.said.place

    def _more(self, facts: list[tuple[bool, Fact]], household: Fact | None) -> dict[str, Any]:
        """The mobile: the household's, else that of whoever looked last."""
        told = [pair for pair in facts if pair[1].said.mobile]
        told.sort(key=lambda pair: (-pair[1].said.as_of.toordinal(), pair[0], pair[1].since, pair[1].division))
        own = household.said.mobile if household else ""
        return {"mobile": own or next((fact.said.mobile for _, fact in told), None)}


def _told(division: str, said: Said, day: date) -> Told:
    covers = ((REGIONS[division], said.contrib, ""),) if said.contrib else ()
    place = said.village[:6] or REGIONS[division]
    return Told(said.name, said.village, said.contrib, said.address, covers=covers, place=place, as_of=day)


def _based(division: str, ssn: str, said: Told, package: int, before: Fact | None) -> Fact:
    since = before.since if before else package
    named = before.named_since if before and before.said.name == said.name else package
    return Fact(division, ssn, said, since, named)


def _over(told: Told, standing: list[Row]) -> Told:
    for row in standing:
        if row.is_of_cover:
            place = row.subject.split(":")[2]
            covers = tuple(cover for cover in told.covers if cover[0] != place)
            at = row.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
            told = replace(told, covers=covers if row.ends else (*covers, (place, row.value, at)))
        elif row.is_of_item:
            told = replace(told, mobile="" if row.ends else row.value)
        else:
            told = replace(told, retired=not row.ends)
        told = replace(told, as_of=max(told.as_of, row.day))
    return told
