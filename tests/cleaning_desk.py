"""A small city of rows written down in a test, cleaned, and its results as plain records."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from canbao.batch.city import clean_city
from canbao.core.numbering.resident import check_character

TABLES = ("persons", "insurances", "evidence", "findings", "conflicts", "survey")
Rows = Mapping[str, Sequence[Mapping[str, str]]]
Record = dict[str, Any]

HOME = {
    "hukou_address": "佛山市禅城区样例路1号", "residence_address": "佛山市禅城区样例路1号",
    "hukou_division_code": "440604", "hukou_town_name": "祖庙街道", "hukou_town_code": "440604010",
    "hukou_village_name": "样例社区", "hukou_village_code": "440604010001", "vital_status": "1",
}  # fmt: skip
"""All a household row needs besides number and name."""

UNIT = {"unit_no": "D0001", "unit_name": "样例公司", "unit_type": "10"}
COVER = {"contrib_status": "1", "enrol_date": "2010-01-01", "region_code": "440604"}


def number(sequence: int, birth: str = "19800101", region: str = "440604") -> str:
    """A constructed resident number; an odd sequence is male."""
    digits = f"{region}{birth}{sequence:03d}"
    return digits + check_character(digits)


@dataclass(frozen=True)
class Results:
    """What a run wrote: its folder, its tables as records, its summary."""

    folder: Path
    tables: dict[str, list[Record]]
    summary: dict[str, Any]

    def person(self, ssn: str) -> Record:
        (found,) = [one for one in self.tables["persons"] if one["ssn"] == ssn]
        return found

    def numbers(self, table: str = "persons") -> list[str]:
        return [one["ssn"] for one in self.tables[table]]

    def rules(self, ssn: str | None = None) -> list[str]:
        return sorted(one["rule"] for one in self.tables["findings"] if ssn is None or one["ssn"] == ssn)


@dataclass
class CleaningDesk:
    """Writes sources as CSV into a folder and cleans them."""

    folder: Path
    sources: dict[str, str] = field(default_factory=dict)

    def put(self, source: str, *rows: Mapping[str, str]) -> None:
        names = list(dict.fromkeys(["ssn", "name", *NEEDED.get(source, ()), *(name for row in rows for name in row)]))
        with (self.folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
        self.sources[source] = f"{source}.csv"

    def config(self, profile: str = "guangdong_2017", as_of: date = date(2017, 6, 30), more: str = "") -> Path:
        sources = "\n".join(f"{name} = {json.dumps(path)}" for name, path in self.sources.items())
        file = self.folder / "city.toml"
        file.write_text(
            f'[run]\ndivision = "440600"\nas_of = {as_of}\nprofile = "{profile}"\n{more}\n[sources]\n{sources}\n',
            encoding="utf-8",
        )
        return file

    def clean(
        self, profile: str = "guangdong_2017", as_of: date = date(2017, 6, 30), out: str = "OUT", **options: Any
    ) -> Results:
        summary = clean_city(self.config(profile, as_of), self.folder / out, **options)
        return Results(self.folder / out, read_tables(self.folder / out), summary)


NEEDED = {"insurance": ("insurance_type", "contrib_status"), "labour": ("employed",), "resolution": ("decision",)}


def read_tables(out: Path) -> dict[str, list[Record]]:
    """The six tables of a folder, in the order of their rows."""
    return {name: _records(out / f"{name}.parquet") for name in TABLES}


def _records(file: Path) -> list[Record]:
    with duckdb.connect() as connection:
        answer = connection.execute("SELECT * FROM read_parquet(?)", [str(file)])
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder of results."""
    files = [file for file in sorted(out.iterdir()) if file.is_file()]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
