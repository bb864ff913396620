"""The cleaning of one city: sources in, every person once, everything doubtful in a list."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from canbao.batch.config import Config, read_config
from canbao.batch.dialects.duckdb import DuckDB
from canbao.batch.numbers import judge_numbers
from canbao.batch.outputs import ParquetFile
from canbao.batch.reading import SourceTable, read_source
from canbao.batch.replacing import replaced
from canbao.batch.report import write_report
from canbao.batch.spelling import person_spellings, spelled
from canbao.batch.steps import check, clean, derive, dispose, findings, match, slot, write
from canbao.batch.steps.rows import ALL_SOURCES, FILE_SHIFT, SOURCE_ORDER, SOURCE_SHIFT
from canbao.batch.steps.step import Step, table, view
from canbao.batch.summary import COUNTED, Counts, masked_example, summarise
from canbao.law.reader import Law, read_law

ROWS_OF_A_PART = 6_000_000
BYTES_OF_A_ROW = 700
BATCH_ROWS = 65_536
EXAMPLES = 3
EVIDENCE = tuple(name for name in SOURCE_ORDER if name != "insurance")
FILES = ("persons", "insurances", "evidence", "findings", "conflicts", "survey")

Announce = Callable[[str, int, int], None]
"""Told of each stage: its name in Chinese, how many parts are done, how many there are."""


@dataclass
class Job:
    """One run: the engine, what is being cleaned, and what has been counted so far."""

    engine: DuckDB
    config: Config
    law: Law
    announce: Announce
    tables: dict[str, SourceTable] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    memory: str | None = None
    cuts: list[int] = field(default_factory=list)

    @property
    def cleaning(self) -> clean.Cleaning:
        """What the cleaning steps need to know."""
        return clean.Cleaning(self.law, self.config.run.as_of, "resolution" in self.tables)


def clean_city(
    config_file: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    announce: Announce = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Clean a city's sources into the folder `out` and return what summary.json says.

    Raises SourceTrouble for a configuration or source that can't be read and OutOfRoom when memory or disk is at an
    end; `out` is then as it was.
    """
    config, law = read_config(config_file), read_law()
    with replaced(out) as fresh, tempfile.TemporaryDirectory(prefix="work-", dir=fresh) as work:
        engine = DuckDB(Path(work), law, memory, threads)
        try:
            job = Job(engine, config, law, announce, memory=memory)
            _load(job, Path(work))
            _clean(job)
            _write_parts(job, fresh)
        finally:
            engine.close()
        summary = summarise(config, law, job.tables, job.counts)
        text = json.dumps(summary, ensure_ascii=False, indent=1)
        (fresh / "summary.json").write_text(text + "\n", encoding="utf-8")
        write_report(summary, fresh / "report.html")
    return summary


def _load(job: Job, work: Path) -> None:
    """Every source becomes raw_<source>, and every file gets the number that rows point to."""
    for place, (name, specs) in enumerate(job.config.sources.items()):
        job.announce("读取来源", place, len(job.config.sources))
        source = read_source(job.engine.connection, name, specs, work, job.law)
        job.tables[name] = source
        job.engine.run(view(f"raw_{name}", f"SELECT * FROM {source.relation}"))
        first = ALL_SOURCES.index(name) << (SOURCE_SHIFT - FILE_SHIFT)
        job.labels |= {first + index: file.label for index, file in enumerate(source.files)}
    for name in SOURCE_ORDER:
        if name not in job.tables:
            job.engine.run(clean.empty_source(job.law.sources[name]))
    files = [{"file": number, "label": label} for number, label in job.labels.items()]
    job.engine.give("files", pa.Table.from_pylist(files))
    _give_words(job)


def _give_words(job: Job) -> None:
    rules = [{"rule": one.id, "severity": one.severity, "message": one.message} for one in job.law.checks.values()]
    job.engine.give("rules", pa.Table.from_pylist(rules))
    labels = {name: spec.label for name, spec in job.law.fields.items()}
    for source in job.law.sources.values():
        labels.update({column.name: column.label for column in source.columns if column.label})
    job.engine.give("field_labels", pa.Table.from_pylist([{"field": key, "label": labels[key]} for key in labels]))
    troubles = [trouble for source in job.tables.values() for trouble in source.troubles]
    columns = ("check", "source", "row", "field", "value", "message")
    schema = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in columns])
    rows = [
        dict(zip(columns, (one.check, one.file, one.row, one.field, one.value, one.message), strict=True))
        for one in troubles
    ]
    job.engine.give("troubles", pa.Table.from_pylist(rows, schema=schema))


