"""Loading: every source becomes a view of text, and the words that findings need become tables."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from canbao.batch.config import PEOPLE
from canbao.batch.job import Job
from canbao.batch.memory import size_in_bytes
from canbao.batch.reading import RowTrouble, SourceFile, SourceTable, read_source
from canbao.batch.steps import clean
from canbao.batch.steps.rows import ALL_SOURCES, FILE_SHIFT, SOURCE_ORDER, SOURCE_SHIFT
from canbao.batch.steps.step import view
from canbao.law.places import read_places
from canbao.law.reader import Law

ROWS_OF_A_PART = 6_000_000
BYTES_OF_A_ROW = 700


class _Count:
    """Announces files as they are read, and the rows that were in them."""

    def __init__(self, job: Job) -> None:
        self._job, self._files, self._rows = job, 0, 0
        self._total = sum(len(specs) for specs in job.config.sources.values())
        self._announce()

    def add(self, file: SourceFile) -> None:
        self._files += 1
        self._rows += file.rows_in
        self._announce()

    def _announce(self) -> None:
        self._job.announce("读取来源", self._files, self._total, self._rows)


def load(job: Job, work: Path) -> None:
    """Every source becomes raw_<source>, and every file gets the number that rows point to."""
    count = _Count(job)
    for name, specs in job.config.sources.items():
        source = read_source(job.engine.connection, name, specs, work, job.law, count.add)
        job.tables[name] = replace(source, troubles=(*source.troubles, *_empty_files(source, job.law)))
        if name in PEOPLE and not any(_usable_rows(file, source) for file in source.files):
            job.warn(
                f"{job.law.sources[name].label}（{name}）没有一行可用的数据；请核对来源文件，以及 city.toml 的 where"
            )
        job.engine.run(view(f"raw_{name}", f"SELECT * FROM {source.relation}"))
        first = ALL_SOURCES.index(name) << (SOURCE_SHIFT - FILE_SHIFT)
        job.labels |= {first + index: file.label for index, file in enumerate(source.files)}
    for name in SOURCE_ORDER:
        if name not in job.tables:
            job.engine.run(clean.empty_source(job.law.sources[name]))
    files = [{"file": number, "label": label} for number, label in job.labels.items()]
    job.engine.give("files", pa.Table.from_pylist(files))
    _give_words(job)


def _empty_files(source: SourceTable, law: Law) -> list[RowTrouble]:
    """A finding for each file without anything in it; officers may well have decided nothing."""
    if source.name == "resolution":
        return []
    words = law.checks["source_empty"].message
    empty = (file.label for file in source.files if not _usable_rows(file, source))
    return [RowTrouble("source_empty", label, 1, None, None, words) for label in empty]


def _usable_rows(file: SourceFile, source: SourceTable) -> int:
    malformed = sum(trouble.check == "row_malformed" and trouble.file == file.label for trouble in source.troubles)
    return file.rows_in - file.rows_filtered - malformed


def _give_words(job: Job) -> None:
    places = read_places()
    job.engine.give("address_codes", pa.table({"code": sorted({*places.regions, *places.over_time})}))
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


def cuts(job: Job) -> list[int]:
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
    given = size_in_bytes(memory or "") or math.inf
    return int(max(min(ROWS_OF_A_PART, given / BYTES_OF_A_ROW), 1_000))
