"""Dry runs of admissions: asked for, and kept with the package until the next one."""

from __future__ import annotations

import json

from django.db import connection
from django.utils import timezone

from canbao.registry.access import Refused, require_area, working
from canbao.registry.actions.admission import Rehearsal
from canbao.registry.audit import append
from canbao.registry.deeds import deed, entry_of
from canbao.registry.models import Officer, Package

BEFORE_ADMISSION = ("doubtful", "checked")
"""The states in which a package can be rehearsed: found good, and not begun to be admitted."""
COLUMNS = ("effect", "person_id", "areas", "home", "number", "name", "changes")


def order_rehearsal(*, package: Package, by: Officer) -> None:
    """Somebody wants to know what admitting the package would change."""
    with deed(by=by, action="package.rehearse", permission="package.rehearse") as note:
        note.objects.append(f"package:{package.pk}")
        require_area(by, package.division_code)
        require_rehearsable(package)


def require_rehearsable(package: Package) -> None:
    """Raise Refused unless the package waits to be admitted."""
    if package.state not in BEFORE_ADMISSION:
        raise Refused("只有检查过、还没有准入的数据包可以试运行")


def keep_rehearsal(*, package: Package, rehearsal: Rehearsal, by: Officer) -> None:
    """Keep what a dry run found in place of what an earlier one did; the log has the counts."""
    with working(), connection.cursor() as cursor:
        kept = {"at": timezone.now().isoformat(), **rehearsal.kept()}
        Package.objects.filter(pk=package.pk).update(rehearsal=kept)
        cursor.execute("DELETE FROM rehearsed_person WHERE package_id = %s", [package.pk])
        for place, one in enumerate(rehearsal.people, 1):
            values = [json.dumps(one[name]) if name == "changes" else one[name] for name in COLUMNS]
            cursor.execute(
                f"INSERT INTO rehearsed_person (package_id, place, {', '.join(COLUMNS)}) "
                f"VALUES (%s, %s, {', '.join(['%s'] * len(COLUMNS))})",
                [package.pk, place, *values],
            )
        objects, details = (f"package:{package.pk}",), dict(rehearsal.counts)
        append(cursor, entry_of(by, "rehearsed", objects=objects, details=details))
