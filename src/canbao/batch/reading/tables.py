"""What reading gives: a source as one relation, its files, and the rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from canbao.batch.reading.headers import Heading


@dataclass(frozen=True)
class RowTrouble:
    """A finding about a row as it stands in its file; `check` is row_malformed or encoding_mixed.

    A row_malformed row is not in the relation; there is exactly one such trouble for each. The text of the row is
    not repeated, since it is personal.
    """

    check: str
    file: str
    row: int
    field: str | None
    value: str | None
    message: str


@dataclass(frozen=True)
class SourceFile:
    """One file of a source: size and SHA-256 of its bytes, records in it, and what became of its columns.

    `rows_in` counts records without header and blank lines, those that could not be understood included;
    `rows_filtered` those that `where` leaves out. `columns` maps our names to the file's headers.
    """

    label: str
    path: Path
    bytes: int
    sha256: str
    rows_in: int
    rows_filtered: int
    columns: dict[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class SourceTable:
    """All files of a source as one view.

    `relation` has every column of the source as VARCHAR (NULL where the file lacks it; an empty text may stand for
    a missing value as well), `file` SMALLINT, the place in `files`, and `row` BIGINT: the record's number in the
    spreadsheet counting the header and blank lines (a Parquet file is counted as if it had a header), or from 1 in
    the answer of a database.
    """

    name: str
    relation: str
    files: tuple[SourceFile, ...]
    troubles: tuple[RowTrouble, ...]


@dataclass(frozen=True)
class Reading:
    """One file as a reader hands it over; `query` gives the heading's kept columns as text, and `row`."""

    heading: Heading
    query: str
    rows_in: int
    bytes: int
    sha256: str
    troubles: tuple[RowTrouble, ...] = ()
