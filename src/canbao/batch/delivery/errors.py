"""Everything that is wrong with a delivery, found again: what the city says of its own checks counts for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import duckdb

from canbao.batch.delivery.agreement import agreement_errors, area_checks, region_checks
from canbao.batch.delivery.columns import Check, column_checks
from canbao.batch.delivery.engine import counted_file, locked_engine
from canbao.batch.delivery.footers import footer_errors, row_count_errors, unreadable
from canbao.batch.delivery.numbers import PLAIN_CHECKS, odd_number_errors, with_digits
from canbao.batch.delivery.row_error import RowError
from canbao.batch.delivery.rows import checked_rows
from canbao.batch.package.manifest import Manifest
from canbao.law.reader import read_law


def find_errors(
    manifest: Manifest, files: Mapping[str, Path], work: Path, regions: Collection[str] = ()
) -> Iterator[RowError]:
    """The errors as they are found; tables that can't be read or claim too much end the search.

    `regions` are codes that the law's lists don't have yet.
    Raises OutOfRoom when memory or disk is at an end.
    """
    claimed = {table: _rows(manifest, table) for table in files}
    with locked_engine(files, work) as connection:
        looks = (
            row_count_errors(claimed),
            footer_errors(connection, files, read_law()),
            _row_errors(connection, manifest, files, regions),
            agreement_errors(connection, _relations(files)),
        )
        for look in looks:
            unreadable_table = False
            for error in look:
                unreadable_table |= error.row is None
                yield error
            if unreadable_table:
                return


def _rows(manifest: Manifest, table: str) -> int:
    """How many rows a table has; opening the package has held the manifest to the file's footer."""
    return next(member.rows or 0 for member in manifest.members if member.name == f"{table}.parquet")


def _relations(files: Mapping[str, Path]) -> dict[str, str]:
    return {table: counted_file(path) for table, path in files.items()}


def _row_errors(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, files: Mapping[str, Path], regions: Collection[str]
) -> Iterator[RowError]:
    law = read_law()
    for table, relation in _relations(files).items():
        numbered = with_digits(relation, manifest.as_of) if table == "persons" else relation
        try:
            yield from checked_rows(
                connection, table, numbered, [*column_checks(table, law), *_own(table, manifest, regions)]
            )
            if table == "persons":
                yield from odd_number_errors(connection, numbered, manifest.as_of, law)
        except duckdb.Error as problem:
            yield unreadable(table, problem)


def _own(table: str, manifest: Manifest, regions: Collection[str]) -> list[Check]:
    """What only this table is checked for."""
    if table == "persons":
        return [*PLAIN_CHECKS, *area_checks(manifest.division)]
    return region_checks(regions) if table == "insurances" else []
