"""Where a row came from, as one integer that sorts by source, file and row; and findings packed into one text."""

from __future__ import annotations

from canbao.batch.steps.step import literal

SOURCE_ORDER = (
    "household", "insurance", "card", "labour", "school", "retirement", "military", "exit_entry", "court",
    "injury", "death",
)  # fmt: skip
"""Sources in the order in which a person's first row is looked for; `resolution` decides and is no one's row."""

ALL_SOURCES = (*SOURCE_ORDER, "resolution")
LISTS = SOURCE_ORDER[2:]
FILE_SHIFT, SOURCE_SHIFT = 36, 52
FIELD_END, FINDING_END = "\x1f", "\x1e"


def pointer(source: str, file: str = "file", row: str = "row") -> str:
    """The row's place as a BIGINT expression."""
    first = ALL_SOURCES.index(source) << SOURCE_SHIFT
    return f"{first} + (CAST({file} AS BIGINT) << {FILE_SHIFT}) + CAST({row} AS BIGINT)"


def file_of(pointer_column: str) -> str:
    """The key of the row's file in the table `files`."""
    return f"({pointer_column} >> {FILE_SHIFT})"


def row_of(pointer_column: str) -> str:
    """The row's number in its file."""
    return f"({pointer_column} & {2**FILE_SHIFT - 1})"


def source_of(pointer_column: str) -> str:
    """The position of the row's source in SOURCE_ORDER."""
    return f"({pointer_column} >> {SOURCE_SHIFT})"


def packed_finding(check: str, field: str, value: str) -> str:
    """A finding about a row as text: check, field and value; `value` is an SQL expression."""
    head = literal(f"{check}{FIELD_END}{field}{FIELD_END}")
    return f"{head} || coalesce(CAST({value} AS VARCHAR), '') || {literal(FINDING_END)}"


def packed_findings(found: list[tuple[str, str]]) -> str:
    """The findings whose condition holds, one after the other, or NULL; pairs of (condition, packed finding)."""
    if not found:
        return "CAST(NULL AS VARCHAR)"
    anything = " OR ".join(f"({condition})" for condition, _ in found)
    each = ", ".join(f"CASE WHEN {condition} THEN {text} ELSE '' END" for condition, text in found)
    return f"CASE WHEN {anything} THEN concat({each}) END"
