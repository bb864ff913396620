"""The persons, part by part in the order of their numbers: from cleaned rows to the files of OUT/."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from canbao.batch.job import BASIS, FILES, Job
from canbao.batch.merging import merged
from canbao.batch.outputs import ParquetFile
from canbao.batch.spelling import Spelling, person_spellings, spelled
from canbao.batch.steps import check, clean, derive, dispose, findings, fingerprints, match, slot, write
from canbao.batch.steps.rows import SOURCE_ORDER
from canbao.batch.steps.step import Step, table, view

BATCH_ROWS = 65_536
EVIDENCE = tuple(name for name in SOURCE_ORDER if name != "insurance")
COLLECTED = {
    "findings": write.FINDINGS,
    "conflicts": write.CONFLICTS,
    "survey": write.SURVEY,
    f"{BASIS}/unused": write.UNUSED,
    f"{BASIS}/fingerprints": fingerprints.FINGERPRINTS,
}
"""What is gathered over all parts and sorted at the end, with the query that sorts it."""


def write_parts(job: Job) -> None:
    """Judge all persons and write every table."""
    job.basis.mkdir()
    outputs: tuple[tuple[str, str, dict[str, Spelling]], ...] = (
        ("persons", write.persons(), person_spellings()),
        ("insurances", write.INSURANCES, {"source": job.labels}),
        ("evidence", write.evidence(EVIDENCE, job.cleaning), {"source": job.labels, "holds": write.HOLDINGS}),
    )
    changed = pa.array(_changed(job), pa.string())
    with ExitStack() as stack:
        files = {name: stack.enter_context(ParquetFile(_path(job, name))) for name in {*FILES, *COLLECTED}}
        job.announce("比对与判定", 0, len(job.cuts) + 1, None)
        for place in range(len(job.cuts) + 1):
            _take_part(job, place)
            _judge_part(job)
            _gather(job, first=place == 0)
            for name, query, spellings in outputs:
                fresh = spelled(job.engine.stream(query, BATCH_ROWS), spellings)
                files[name].add(merged(job.earlier / f"{name}.parquet", fresh, changed) if job.earlier else fresh)
            job.engine.forget(place)
            job.announce("比对与判定", place + 1, len(job.cuts) + 1, None)
        job.announce("写出清单", 0, len(COLLECTED), None)
        for place, (name, query) in enumerate(COLLECTED.items()):
            files[name].add(job.engine.stream(query, BATCH_ROWS))
            job.announce("写出清单", place + 1, len(COLLECTED), None)


def _path(job: Job, name: str) -> Path:
    return job.fresh / f"{name}.parquet"


def _changed(job: Job) -> list[str]:
    """The numbers that are judged again where an earlier run is built on."""
    return [row[0] for row in job.engine.rows("SELECT ssn FROM changed")] if job.earlier else []


def _take_part(job: Job, place: int) -> None:
    """The cleaned rows of one part as clean_<source>; those that belong to nobody go with the first part."""
    make = table if job.cuts else view
    for name in SOURCE_ORDER:
        in_order = job.engine.part(f"sifted_{name}", place)
        told = [job.engine.part(f"told_{name}", one) for one in ([None, 0] if place == 0 else [place])]
        if job.earlier is not None:
            told = [f"(SELECT * FROM {one} WHERE key IS NULL OR key IN (SELECT key FROM changed))" for one in told]
        query = clean.clean_rows(job.law.sources[name], job.cleaning, in_order, told)
        job.engine.run(make(f"clean_{name}", query))


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
        slot.duplicates(job.law),
        derive.items(cleaning, run.division, run.moment.isoformat(sep=" ")),
        derive.derived(cleaning, run.profile),
        check.checked(cleaning),
        dispose.disposed(cleaning, run.profile),
    ]
    for step in steps:
        job.engine.run(step)


def _gather(job: Job, first: bool) -> None:
    """Keep what is sorted over all parts."""
    found = [findings.row_findings(name) for name in SOURCE_ORDER]
    found += [findings.matching_findings(), findings.found_about_persons(check.marks(job.law))]
    if first and job.cleaning.resolved:
        found.append(findings.RESOLUTION)
    queries = {
        "findings": findings.worded(found) + (f" UNION ALL {findings.TROUBLES}" if first else ""),
        "conflicts": write.PART_CONFLICTS,
        "survey": write.PART_SURVEY,
        "unused": write.part_unused(SOURCE_ORDER),
        "fingerprints": fingerprints.of_part(SOURCE_ORDER),
    }
    for name, query in queries.items():
        every = f"all_{name}"
        job.engine.run(table(every, query) if first else Step(every, f"INSERT INTO {every} {query}"))
    if first:
        _gather_earlier(job)


def _gather_earlier(job: Job) -> None:
    """What an earlier run found about persons that have not changed, and officers' decisions in their fingerprints."""
    if job.cleaning.resolved:
        job.engine.run(Step("all_fingerprints", f"INSERT INTO all_fingerprints {fingerprints.OF_DECISIONS}"))
    if job.earlier is None:
        return
    for name in ("findings", "conflicts", "survey", f"{BASIS}/unused"):
        every, file = f"all_{Path(name).name}", job.engine.file(job.earlier / f"{name}.parquet")
        kept = f"SELECT * FROM {file} AS earlier ANTI JOIN changed ON changed.ssn = earlier.ssn WHERE ssn IS NOT NULL"
        job.engine.run(Step(every, f"INSERT INTO {every} {kept}"))
    job.engine.run(Step("all_fingerprints", f"INSERT INTO all_fingerprints {fingerprints.UNCHANGED}"))
