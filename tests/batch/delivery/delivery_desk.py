"""A cleaned city whose results can be doctored, packed with a good signature and delivered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from canbao.batch.city import clean_city
from canbao.batch.delivery import Chunk, Delivery, RowError, open_delivery
from canbao.batch.delivery.shapes import COLUMNS
from canbao.batch.generator import generate_city
from canbao.batch.package import make_signing_key, pack
from canbao.core.numbering.resident import check_character

Doctor = Callable[[pa.Table], pa.Table]


def clean_made_city(folder: Path, **wanted: Any) -> Path:
    """Generate and clean a city below `folder`; returns its OUT."""
    profile = wanted.pop("profile", "guangdong_2017")
    generate_city(folder / "city", **wanted)
    config = folder / "city" / "city.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("guangdong_2017", profile), encoding="utf-8")
    clean_city(config, folder / "OUT")
    return folder / "OUT"


@dataclass
class DeliveryDesk:
    """Packs copies of one city's results; `folder` is empty at first."""

    out: Path
    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.key = self.folder / "city.key"
        self.trust = make_signing_key(self.key)
        self.count = 0

    def package(self, **doctors: Doctor) -> Path:
        """A well signed package in which each named table has gone through its doctor."""
        self.count += 1
        copy = self.folder / f"OUT{self.count}"
        shutil.copytree(self.out, copy)
        for table, doctor in doctors.items():
            path = copy / f"{table}.parquet"
            write(doctor(pq.read_table(path)), path)
        return pack(copy, self.key)

    def delivery(self, package: Path | None = None, **doctors: Doctor) -> Delivery:
        package = package or self.package(**doctors)
        return open_delivery(package, self.folder / f"in{self.count}-{package.stem}", trust=self.trust)

    def errors(self, **doctors: Doctor) -> list[RowError]:
        return list(self.delivery(**doctors).errors())

    def rules(self, **doctors: Doctor) -> set[tuple[str, str]]:
        """The rules found to be broken, with the tables in which they are."""
        return {(error.table, error.rule) for error in self.errors(**doctors)}


def write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, store_schema=False, row_group_size=131_072)


def with_sql(query: str) -> Doctor:
    """A doctor that answers a query about the table `t`, keeping the order of rows and the types."""

    def doctor(t: pa.Table) -> pa.Table:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.register("t", t)
            return connection.sql(query).to_arrow_table()

    return doctor


def with_value(column: str, value: Any, row: int = 0) -> Doctor:
    """A doctor that puts a value into one cell."""

    def doctor(t: pa.Table) -> pa.Table:
        values = t.column(column).to_pylist()
        values[row] = value
        place = t.column_names.index(column)
        return t.set_column(place, column, pa.array(values, t.schema.field(column).type))

    return doctor


def read_back(table: str, pieces: bytes, columns: tuple[str, ...]) -> pa.Table:
    """CSV for COPY as a table of texts: an unquoted empty value is NULL, a quoted one is an empty text."""
    options = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        null_values=[""],
    )
    return arrow_csv.read_csv(
        pa.py_buffer(pieces),
        read_options=arrow_csv.ReadOptions(column_names=list(columns)),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )


def together(delivery: Delivery, chunks: list[Chunk], table: str) -> list[dict[str, Any]]:
    """The rows of all chunks, as texts."""
    pieces = b"".join(getattr(chunk, table) for chunk in chunks)
    return read_back(table, pieces, delivery.columns(table)).to_pylist()


def as_texts(path: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a file of OUT/ with every value as the text that COPY would read."""
    written = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in COLUMNS[table])
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.sql(f"SELECT {written} FROM '{path}'").to_arrow_table().to_pylist()


def number(sequence: int, birth: str = "19800101", region: str = "440604") -> str:
    """A constructed resident number; an odd sequence is male."""
    digits = f"{region}{birth}{sequence:03d}"
    return digits + check_character(digits)
