"""A city's package as the province sees it: opened, checked row by row, and handed on in the order of persons."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canbao.batch.delivery.chunks import Chunk, Disorder, csv_pieces, read_chunks
from canbao.batch.delivery.engine import BATCH_ROWS, locked_engine, read_file, stream
from canbao.batch.delivery.errors import find_errors
from canbao.batch.delivery.measures import Measures, measure
from canbao.batch.delivery.row_error import RowError
from canbao.batch.delivery.shapes import COLUMNS, CONTENT, ROW_TABLES
from canbao.batch.package import PackageRefused, open_package
from canbao.batch.package.contents import Span, read_summary_member
from canbao.batch.package.manifest import SUMMARY, Manifest

PERSONS_OF_A_CHUNK = 20_000


@dataclass(frozen=True)
class Delivery:
    """An opened package; `errors` must have found nothing before anything of it is used.

    `summary` is what summary.json says, `sha256` the digest of the package file, `files` where each table lies.
    """

    package: Path
    manifest: Manifest
    summary: dict[str, Any]
    sha256: str
    files: Mapping[str, Path]
    work: Path

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table's CSV in order: persons, insurances, evidence, findings or conflicts."""
        return (*COLUMNS[table], CONTENT) if table == "persons" else COLUMNS[table]

    def chunks(
        self, after: str | None = None, persons: int = PERSONS_OF_A_CHUNK, upto: str | None = None
    ) -> Iterator[Chunk]:
        """All persons with their rows, `persons` at a time, in the order of ssn, from the first one after `after`.

        With `upto` this is the last number.

        Each person has, after the columns of persons.parquet, `content`: the MD5 over everything said about it, all
        its columns and insurance and evidence rows, but neither when the program ran nor where a row stood in the
        city's files, so that an unchanged person is recognised in the next package. Raises PackageRefused for rows
        in disorder, which `errors` would have told, and OutOfRoom.
        """
        with locked_engine(self.files, self.work) as connection:
            try:
                yield from read_chunks(connection, self.files, persons, after, upto)
            except Disorder as problem:
                raise PackageRefused(self.package, ["各表没有按号码排序，或有的行不属于任何人"]) from problem

    def errors(self, regions: Collection[str] = ()) -> Iterator[RowError]:
        """Everything wrong in its rows, whatever the city said of them; none: the register may take it.

        `regions` are codes of counties that have come to be since the lists of the law were published.
        Tables that can't be read, or of another shape than `canbao clean` writes, end the search. Raises OutOfRoom.
        """
        return find_errors(self.manifest, self.files, self.work, regions)

    def measures(self) -> Measures:
        """What it looks like as a whole; raises OutOfRoom."""
        return measure(self.files, self.work)

    def cuts(self, ranges: int) -> tuple[str, ...]:
        """The numbers, one fewer than `ranges`, that cut the people into about equal ranges; each is a last one."""
        parts = ", ".join(f"{place / ranges}" for place in range(1, ranges))
        query = f"SELECT quantile_disc(ssn, [{parts}]) FROM {read_file(self.files['persons'])}"
        with locked_engine(self.files, self.work) as connection:
            found = connection.execute(query).fetchone()
        return tuple(dict.fromkeys(found[0])) if found and found[0] else ()

    def rows(self, table: str) -> Iterator[bytes]:
        """All rows of findings or conflicts as CSV, in pieces, in the order of the file."""
        if table not in ROW_TABLES:
            raise ValueError(table)
        with locked_engine(self.files, self.work) as connection:
            query = f"SELECT {', '.join(COLUMNS[table])} FROM {read_file(self.files[table])}"
            yield from csv_pieces(stream(connection, query, BATCH_ROWS))


def open_delivery(package: Path, into: Path, *, trust: Path | None, identity: Path | None = None) -> Delivery:
    """Verify a package and open it in the folder `into`, which must be empty or not there yet.

    `trust` and `identity` as for `package.inspect`. Raises PackageRefused for a package with faults, SourceTrouble for
    keys and folders that can't be used, OutOfRoom if the disk is full.
    """
    opened = open_package(package, into, trust=trust, identity=identity)
    with opened.files[SUMMARY].open("rb") as handle:
        summary = read_summary_member(Span(handle, 0, opened.files[SUMMARY].stat().st_size))
    with package.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    files = {table: opened.files[f"{table}.parquet"] for table in COLUMNS}
    return Delivery(package, opened.manifest, summary, sha256, files, into)
