"""`./run bench-register [--people 1] [--cities 5]`: admission, look-ups and pages, beside bare COPY of the same rows.

Fills a private register with made cities of a million people each, then measures with all of them in it: admission of
the last city, its re-admission unchanged, bare COPY of the same rows, point look-up, name search, and the person page
under load.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

DIVISIONS = ("440600", "440100", "440300", "440500", "440700", "440800", "440900")
MILLION = 1_000_000
SEED = 2017


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=float, default=1, help="millions of people of each city")
    parser.add_argument("--cities", type=int, default=5, help="how many cities are in the register")
    parser.add_argument("--folder", type=Path, default=Path(".bench/register"))
    chosen = parser.parse_args()
    folder = chosen.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    packages = [made(folder, division, round(chosen.people * MILLION)) for division in DIVISIONS[: chosen.cities]]
    with private_register() as state:
        print("\n".join(measured(packages, state)))
    return 0


@contextmanager
def private_register() -> Iterator[Path]:
    """An empty register on a server of its own, and Django pointed at it; gives its state folder."""
    from canbao.commands.serving import HOST, connect, migrate_with, prepared
    from canbao.registry.server import PrivateServer

    state = Path(tempfile.mkdtemp(prefix="canbao-bench-"))
    state.chmod(0o711)
    try:
        environment = prepared(state, HOST)
        migrate_with(environment)
        connect({**environment, "CANBAO_HOSTS": "testserver"})
        yield state
    finally:
        PrivateServer(state / "database").stop()
        shutil.rmtree(state)


def made(folder: Path, division: str, people: int) -> Path:
    """A city's package, made once and kept."""
    from canbao.batch.city import clean_city
    from canbao.batch.generator import generate_city
    from canbao.batch.package import make_signing_key, pack

    city = folder / f"{division}-{people}"
    kept = list(city.glob("OUT/*.canbao"))
    if kept:
        return kept[0]
    seed = SEED + int(division)
    generate_city(city / "city", persons=people, seed=seed, division=division, shape="plain", truth=False)
    clean_city(city / "city" / "city.toml", city / "OUT")
    if not (city / "city.key").exists():
        make_signing_key(city / "city.key")
    return pack(city / "OUT", city / "city.key")


def measured(packages: list[Path], state: Path) -> list[str]:
    """The lines of the table."""
    lines = [f"{os.uname().machine}, {os.cpu_count()} cores, {date.today()}", "", "| what | value |", "|---|---|"]
    for package in packages[:-1]:
        admitted(package, state)
    people, first = admitted(packages[-1], state)
    again = admitted(packages[-1], state)[1]
    memory = highest_memory()
    bare = copied(packages[-1], state)
    lines.append(f"| people in the register | {counted():,} |")
    lines.append(f"| admission of {people:,} people | {people / first:,.0f} people/s |")
    lines.append(
        f"| the same package again, unchanged | {people / again:,.0f} people/s ({first / again:.1f} × faster) |"
    )
    lines.append(
        f"| bare COPY of the same rows | {people / bare:,.0f} people/s (admission takes {first / bare:.1f} ×) |"
    )
    lines.append(f"| highest memory of the process that admits | {memory:,} MB |")
    return lines + look_ups()


def admitted(package: Path, state: Path) -> tuple[int, float]:
    """Admit a package; gives its people and the seconds."""
    from canbao.registry.actions.admission import admit
    from canbao.registry.models import Package

    delivery, row = _received(package, state)
    started = time.monotonic()
    counts = admit(package=row, delivery=delivery, by=row.received_by)
    taken = time.monotonic() - started
    Package.objects.filter(pk=row.pk).update(state="admitted")
    shutil.rmtree(delivery.work)
    return counts["people"], taken


def _received(package: Path, state: Path) -> tuple[Any, Any]:
    from canbao.batch.delivery import open_delivery
    from canbao.registry.models import Officer, Package

    by, _ = Officer.objects.get_or_create(
        username="bench", defaults={"display_name": "bench", "duty": "provincial_officer", "area": "44"}
    )
    delivery = open_delivery(package, Path(tempfile.mkdtemp(dir=state)) / "opened", trust=None)
    row = Package.objects.create(
        division_code=delivery.manifest.division, as_of=delivery.manifest.as_of, file_name=package.name, size=1,
        sha256=f"{time.monotonic_ns()}", state="admitting", received_by=by, people=delivery.summary["persons"],
    )  # fmt: skip
    return delivery, row


