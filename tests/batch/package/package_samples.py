"""A small made city: an OUT/ folder with tables of a few rows, keys, and a package of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.package import make_recipient_key, make_signing_key, pack
from canbao.batch.package.manifest import TABLES

RUN = {"division": "440600", "as_of": "2017-06-30", "profile": "guangdong_2017"}


@dataclass(frozen=True)
class City:
    """Where everything of the made city lies."""

    out: Path
    key: Path
    trust: Path
    identity: Path
    recipient: Path

    def pack(self, serial: int | None = None) -> Path:
        """A plain package of the results."""
        return pack(self.out, self.key, serial=serial)

    def pack_sealed(self) -> Path:
        """A package that only `identity` opens."""
        return pack(self.out, self.key, recipient=self.recipient)


def make_city(folder: Path) -> City:
    """A city below `folder`, with keys of its own and of a province."""
    out, key, identity = folder / "OUT", folder / "city.key", folder / "province.key"
    make_results(out)
    return City(out, key, make_signing_key(key), identity, make_recipient_key(identity))


def make_results(out: Path) -> None:
    """What a cleaning of three people would have left."""
    out.mkdir()
    for place, name in enumerate(TABLES):
        rows = pa.table(
            {"ssn": [f"made-{number}" for number in range(3 * (place != 4))]}, pa.schema({"ssn": pa.string()})
        )
        pq.write_table(rows, out / name, store_schema=False)
    (out / "summary.json").write_text(json.dumps({"run": RUN, "persons": 3}), encoding="utf-8")
    (out / "report.html").write_text("<!doctype html><title>报告</title>", encoding="utf-8")
