"""What the tables of a delivery must look like: the columns that `canbao clean` writes, in order, with their types."""

from __future__ import annotations

from collections.abc import Mapping

from canbao.batch.steps.write import COVER_COLUMNS, EVIDENCE_COLUMNS, PERSON_COLUMNS
from canbao.law.reader import Law

CONTENT = "content"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "persons": PERSON_COLUMNS,
    "insurances": ("ssn", "name", *COVER_COLUMNS, "source", "row"),
    "evidence": EVIDENCE_COLUMNS,
    "findings": ("severity", "rule", "source", "row", "ssn", "field", "value", "message"),
    "conflicts": ("ssn", "reference_name", "other_name", "source", "row", "similarity"),
}
"""The tables that the register takes in, and their columns in the files."""

ROW_TABLES = ("findings", "conflicts")
"""Tables that are handed over as they are, row by row and not by person."""

_SQL_TYPES = {"D": "DATE", "T": "TIMESTAMP", "B": "BOOLEAN"}
_UNLISTED = {"row": "BIGINT", "similarity": "DOUBLE"}
"""Columns of the contract that are no fields of the law and no texts."""


def sql_types(table: str, law: Law) -> dict[str, str]:
    """Each column of a table with its type in DuckDB."""
    return {name: _sql_type(name, law) for name in COLUMNS[table]}


def _sql_type(name: str, law: Law) -> str:
    spec = law.fields.get(name)
    return _SQL_TYPES.get(spec.type[0], "VARCHAR") if spec else _UNLISTED.get(name, "VARCHAR")
