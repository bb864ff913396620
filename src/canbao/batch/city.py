"""The cleaning of one city: sources in, every person once, everything doubtful in a list."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from canbao.batch.config import read_config
from canbao.batch.dialects.duckdb import DuckDB
from canbao.batch.earlier import keep_basis, restrict_to_changes, usable_earlier
from canbao.batch.job import Announce, Job, Warn
from canbao.batch.loading import cuts, load
from canbao.batch.odd_numbers import judge_odd_numbers, read_decisions
from canbao.batch.parts import write_parts
from canbao.batch.replacing import replaced
from canbao.batch.report import write_report
from canbao.batch.steps import clean
from canbao.batch.steps.rows import SOURCE_ORDER
from canbao.batch.summary import summarise
from canbao.law.reader import read_law

__all__ = ["Announce", "Warn", "clean_city"]


def clean_city(
    config_file: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    since: Path | None = None,
    announce: Announce = lambda stage, done, total, rows: None,
    warn: Warn = lambda words: None,
) -> dict[str, Any]:
    """Clean a city's sources into the folder `out` and return what summary.json says.

    With `since`, the folder of an earlier run, only persons whose rows have changed are judged again; the results are
    the same bytes. `warn` is told what should be known although the run goes on. Raises SourceTrouble for a
    configuration or source that can't be read and OutOfRoom when memory or disk is at an end; `out` is then as it was.
    """
    config, law = read_config(config_file), read_law()
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own pool takes a second of processor more at 1 M persons
    with replaced(out) as fresh, tempfile.TemporaryDirectory(prefix="work-", dir=fresh) as work:
        engine = DuckDB(Path(work), law, memory, threads)
        try:
            job = Job(engine, config, law, fresh, announce, warn, memory)
            earlier = usable_earlier(job, since) if since else None
            load(job, Path(work))
            if earlier is not None and restrict_to_changes(job, earlier):
                job.earlier = earlier
            _clean(job)
            write_parts(job)
            keep_basis(job)
            announce("汇总", 0, 1, None)
            summary = summarise(job)
        finally:
            engine.close()
        text = json.dumps(summary, ensure_ascii=False, indent=1)
        (fresh / "summary.json").write_text(text + "\n", encoding="utf-8")
        write_report(summary, fresh / "report.html")
        announce("汇总", 1, 1, None)
    return summary


def _clean(job: Job) -> None:
    """Sift every source, judge the odd numbers, read officers' decisions, then read the odd rows the long way."""
    engine, cleaning, sources = job.engine, job.cleaning, job.law.sources
    job.cuts = [] if job.earlier else cuts(job)
    job.announce("清洗", 0, len(SOURCE_ORDER), 0)
    for place, name in enumerate(SOURCE_ORDER):
        engine.divide(f"sifted_{name}", clean.sift(sources[name], cleaning), clean.ODD, job.cuts)
        sifted = None if job.earlier else sum(job.rows_in(one) for one in SOURCE_ORDER[: place + 1])
        job.announce("清洗", place + 1, len(SOURCE_ORDER), sifted)
    if job.earlier is None:
        judge_odd_numbers(
            job, [f"(SELECT odd.ssn AS ssn FROM {engine.part(f'sifted_{name}', None)})" for name in SOURCE_ORDER]
        )
        read_decisions(job)
    for name in SOURCE_ORDER:
        odd, in_order = engine.part(f"sifted_{name}", None), engine.parts(f"sifted_{name}", job.cuts)
        engine.run(clean.odd_rows(sources[name], cleaning, odd, in_order))
        engine.divide(f"told_{name}", clean.told(sources[name], cleaning), clean.UNIDENTIFIED, job.cuts)
