"""Puts cities into the register of a test, and reads it."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.db import connection

from canbao.batch.delivery import Delivery, open_delivery
from canbao.batch.package import make_signing_key, pack
from canbao.registry.access import working
from canbao.registry.actions.admission import admit
from canbao.registry.database import rows
from canbao.registry.models import Officer, Package
from people_of_office import officer

Record = dict[str, Any]


def delivery_of(out: Path) -> Delivery:
    """What a city's OUT/ says, by way of a real package, another one each time."""
    folder = Path(mkdtemp(dir=out.parent))
    make_signing_key(folder / "city.key")
    return open_delivery(pack(out, folder / "city.key"), folder / "opened", trust=None)


def received(delivery: Delivery) -> Package:
    """A package that is being admitted."""
    by = Officer.objects.filter(duty="provincial_officer").first() or officer("provincial_officer", "44")
    return Package.objects.create(
        division_code=delivery.manifest.division,
        as_of=delivery.manifest.as_of,
        profile=delivery.manifest.profile,
        file_name=delivery.package.name,
        size=delivery.package.stat().st_size,
        sha256=delivery.sha256,
        state="admitting",
        received_by=by,
        people=delivery.summary["persons"],
    )


def admitted(out: Path) -> Package:
    """Admit a city's OUT/ as it is."""
    delivery = delivery_of(out)
    package = received(delivery)
    package.counts = admit(package=package, delivery=delivery, by=package.received_by)
    Package.objects.filter(pk=package.pk).update(state="admitted")
    return package


def asked(query: str, *parameters: object, area: str = "44") -> list[Record]:
    """An answer of the register as those of an area see it."""
    with working(area), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return rows(cursor)


def person(ssn: str) -> Record:
    """One person's record."""
    (found,) = asked("SELECT * FROM person WHERE ssn = %s", ssn)
    return found