def _clean(job: Job) -> None:
    """Sift every source, judge the odd numbers, read officers' decisions, then read the odd rows the long way."""
    engine, cleaning, sources = job.engine, job.cleaning, job.law.sources
    job.cuts = _cuts(job)
    for place, name in enumerate(SOURCE_ORDER):
        job.announce("清洗", place, len(SOURCE_ORDER))
        engine.divide(f"sifted_{name}", clean.sift(sources[name], cleaning), clean.ODD, job.cuts)
    _judge_numbers(job)
    if cleaning.resolved:
        _read_decisions(job)
    for name in SOURCE_ORDER:
        odd, in_order = engine.part(f"sifted_{name}", None), engine.parts(f"sifted_{name}", job.cuts)
        engine.run(clean.odd_rows(sources[name], cleaning, odd, in_order))
        engine.divide(f"told_{name}", clean.told(sources[name], cleaning), clean.UNIDENTIFIED, job.cuts)


def _judge_numbers(job: Job) -> None:
    """Core judges each odd number once; the answers become the tables judged and other_numbers."""
    engine, cleaning = job.engine, job.cleaning
    engine.run(clean.odd_numbers([engine.part(f"sifted_{name}", None) for name in SOURCE_ORDER], cleaning))
    written = (row[0] for row in engine.rows("SELECT ssn FROM odd_numbers"))
    countries = frozenset(code.code for code in job.law.codes["country"].codes)
    judged, others = judge_numbers(written, cleaning.as_of, countries)
    engine.give("judged", judged)
    engine.give("other_numbers", others)


def _read_decisions(job: Job) -> None:
    for step in clean.resolution(job.law.sources["resolution"], job.cleaning):
        job.engine.run(step)
    fate = "CASE WHEN usable THEN 'used' ELSE 'unusable_decision' END"
    query = f"SELECT 'resolution', {fate}, count(*) FROM resolution_rows GROUP BY ALL"
    job.counts.add("fates", job.engine.rows(query))


