"""`./run bench-living [--people 1] [--rows 60000]`: living data against a register that is full.

Fills a private register with a made city, then measures in one run: rows a second from the request to the derived
record, how long a row takes till it is seen while rows come at a steady pace, replay of rows that have come before,
look-ups, and plain COPY of the same rows for comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.register import DIVISIONS, MILLION, admitted, made, private_register

BATCH = 2_000
SEED = 2026


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=float, default=1, help="millions of people of each city")
    parser.add_argument("--cities", type=int, default=1, help="how many cities are in the register")
    parser.add_argument("--rows", type=int, default=60_000, help="rows that are pushed")
    parser.add_argument("--pace", type=int, default=1_000, help="rows a second at the steady pace")
    parser.add_argument("--seconds", type=int, default=30, help="seconds at the steady pace")
    parser.add_argument("--replay", type=int, default=200_000, help="rows that come again")
    parser.add_argument("--folder", type=Path, default=Path(".bench/register"))
    chosen = parser.parse_args()
    packages = [
        made(chosen.folder.absolute(), one, round(chosen.people * MILLION)) for one in DIVISIONS[: chosen.cities]
    ]
    with private_register() as state:
        for package in packages:
            admitted(package, state)
        print("\n".join(measured(chosen)))
    return 0


def measured(chosen: argparse.Namespace) -> list[str]:
    """The lines of the table."""
    whose, people = _partner(), _people()
    lines = [f"{os.uname().machine}, {os.cpu_count()} cores, {date.today()}", "", "| what | value |", "|---|---|"]
    lines.append(f"| people in the register | {_counted():,} |")
    rows = list(_rows(people, chosen.rows, 0))
    bare = _copied(rows)
    kept, carried = _pushed(whose, rows)
    lines.append(f"| rows kept | {len(rows) / kept:,.0f} rows/s |")
    lines.append(f"| rows carried out, records derived anew | {len(rows) / carried:,.0f} rows/s |")
    both = len(rows) / (kept + carried)
    lines.append(f"| both in one lane | {both:,.0f} rows/s (bare COPY is {(kept + carried) / bare:,.0f} × faster) |")
    lines.append(_steady(whose, people, chosen.pace, chosen.seconds))
    lines.append(_replay(whose, rows, chosen.replay))
    lines.append(_look_ups(whose, people))
    lines.append(
        f"| highest memory of the process | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB |"
    )
    return lines


def _partner() -> Any:
    from canbao.core.covers import SLUGS
    from canbao.registry.access import working
    from canbao.registry.models import Agreement, Officer, Package, Partner, Request

    by = Officer.objects.get(username="bench")
    account = Officer.objects.create(username="partner", display_name="partner", duty="partner_system", area="44")
    stream = Package.objects.create(
        division_code=DIVISIONS[0], file_name="stream", size=0, sha256="stream", state="streaming", received_by=by
    )
    whose = Partner.objects.create(
        code="bench", label="bench", kind="insurance", division_code=DIVISIONS[0], contact="bench", officer=account,
        stream=stream, made_by=by,
    )  # fmt: skip
    today = date.today()
    with working():
        request = Request.objects.create(
            kind="agreement", state="approved", area="44", asked_area="44", reason="bench", asked_by=by, due_on=today
        )
    Agreement.objects.create(
        partner=whose, request=request, number="1", purpose="1", confidentiality="1", contact="1", area="44",
        services=["push", "look_up"], rows=["insurance"], insurance_types=list(SLUGS), items_in=[],
        shown=["registration", "missing", "covers", "elsewhere", "duplicates"], valid_from=today,
        valid_to=today + timedelta(days=1), rows_a_day=10**9, people_a_day=10**8, requests_a_minute=10**6,
        since="2026-01-01T00:00:00Z",
    )  # fmt: skip
    return whose


def _people() -> list[tuple[str, str]]:
    from django.db import connection

    from canbao.registry.access import working

    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT ssn, name FROM person TABLESAMPLE SYSTEM (20) WHERE name IS NOT NULL")
        return [(ssn, name) for ssn, name in cursor.fetchall()]


def _counted() -> int:
    from django.db import connection

    from canbao.registry.access import working

    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person")
        return int(cursor.fetchone()[0])


def _rows(people: list[tuple[str, str]], many: int, first: int) -> Iterator[dict[str, Any]]:
    """Covers of different people that begin, pause and end."""
    chance = random.Random(SEED + first)
    for place in range(many):
        ssn, name = people[(first + place) % len(people)]
        row = {
            "ssn": ssn, "name": name, "insurance_type": chance.choice(("emp_pension", "res_medical", "work_injury")),
            "contrib_status": chance.choice("1123"), "region_code": "440604", "enrol_date": "2026-11-01",
            "unit_name": "某公司", "unit_no": f"{place:08}",
        }  # fmt: skip
        seq = first + place + 1
        yield {"id": f"r{seq}", "seq": seq, "at": "2026-11-29T08:00:00+08:00", "source": "insurance", "row": row}


def _copied(rows: list[dict[str, Any]]) -> float:
    """Seconds of COPY of the rows into a plain table."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bare_rows (id text, row jsonb)")
        started = time.monotonic()
        with cursor.copy("COPY bare_rows FROM STDIN") as copying:
            for one in rows:
                copying.write_row((one["id"], json.dumps(one["row"], ensure_ascii=False)))
        taken = time.monotonic() - started
        cursor.execute("DROP TABLE bare_rows")
    return taken


