"""The truth beside the sources: who everybody is, and for every row whose it is and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.generator.columns import CODED
from canbao.batch.generator.dirt import NAMES, labels, place_of, readable
from canbao.batch.generator.files import COMPRESSION, FIRST_ROW
from canbao.batch.generator.people import LIVES, People
from canbao.batch.generator.rows import Rows
from canbao.batch.generator.second_numbers import SECOND_NUMBERS, second_numbers

PERSONS = pa.schema(
    [
        ("ssn", pa.string()),
        ("name", pa.string()),
        ("birth_date", pa.date32()),
        ("sex", CODED),
        ("kind", CODED),
        ("life", CODED),
    ]
)
"""kind: local, nonlocal, hmt, overseas_chinese, foreign; life: one of `people.LIVES`; sex: 1 male, 2 female."""

ROWS = pa.schema(
    [
        ("source", CODED),
        ("file", CODED),
        ("row", pa.int64()),
        ("ssn", pa.string()),
        ("dirt", CODED),
        ("identified", pa.bool_()),
        ("same_person", pa.bool_()),
    ]
)
"""row: as in a spreadsheet with the header in row 1; ssn: of the person the row is about; dirt: one of `dirt.NAMES` or
missing; identified: the row and its number can be read; same_person: the number written is, or was meant to be, the
person's own."""


class Truth:
    """Writes persons.parquet and rows.parquet into a folder, and doubles.parquet if some have two numbers."""

    def __init__(self, folder: Path, doubles: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"compression": COMPRESSION, "store_schema": False}
        repeating = {"use_dictionary": ["sex", "kind", "life"]}
        self.persons = pq.ParquetWriter(folder / "persons.parquet", PERSONS, **options, **repeating)
        repeating = {"use_dictionary": ["source", "file", "dirt"]}
        self.rows = pq.ParquetWriter(folder / "rows.parquet", ROWS, **options, **repeating)
        self.doubles = pq.ParquetWriter(folder / "doubles.parquet", SECOND_NUMBERS, **options) if doubles else None

    def add_people(self, people: People) -> None:
        """Append persons."""
        columns = {
            "ssn": people.ssn,
            "name": people.name,
            "birth_date": pa.array(people.birth.astype("datetime64[D]")),
            "sex": _coded(["1", "2"], people.sex - 1),
            "kind": _coded(people.kinds, people.kind_places),
            "life": _coded(list(LIVES), people.life),
        }
        self.persons.write_table(pa.table(columns), row_group_size=max(1, len(people)))
        if self.doubles:
            self.doubles.write_table(second_numbers(people))

    def add_rows(self, rows: Rows, file: str, before: int) -> None:
        """Append the rows of a file of which `before` rows were written earlier."""
        count = len(rows)
        if not count:
            return
        kinds = labels(rows)
        constant = np.zeros(count, np.int32)
        columns = {
            "source": _coded([rows.source], constant),
            "file": _coded([file], constant),
            "row": pa.array(np.arange(before + FIRST_ROW, before + FIRST_ROW + count)),
            "ssn": rows.people.ssn.take(pa.array(rows.at)),
            "dirt": _coded(list(NAMES[1:]), kinds - 1),
            "identified": pa.array(readable(rows) & (kinds != place_of("malformed"))),
            "same_person": pa.array(rows.own),
        }
        self.rows.write_table(pa.table(columns), row_group_size=count)

    def close(self) -> None:
        """Write the footers."""
        self.persons.close()
        self.rows.close()
        if self.doubles:
            self.doubles.close()


def _coded(values: list[str], places: Any) -> Any:
    codes = np.asarray(places, np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(values, pa.string()))
