"""A division's statements, made in memory: what a package says once it is opened, without any cleaning before it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import count

from canbao.registry.actions.admission import admit
from canbao.registry.actions.admission.merging import COVER_ITEMS, EVIDENCE_ITEMS, FACT_ITEMS
from canbao.registry.models import Officer, Package

AS_OF = date(2017, 6, 30)
COLUMNS = {
    "persons": (*FACT_ITEMS, "disposition"),
    "insurances": ("ssn", *COVER_ITEMS),
    "evidence": ("ssn", *EVIDENCE_ITEMS),
    "conflicts": ("ssn", "reference_name", "other_name", "source", "row", "similarity"),
    "findings": ("severity", "rule", "source", "row", "ssn", "field", "value", "message"),
}
SERIALS = count(1)


@dataclass(frozen=True)
class Cover:
    """An insurance row; its states are as the law codes them, empty for unknown."""

    insurance_type: str
    contrib_status: str = ""
    benefit_status: str = ""
    region_code: str = ""


@dataclass(frozen=True)
class Said:
    """What a division says of a number: a household if there is a `village`, a cover if there is a `contrib`.

    `covers` are further ones, and `is_dead` says that the death was reported.
    """

    name: str
    village: str = ""
    contrib: str = ""
    address: str = ""
    covers: tuple[Cover, ...] = ()
    is_dead: bool = False


@dataclass(frozen=True)
class MadeDelivery:
    """One piece with all that a division says; satisfies the protocol of what admission takes."""

    division: str
    region: str
    said: Mapping[str, Said]
    count: int = field(init=False)
    last: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.said))
        object.__setattr__(self, "last", max(self.said, default=""))

    def columns(self, table: str) -> tuple[str, ...]:
        return COLUMNS[table]

    def cuts(self, ranges: int) -> tuple[str, ...]:
        return ()

    def rows(self, table: str) -> Iterator[bytes]:
        return iter(())

    def chunks(
        self, after: str | None = None, persons: int = 20_000, upto: str | None = None
    ) -> Iterator[MadeDelivery]:
        left = {ssn: one for ssn, one in sorted(self.said.items()) if ssn > (after or "")}
        for begins in range(0, len(left), persons):
            yield MadeDelivery(self.division, self.region, dict([*left.items()][begins : begins + persons]))

    @property
    def persons(self) -> bytes:
        return _csv(COLUMNS["persons"], (self._person(ssn, one) for ssn, one in sorted(self.said.items())))

    @property
    def insurances(self) -> bytes:
        said = ((ssn, cover) for ssn, one in sorted(self.said.items()) for cover in self._covers(one))
        return _csv(COLUMNS["insurances"], (self._cover(ssn, cover) for ssn, cover in said))

    @property
    def evidence(self) -> bytes:
        told = (
            (ssn, kind, quality)
            for ssn, one in sorted(self.said.items())
            for kind, quality, holds in (
                ("household", "household", one.village), ("death", "death_reported", one.is_dead)
            )
            if holds
        )  # fmt: skip
        return _csv(
            COLUMNS["evidence"],
            ({"ssn": ssn, "kind": kind, "quality": said, "source": "h.csv", "row": 1} for ssn, kind, said in told),
        )

    def _covers(self, one: Said) -> Iterator[Cover]:
        if one.contrib:
            yield Cover("emp_pension", one.contrib, region_code=self.region)
        yield from one.covers

    def _person(self, ssn: str, one: Said) -> dict[str, object]:
        household = {
            "hukou_division_code": one.village[:6], "hukou_town_code": one.village[:9],
            "hukou_village_code": one.village, "hukou_address": one.address,
        }  # fmt: skip
        return {
            "ssn": ssn, "name": one.name, "is_household": bool(one.village), "disposition": "register",
            "sex": "1", "birth_date": f"{ssn[6:10]}-{ssn[10:12]}-{ssn[12:14]}",
            "admin_division_code": one.village[:6] or self.region,
            "content": sha256(repr(one).encode()).hexdigest()[:32],
            **(household if one.village else {}),
        }  # fmt: skip

    def _cover(self, ssn: str, cover: Cover) -> dict[str, object]:
        return {"ssn": ssn, **vars(cover), "payer_category": "U", "source": "i.csv", "row": 1}


def admitted(division: str, region: str, said: Mapping[str, Said], by: Officer, as_of: date = AS_OF) -> Package:
    """Admit what a division says as of a day."""
    delivery = MadeDelivery(division, region, said)
    package = Package.objects.create(
        division_code=division, as_of=as_of, file_name="made", size=1, sha256=str(next(SERIALS)), state="admitting",
        received_by=by, people=delivery.count,
    )  # fmt: skip
    admit(package=package, delivery=delivery, by=by)
    Package.objects.filter(pk=package.pk).update(state="admitted")
    package.refresh_from_db()
    return package


def _csv(columns: Sequence[str], rows: Iterator[dict[str, object]]) -> bytes:
    text = io.StringIO()
    csv.DictWriter(text, columns, restval="", lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