def _cuts(job: Job) -> list[int]:
    """Keys that cut the persons into parts of bearable size, by a sample of the numbers."""
    rows = sum(file.rows_in for source in job.tables.values() for file in source.files)
    wanted = -(-rows // rows_of_a_part(job.memory))
    if wanted <= 1:
        return []
    shares = ", ".join(f"{place / wanted:.6f}" for place in range(1, wanted))
    written = " UNION ALL ".join(f"SELECT ssn FROM raw_{name}" for name in ("household", "insurance"))
    sample = f"SELECT TRY_CAST(left(ssn, 17) AS BIGINT) AS key FROM ({written}) AS written WHERE hash(ssn) % 20 = 0"
    ((cuts,),) = job.engine.rows(f"SELECT approx_quantile(key, [{shares}]) FROM ({sample}) AS sample")
    return sorted({int(cut) for cut in cuts or ()})


def rows_of_a_part(memory: str | None) -> int:
    """How many source rows a part may have, so that it is worked on within the memory given (such as `4GB`)."""
    size = re.fullmatch(r"\s*([0-9.]+)\s*([KMGT])i?B?\s*", memory or "", re.IGNORECASE)
    given = float(size[1]) * 1024 ** "KMGT".index(size[2].upper()) * 1024 if size else math.inf
    return int(max(min(ROWS_OF_A_PART, given / BYTES_OF_A_ROW), 1_000))


def _write_parts(job: Job, out: Path) -> None:
    """Go through the persons part by part, in the order of their numbers, and append to the files."""
    outputs = (
        ("persons", write.persons(), person_spellings()),
        ("insurances", write.INSURANCES, {"source": job.labels}),
        ("evidence", write.evidence(EVIDENCE, job.cleaning), {"source": job.labels}),
    )
    with ExitStack() as stack:
        files = {name: stack.enter_context(ParquetFile(out / f"{name}.parquet")) for name in FILES}
        for place in range(len(job.cuts) + 1):
            job.announce("比对与判定", place, len(job.cuts) + 1)
            _take_part(job, place)
            _judge_part(job)
            _gather(job, first=place == 0)
            for name, query, spellings in outputs:
                files[name].add(spelled(job.engine.stream(query, BATCH_ROWS), spellings))
            job.engine.forget(place)
        job.announce("写出清单", len(job.cuts) + 1, len(job.cuts) + 1)
        for name, query in (("findings", write.FINDINGS), ("conflicts", write.CONFLICTS), ("survey", write.SURVEY)):
            files[name].add(job.engine.stream(query, BATCH_ROWS))
    _count_findings(job)


def _take_part(job: Job, place: int) -> None:
    """The cleaned rows of one part as clean_<source>; those that belong to nobody go with the first part."""
    make = table if job.cuts else view
    for name in SOURCE_ORDER:
        in_order = job.engine.part(f"sifted_{name}", place)
        told = [job.engine.part(f"told_{name}", one) for one in ([None, 0] if place == 0 else [place])]
        query = clean.clean_rows(job.law.sources[name], job.cleaning, in_order, told)
        job.engine.run(make(f"clean_{name}", query))
        rows = job.engine.rows(f"SELECT '{name}', coalesce(fate, 'used'), count(*) FROM clean_{name} GROUP BY ALL")
        job.counts.add("fates", rows)


def _judge_part(job: Job) -> None:
    """All steps from matching to disposition for the persons of one part."""
    sources, cleaning, run = list(SOURCE_ORDER), job.cleaning, job.config.run
    steps = [
        *(clean.usable(name) for name in sources),
        match.all_rows(sources),
        match.special(),
        match.special_rows(sources, job.law),
        *match.reference_names(),
        match.fates(),
        *match.merged(sources),
        match.conflicts(),
        slot.passed_over(sources, job.law),
        slot.person_rows(sources),
        slot.persons(sources),
        slot.duplicates(job.law.duplicate_cover),
        derive.items(cleaning, run.division, run.moment.isoformat(sep=" ")),
        derive.derived(cleaning, run.profile),
        check.checked(cleaning),
        dispose.disposed(cleaning, run.profile),
    ]
    for step in steps:
        job.engine.run(step)


def _gather(job: Job, first: bool) -> None:
    """Keep what is sorted over all parts, and count."""
    parts = [findings.row_findings(name) for name in SOURCE_ORDER]
    parts += [findings.matching_findings(), findings.found_about_persons(check.marks(job.law))]
    if first and job.cleaning.resolved:
        parts.append(findings.RESOLUTION)
    found = findings.worded(parts)
    found += f" UNION ALL {findings.TROUBLES}" if first else ""
    for name, query in (("findings", found), ("conflicts", write.PART_CONFLICTS), ("survey", write.PART_SURVEY)):
        step = table(f"all_{name}", query) if first else Step(f"all_{name}", f"INSERT INTO all_{name} {query}")
        job.engine.run(step)
    _count_part(job)


def _count_part(job: Job) -> None:
    rows, counts = job.engine.rows, job.counts
    for source, fate, count in rows("SELECT source, fate, count(*) FROM fates WHERE fate <> 'merged' GROUP BY ALL"):
        counts.add("fates", [(source, fate, count), (source, "used", -count)])
    for item in COUNTED:
        counts.add("values", rows(f"SELECT '{item}', {item}, count(*) FROM finished GROUP BY ALL"))
    counts.add("counties", rows("SELECT admin_division_code, disposition, count(*) FROM finished GROUP BY ALL"))
    counts.persons += rows("SELECT count(*) FROM finished")[0][0]
    counts.conflicts += rows("SELECT count(*) FROM conflicts")[0][0]


def _count_findings(job: Job) -> None:
    job.counts.add(
        "findings", job.engine.rows("SELECT rule, severity, source, count(*) FROM all_findings GROUP BY ALL")
    )
    picked = (
        "SELECT rule, ssn, source, row, field, value, message, row_number() OVER "
        "(PARTITION BY rule ORDER BY ssn NULLS LAST, source, row, field, value) AS place FROM all_findings"
    )
    names = ("rule", "ssn", "source", "row", "field", "value", "message")
    shown = f"SELECT {', '.join(names)} FROM ({picked}) AS picked WHERE place <= {EXAMPLES} ORDER BY rule, place"
    job.counts.examples = [masked_example(dict(zip(names, row, strict=True))) for row in job.engine.rows(shown)]