def _keep(whose: Any, rows: list[dict[str, Any]]) -> None:
    from canbao.registry.access import working
    from canbao.registry.streams.keeping import keep

    with working():
        keep(whose, whose.agreements.get(), json.loads(json.dumps(rows)))


def _pushed(whose: Any, rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Seconds to keep rows, and to carry them out."""
    from canbao.survey.living import carry_out_waiting

    started = time.monotonic()
    for at in range(0, len(rows), BATCH):
        _keep(whose, rows[at : at + BATCH])
    kept = time.monotonic() - started
    started = time.monotonic()
    while carry_out_waiting():
        pass
    return kept, time.monotonic() - started


def _steady(whose: Any, people: list[tuple[str, str]], pace: int, seconds: int) -> str:
    """How long rows take till they are seen, while they come at a steady pace."""
    from django.db import connection

    from canbao.survey.living import carry_out_waiting

    stop = threading.Event()

    def carry() -> None:
        while not stop.is_set():
            if not carry_out_waiting():
                time.sleep(0.02)
        connection.close()

    carrying = threading.Thread(target=carry)
    carrying.start()
    started = time.monotonic()
    for second in range(seconds * 2):
        _keep(whose, list(_rows(people, pace // 2, 10_000_000 + second * pace)))
        time.sleep(max(0.0, started + (second + 1) / 2 - time.monotonic()))
    while _waits():
        time.sleep(0.1)
    stop.set()
    carrying.join()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY "
            "extract(epoch FROM settled_at - received_at)) FROM inbox WHERE seq > 10000000"
        )
        half, most = cursor.fetchone()[0]
    return f"| {pace:,} rows/s for {seconds} s: from kept to seen, p50 and p95 | {half:.2f} s, {most:.2f} s |"


def _waits() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM inbox WHERE state = 'kept')")
        return bool(cursor.fetchone()[0])


def _replay(whose: Any, rows: list[dict[str, Any]], many: int) -> str:
    """Rows that have come before, again and again."""
    started = time.monotonic()
    done = 0
    while done < many:
        at = done % len(rows)
        _keep(whose, rows[at : at + BATCH])
        done += BATCH
    taken = time.monotonic() - started
    return (
        f"| rows that have come before | {done / taken:,.0f} rows/s ({taken / done * 1e6 / 60:.1f} min for a million) |"
    )


def _look_ups(whose: Any, people: list[tuple[str, str]]) -> str:
    """Milliseconds of a look-up in one thread, log line and all."""
    from canbao.registry.partner_deeds import partner_deed
    from canbao.registry.streams.counter import look_up

    chance, took = random.Random(SEED), []
    for ssn, name in chance.sample(people, 400):
        started = time.monotonic()
        with partner_deed(whose, "look_up", purpose="counter") as served:
            look_up(served.agreement, ssn, name, purpose="counter", told_to="bench", note=served.note)
        took.append((time.monotonic() - started) * 1000)
    cuts = statistics.quantiles(took, n=20)
    pace = 1000 * len(took) / sum(took)
    return f"| look-up, p50 and p95 | {cuts[9]:.0f} ms, {cuts[18]:.0f} ms ({pace:.0f}/s in one thread) |"


if __name__ == "__main__":
    sys.exit(main())
