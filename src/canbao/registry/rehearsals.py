"""Whom a package's admission would touch, as far as the reader may see them; whoever looks is counted and logged."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from canbao.registry.access import require_area
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Package
from canbao.registry.quotas import count_as_seen

PAGE = 50
PURPOSE = "package"


def rehearsed_people(package: Package, *, after: int = 0, by: Officer) -> list[dict[str, Any]]:
    """At most PAGE of the people kept of a package's dry run, beginning behind the place `after`.

    Those registered have `ssn` and `name` as registered, the new ones masked words. Whoever is registered counts as
    seen; who isn't has no record that could be seen. Raises Refused without permission or beyond the day's quota.
    """
    with (
        deed(by=by, action="rehearsal.people", permission="person.see", purpose=PURPOSE, needs_purpose=True) as note,
        connection.cursor() as cursor,
    ):
        note.objects.append(f"package:{package.pk}")
        require_area(by, package.division_code)
        cursor.execute(_PEOPLE, {"package": package.pk, "after": after, "most": PAGE})
        found = [{**one, "changes": json.loads(one["changes"])} for one in rows(cursor)]
        note.details.update(found=len(found))
        count_as_seen(sorted({one["person_id"] for one in found if one["person_id"]}), by, note)
        return found


_PEOPLE = (
    "SELECT place, effect, person_id, kept.home, changes::text, coalesce(person.ssn, number) AS ssn, "
    "coalesce(person.name, kept.name) AS name FROM rehearsed_person AS kept "
    "LEFT JOIN person ON person.id = kept.person_id "
    "WHERE package_id = %(package)s AND place > %(after)s AND (kept.person_id IS NULL OR person.id IS NOT NULL) "
    "ORDER BY place LIMIT %(most)s"
)
"""Through two locks: that of the kept row, as it would be, and that of the record, as it is."""
