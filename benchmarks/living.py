"""`./run bench-living [--people 1] [--rows 60000]`: living data against a register that is full.

Fills a private register with a made city, then measures in one run: rows a second from the request to the derived
record, how long a row takes till it is seen while rows come at a steady pace, replay of rows that have come before, look-ups
under load, and plain COPY of the same rows for comparison.
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
    packages = [made(chosen.folder.absolute(), one, round(chosen.people * MILLION)) for one in DIVISIONS[: chosen.cities]]
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
    lines.append(f"| highest memory of the process | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB |")
    return lines
