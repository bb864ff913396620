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
EMPTY = "empty page"
SHEETS_OF_A_VILLAGE = 20


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
            json.dumps(plain(chosen.pages) if chosen.job == EMPTY else printed(chosen.job, chosen.pages, chosen.folder))
        )
        return 0
    print("| what | pages | s | pages/s | × empty page | CPU ms/page | KB/page | largest process MB |")
    print("|---|---|---|---|---|---|---|---|")
    floor = in_a_child(EMPTY, chosen.pages, chosen.folder)
    print(line(EMPTY, floor, floor))
    for kind in chosen.kinds:
        print(line(kind, in_a_child(kind, chosen.pages, chosen.folder), floor), flush=True)
    return 0


def line(what: str, taken: dict[str, float], floor: dict[str, float]) -> str:
    """One line of the table."""
    pages = taken["pages"]
    times = taken["seconds"] / pages / (floor["seconds"] / floor["pages"])
    speed, processor, size = pages / taken["seconds"], taken["cpu"] / pages * 1000, taken["bytes"] / pages / 1000
    cells = [f"{pages:.0f}", f"{taken['seconds']:.1f}", f"{speed:.0f}", f"{times:.1f}", f"{processor:.1f}"]
    return f"| {' | '.join([what, *cells, f'{size:.1f}', str(round(taken['megabytes']))])} |"


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
    """Seconds on the clock and of processor, and the peak of the largest process among this one and its children."""
    seconds = time.monotonic() - started
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    peak = max(one.ru_maxrss for one in used) / 1000
    return {"pages": pages, "seconds": seconds, "cpu": processor, "bytes": size, "megabytes": peak}


def made_records(kind: str, pages: int) -> list[Any]:
    """As many records as fill the pages, each of somebody else, so that nothing laid out once serves twice."""
    spec = importlib.util.spec_from_file_location("sample_papers", SAMPLES)
    assert spec and spec.loader
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)
    salt = os.getpid()
    if kind == "summary_sheet":
        return [
            dataclasses.replace(samples.summary_sheet(0), rows=_others(samples, f"{salt}-{at}"))
            for at in range(pages // SHEETS_OF_A_VILLAGE)
        ]
    one = samples.SAMPLES[kind]()
    changed = {"registration_form": "number", "card": "number"}.get(kind, "recipient")
    made = [dataclasses.replace(one, **{changed: f"{salt}-{at}"}) for at in range(pages)]
    if kind == "registration_form":
        return [dataclasses.replace(form, task=form.number, sections=_asked(samples, form.number)) for form in made]
    return (
        [dataclasses.replace(card, check=f"https://c.example/{card.number}") for card in made]
        if kind == "card"
        else made
    )


def _others(samples: Any, salt: str) -> tuple[Any, ...]:
    rows = enumerate(samples.summary_rows(10 * SHEETS_OF_A_VILLAGE))
    return tuple(
        dataclasses.replace(row, ssn=f"{salt}-{at}", residence=f"{row.residence}{salt}{at}", phone=f"{salt}{at}")
        for at, row in rows
    )


def _asked(samples: Any, salt: str) -> tuple[Any, ...]:
    first, *rest = samples.sections()
    answer = samples.Answer(f"{samples.LONG_ADDRESS}{salt}")
    questions = (*first.questions[:-4], dataclasses.replace(first.questions[-4], answer=answer), *first.questions[-3:])
    return (dataclasses.replace(first, questions=questions), *rest)


if __name__ == "__main__":
    sys.exit(main())
