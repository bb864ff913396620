"""Who has to be surveyed (需调查登记人员): the people of the register that a campaign's scope means.

粤人社办〔2017〕96号 三（一）: of the province's households, alive, in no insurance, not settled by data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.dates import latest_birth_attaining
from canbao.law.reader import read_law
from canbao.registry.access import Refused, beyond, covers
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.models import Officer
from canbao.registry.quotas import count_as_seen
from canbao.survey.balance import BELOW

UNRESOLVED, ALL = "unresolved", "all"
MODES = {UNRESOLVED: "数据没有解决的", ALL: "全部未参保人员"}
BY_EVIDENCE = ("30", "32", "33")
"""Reasons that departments have given: nobody has to be asked."""
MISSING = ("mobile", "residence_address", "hukou_address", "hukou_village_code", "ethnicity")
"""The items whose absence a scope may ask for."""
PAGE = 50
OLDEST = 130


@dataclass(frozen=True)
class Scope:
    """Which people: by mode, places (leading digits), reasons, ages in whole years, and items that are missing."""

    mode: str = UNRESOLVED
    places: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    missing: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As a campaign keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}


def read_scope(kept: Mapping[str, Any]) -> Scope:
    """A scope as a campaign keeps it."""
    lists = {name: tuple(kept.get(name, ())) for name in ("places", "reasons", "missing")}
    return Scope(kept.get("mode", UNRESOLVED), **lists, age_from=kept.get("age_from"), age_to=kept.get("age_to"))


def check_scope(scope: Scope, area: str) -> None:
    """Raise Refused for a scope that can't be meant, or reaches beyond the area."""
    known = {one.code for one in read_law().codes["uninsured_reason"].codes}
    if scope.mode not in MODES or set(scope.reasons) - known or set(scope.missing) - set(MISSING):
        raise Refused("调查范围里有不认得的条件；请重新选择")
    if not all(covers(area, place) for place in scope.places):
        raise Refused("调查范围里有不属于本辖区的地方")
    ages = [age for age in (scope.age_from, scope.age_to) if age is not None]
    if any(not 0 <= age <= OLDEST for age in ages) or ages != sorted(ages):
        raise Refused(f"年龄请填 0 至 {OLDEST} 的整岁，前小后大")


def meant(scope: Scope, area: str, today: date) -> tuple[str, dict[str, Any]]:
    """The condition on `person` that a scope means within an area, with its parameters."""
    found: dict[str, Any] = {"area": area, "beyond": beyond(area)}
    parts = [
        "person.home >= %(area)s AND person.home < %(beyond)s AND person.is_household "
        "AND person.registration_status = '2' AND person.vital_status IS DISTINCT FROM '2'"
    ]
    if scope.mode == UNRESOLVED:
        parts.append("person.disposition = 'survey' AND person.uninsured_reason <> ALL(%(by_evidence)s)")
        found["by_evidence"] = list(BY_EVIDENCE)
    if scope.places:
        parts.append("person.home ^@ ANY(%(places)s)")
        found["places"] = list(scope.places)
    if scope.reasons:
        parts.append("person.uninsured_reason = ANY(%(reasons)s)")
        found["reasons"] = list(scope.reasons)
    if scope.age_from is not None:
        parts.append("person.birth_date <= %(latest)s")
        found["latest"] = latest_birth_attaining(scope.age_from, today)
    if scope.age_to is not None:
        parts.append("person.birth_date > %(earliest)s")
        found["earliest"] = latest_birth_attaining(scope.age_to + 1, today)
    parts += [f"person.{MISSING[MISSING.index(item)]} IS NULL" for item in scope.missing]
    return " AND ".join(parts), found


def counted(scope: Scope, *, by: Officer) -> list[dict[str, Any]]:
    """How many people a scope means, by place one level below the officer's and by reason; nobody is named."""
    with deed(by=by, action="target.count", permission="target.list") as note:
        check_scope(scope, by.area)
        where, parameters = meant(scope, by.area, timezone.localdate())
        digits = BELOW.get(len(by.area), 12)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT left(home, %(digits)s) AS place, uninsured_reason AS reason, count(*) AS people FROM person "
                f"WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2",
                {**parameters, "digits": digits},
            )
            found = rows(cursor)
        note.details.update(people=sum(one["people"] for one in found))
        return found


def people(scope: Scope, *, by: Officer, after: int = 0) -> list[dict[str, Any]]:
    """At most PAGE of the people whom a scope means, in the order of keys from `after` on; each counts as seen."""
    with deed(by=by, action="target.list", permission="target.list", purpose="survey", needs_purpose=True) as note:
        check_scope(scope, by.area)
        where, parameters = meant(scope, by.area, timezone.localdate())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, ssn, name, sex, birth_date, home, uninsured_reason, disposition, mobile, residence_address "
                f"FROM person WHERE {where} AND id > %(after)s ORDER BY id LIMIT {PAGE}",
                {**parameters, "after": after},
            )
            found = rows(cursor)
        count_as_seen([one["id"] for one in found], by, note)
        return found