def copied(package: Path, state: Path) -> float:
    """Seconds of COPY of all rows of a package into plain tables without index, in one lane."""
    from django.db import connections

    from canbao.registry.actions.admission.staging import TABLES, copy_csv

    delivery, _ = _received(package, state)
    pieces = list(delivery.chunks())
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            columns = ", ".join(f'"{name}" text' for name in delivery.columns(table))
            cursor.execute(f"CREATE TABLE bare_{table} ({columns})")
        started = time.monotonic()
        for piece in pieces:
            for table in TABLES:
                copy_csv(cursor, f"bare_{table}", delivery.columns(table), getattr(piece, table))
        taken = time.monotonic() - started
        cursor.execute(f"DROP TABLE {', '.join(f'bare_{table}' for table in TABLES)}")
    return taken


def counted() -> int:
    """How many people are in the register."""
    from django.db import connection

    from canbao.registry.access import working

    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person")
        return int(cursor.fetchone()[0])


def look_ups() -> list[str]:
    """Point look-up and name search in the database, and the person page with 20 users at once."""
    from django.db import connections

    from canbao.registry.access import working

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    with working():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT ssn, id, name FROM person WHERE mod(id, 101) = 0 AND name IS NOT NULL LIMIT 400")
            some = cursor.fetchall()
            by_number = (
                "SELECT person.* FROM person JOIN person_identifier AS k ON k.person_id = person.id WHERE k.ssn = %s"
            )
            point = [timed(lambda row=row: cursor.execute(by_number, [row[0]])) for row in some]
            named = "SELECT * FROM person WHERE id IN (SELECT people_named(%s, %s, 50))"
            search = [timed(lambda row=row: cursor.execute(named, [row[2], "4406"])) for row in some[:100]]
    pages = person_pages([row[1] for row in some])
    return [
        f"| look-up by number, in the database | p50 {ms(point, 50)} ms, p95 {ms(point, 95)} ms |",
        f"| search by name in a city, in the database | p50 {ms(search, 50)} ms, p95 {ms(search, 95)} ms |",
        f"| person page, 20 users at once ({len(pages)} pages) | p50 {ms(pages, 50)} ms, p95 {ms(pages, 95)} ms |",
    ]


def person_pages(people: list[int]) -> list[float]:
    """Seconds of each person page while 20 officers read at once, within this process, through the whole stack."""
    from django.test import Client

    from canbao.law.duties import read_duties
    from canbao.office.sessions import BEGAN, SEEN
    from canbao.registry.models import Officer

    duties = read_duties().duties
    duties["provincial_officer"] = duties["provincial_officer"].model_copy(update={"people_a_day": 1_000_000})
    taken: list[float] = []

    def reader(number: int) -> None:
        officer = Officer.objects.create(
            username=f"reader{number}", display_name="读者", duty="provincial_officer", area="44",
            must_change_password=False,
        )  # fmt: skip
        client = Client()
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        now = int(time.time())
        session.update({"purpose": ("counter", now), BEGAN: now, SEEN: now})
        session.save()
        Officer.objects.filter(pk=officer.pk).update(session_key=session.session_key)
        for person in people[number::20]:
            answers: list[Any] = []
            seconds = timed(lambda person=person, answers=answers: answers.append(client.get(f"/people/{person}/")))
            assert answers[0].status_code == 200, answers[0].status_code
            if person != people[number]:  # the first page of a connection, which serves thousands, warms it
                taken.append(seconds)
            time.sleep(0.5)  # a person reads

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def timed(run: Callable[[], object]) -> float:
    """Seconds that something takes."""
    started = time.monotonic()
    run()
    return time.monotonic() - started


def ms(taken: list[float], percent: int) -> str:
    """A percentile in milliseconds."""
    return f"{1000 * statistics.quantiles(taken, n=100)[percent - 1]:.1f}"


def highest_memory() -> int:
    """The highest resident memory of this process so far, in megabytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
