"""Writing: Parquet, CSV in any encoding with its broken lines, and XLSX, chunk after chunk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from canbao.batch.generator.columns import CODED, Coded, Column, replaced
from canbao.batch.generator.dirt import place_of
from canbao.batch.generator.layouts import Layout
from canbao.batch.generator.rows import Rows

FIRST_ROW = 2
"""Rows count as in a spreadsheet: the header is row 1. `batch.reading` counts Parquet files so as well."""

MIXED, BROKEN = 0.0005, 0.0003
OTHER_ENCODING = {"utf-8": "gb18030", "utf-8-sig": "gb18030", "gb18030": "utf-8"}
COMPRESSION = "snappy"
PLAIN = ("ssn", "name", "mobile", "hukou_address", "residence_address")
"""Columns in which hardly any value comes twice; the others are coded."""


class Sink(Protocol):
    """A file that takes rows chunk after chunk."""

    def write(self, rows: Rows) -> None:
        """Append rows; what the file itself does to rows is noted in their `kind`."""

    def close(self) -> None:
        """Finish the file."""


def open_sink(layout: Layout, folder: Path) -> Sink:
    """The file of a layout below `folder`, open for rows."""
    path = folder / layout.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        return ParquetSink(layout, path)
    return XlsxSink(layout, path) if path.suffix == ".xlsx" else CsvSink(layout, path)


class ParquetSink:
    """Parquet: a row group for each chunk."""

    def __init__(self, layout: Layout, path: Path) -> None:
        self.layout = layout
        kinds = {header: pa.string() if name in PLAIN else CODED for name, header in layout.columns.items()}
        repeating = [header for header, kind in kinds.items() if kind == CODED]
        options = {"compression": COMPRESSION, "use_dictionary": repeating, "store_schema": False}
        self.writer = pq.ParquetWriter(path, pa.schema(kinds.items()), **options)

    def write(self, rows: Rows) -> None:
        """Append rows as one row group."""
        self.writer.write_table(arrow_table(rows, self.layout), row_group_size=max(1, len(rows)))

    def close(self) -> None:
        """Write the footer."""
        self.writer.close()


class CsvSink:
    """CSV; here and there a line in another encoding, and one with a wrong number of columns or a lonely quote."""

    def __init__(self, layout: Layout, path: Path) -> None:
        self.layout = layout
        self.file = path.open("wb")
        self.encoding = layout.encoding
        header = [*layout.columns.values(), *([layout.extra] if layout.extra else [])]
        self.file.write((layout.delimiter.join(header) + "\n").encode(self.encoding))
        self.encoding = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(self.encoding, self.encoding)

    def write(self, rows: Rows) -> None:
        """Append rows, a line each."""
        if not len(rows):
            return
        lines: list[str] = self._lines(rows).to_pylist()
        done = 0
        for place, way in self._harm(rows).items():
            self._put(lines[done:place], self.encoding)
            self._put(*self._harmed(lines[place], way))
            done = place + 1
        self._put(lines[done:], self.encoding)

    def _put(self, lines: list[str], encoding: str) -> None:
        self.file.write("".join(line + "\n" for line in lines).encode(encoding))

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _lines(self, rows: Rows) -> Any:
        columns = [_quoted(rows.columns[name], self.layout.delimiter) for name in self.layout.columns]
        columns += [pa.nulls(len(rows), pa.string())] if self.layout.extra else []
        missing = {"null_handling": "replace", "null_replacement": ""}
        return pc.binary_join_element_wise(*columns, self.layout.delimiter, **missing)

    def _harm(self, rows: Rows) -> dict[int, int]:
        """Lines to be harmed and how: 0 the other encoding, 1 to 3 kinds of malformed lines. Only clean rows."""
        lot = rows.dice.uniform("line") / max(rows.people.world.dirt, 1e-9)
        clean = (rows.kind == 0) & ~rows.repeated
        mixed = clean & (lot < MIXED) & (self.layout.encoding in OTHER_ENCODING)
        broken = clean & (lot >= MIXED) & (lot < MIXED + BROKEN)
        rows.kind[mixed], rows.kind[broken] = place_of("mixed_encoding"), place_of("malformed")
        ways = 1 + rows.dice.below("malformed", 3)
        return {int(place): int(ways[place]) if broken[place] else 0 for place in np.flatnonzero(mixed | broken)}

    def _harmed(self, line: str, way: int) -> tuple[list[str], str]:
        delimiter = self.layout.delimiter
        if way == 0:
            return [line], OTHER_ENCODING[self.layout.encoding]
        if way == 1:
            return [line.rpartition(delimiter)[0]], self.encoding
        number, _, rest = line.partition(delimiter)
        return [line + delimiter + "1" if way == 2 else f'{number}{delimiter}"{rest}'], self.encoding


class XlsxSink:
    """XLSX: one sheet of texts; spreadsheet serials are numbers, as spreadsheets have them."""

    def __init__(self, layout: Layout, path: Path) -> None:
        self.layout = layout
        self.book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
        self.book.set_properties({"created": datetime(2017, 6, 30)})
        self.sheet = self.book.add_worksheet(layout.sheet)
        self.row = 0
        self._add(list(layout.columns.values()))

    def write(self, rows: Rows) -> None:
        """Append rows."""
        columns = [column.to_pylist() for column in arrow_table(rows, self.layout).columns]
        for values in zip(*columns, strict=True):
            self._add(values)

    def _add(self, values: Any) -> None:
        for place, value in enumerate(values):
            if value is None:
                continue
            if len(value) == 5 and value.isascii() and value.isdigit():
                self.sheet.write_number(self.row, place, int(value))
            else:
                self.sheet.write_string(self.row, place, value)
        self.row += 1

    def close(self) -> None:
        """Write the workbook."""
        self.book.close()


def arrow_table(rows: Rows, layout: Layout) -> Any:
    """The rows under the file's headers; codes and the like as dictionary columns."""
    return pa.table({header: _arrow(rows.columns[name]) for name, header in layout.columns.items()})


def _quoted(column: Column, delimiter: str) -> Any:
    """The column as strings, in quotes where there is a delimiter or a quote inside."""
    plain = column.plain() if isinstance(column, Coded) else column
    special = pc.match_substring_regex(plain, f'["\n{delimiter}]').fill_null(False)
    rows = np.flatnonzero(special.to_numpy(zero_copy_only=False))
    texts = plain.take(pa.array(rows)).to_pylist()
    return replaced(plain, rows, ['"' + text.replace('"', '""') + '"' for text in texts]) if len(rows) else plain


def _arrow(column: Column) -> Any:
    return column.arrow() if isinstance(column, Coded) else column
