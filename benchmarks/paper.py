"""`python -m benchmarks.paper [--pages 2000] [--kinds …] [--folder .bench/paper]`: speed and memory of printing.

Each line is a process of its own with records nobody has printed before; its floor is the same number of empty pages,
compiled plainly by one process, so that a noisy machine is noisy for both.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "tests" / "paper" / "documents" / "sample_papers.py"
KINDS = ("registration_form", "summary_sheet", "card", "notice")
ROWS_OF_A_PAGE = 10


def main() -> int:
    """Measure each kind and print the table; as a child (`--job`) print one kind and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    parser.add_argument("--folder", type=Path, default=Path(".bench/paper"))
    parser.add_argument("--job")
    chosen = parser.parse_args()
    if chosen.job:
        print(
            json.dumps(
                plain(chosen.pages) if chosen.job == "empty" else printed(chosen.job, chosen.pages, chosen.folder)
            )
        )
        return 0
    floor = in_a_child("empty", chosen.pages, chosen.folder)
    print("| what | pages | s | pages/s | × empty page | KB/page | largest process MB |\n|---|---|---|---|---|---|---|")
    for job in ("empty", *chosen.kinds):
        taken = floor if job == "empty" else in_a_child(job, chosen.pages, chosen.folder)
        times = taken["seconds"] / taken["pages"] / (floor["seconds"] / floor["pages"])
        speed = taken["pages"] / taken["seconds"]
        size, memory, seconds = taken["bytes"] / taken["pages"] / 1000, taken["megabytes"], taken["seconds"]
        print(f"| {job} | {taken['pages']} | {seconds:.1f} | {speed:.0f} | {times:.1f} | {size:.1f} | {memory:.0f} |")
    return 0


def in_a_child(job: str, pages: int, folder: Path) -> dict[str, float]:
    """What printing so many pages took, in a process that has printed nothing before."""
    command = [sys.executable, "-m", "benchmarks.paper", "--job", job, "--pages", str(pages), "--folder", str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def plain(pages: int) -> dict[str, float]:
    """The floor: empty pages of A4, one call."""
    import typst

    started = time.monotonic()
    text = f'#set page(paper: "a4")\n#set document(date: none)\n#for at in range({pages}) {{ page[#at] }}'
    made = typst.compile(text.encode(), pdf_tags=False)
    return taken(pages, started, len(made))


def printed(kind: str, pages: int, folder: Path) -> dict[str, float]:
    """Printing as the office does it: chunks in children, joined."""
    from canbao.law.wording import default_wording
    from canbao.paper.documents.printing import print_documents

    records = made_records(kind, pages)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    out = folder / f"{kind}.pdf"
    result = print_documents(kind, default_wording(kind), records, out, folder / "work", lambda done: True)
    return taken(result.pages, started, out.stat().st_size)


def taken(pages: int, started: float, size: int) -> dict[str, float]:
    """Seconds on the clock, and the peak of the largest process among this one and its children."""
    seconds = time.monotonic() - started
    peaks = [resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"pages": pages, "seconds": seconds, "bytes": size, "megabytes": max(peaks) / 1000}


def made_records(kind: str, pages: int) -> list[Any]:
    """As many records as fill the pages, each with a number of its own."""
    spec = importlib.util.spec_from_file_location("sample_papers", SAMPLES)
    assert spec and spec.loader
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)
    salt = os.getpid()
    if kind == "summary_sheet":
        return [samples.summary_sheet(ROWS_OF_A_PAGE * 20, officer=f"{salt}-{at}") for at in range(pages // 20)]
    one = samples.SAMPLES[kind]()
    if kind == "registration_form":
        return [dataclasses.replace(one, number=f"T-{salt}-{at}", task=f"CB1:T-{salt}-{at}") for at in range(pages)]
    if kind == "card":
        return [
            dataclasses.replace(one, number=f"{salt}-{at}", check=f"https://c.example/{salt}-{at}")
            for at in range(pages)
        ]
    return [dataclasses.replace(one, recipient=f"{salt}-{at}") for at in range(pages)]


if __name__ == "__main__":
    sys.exit(main())
