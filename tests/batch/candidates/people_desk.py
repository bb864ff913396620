"""Registered people written by hand, and what is proposed about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from canbao.batch.candidates import Pair, Proposed, propose, read_pairs
from canbao.batch.generator.registered import REGISTERED
from canbao.core.numbering.resident import check_character

KNOWN = {
    "name": "欧阳静怡",
    "sex": "2",
    "birth_date": date(1986, 3, 12),
    "mobile": "14400001111",
    "residence_address": "广东省佛山市禅城区祖庙街道文明路8号",
}
"""Somebody with an uncommon name, born on the day of NUMBER; nobody real."""

STRANGERS = 300


def numbered(first17: str) -> str:
    """17 digits with their check character."""
    return first17 + check_character(first17)


NUMBER = numbered("44060419860312034")


def person(key: int, ssn: str = NUMBER, **items: Any) -> dict[str, Any]:
    """A registered person: KNOWN with other items."""
    return {"person_id": key, "ssn": ssn, **KNOWN, **items}


def strangers() -> list[dict[str, Any]]:
    """People who have nothing to do with anybody, so that chance can be measured against a population."""
    return [
        person(
            1000 + place,
            numbered(f"441322{1950 + place % 50}{1 + place % 12:02d}{1 + place % 28:02d}{place:03d}"),
            name=f"{'陈李黄张梁林王吴刘何'[place % 10]}{chr(0x4E10 + place)}",
            birth_date=date(1950 + place % 50, 1 + place % 12, 1 + place % 28),
            mobile=f"1450000{place:04d}",
            residence_address=f"广东省惠州市博罗县罗阳街道向阳街{place}号",
        )
        for place in range(STRANGERS)
    ]


def write_people(file: Path, *people: dict[str, Any]) -> Path:
    """The table of these people and of the strangers."""
    pq.write_table(pa.Table.from_pylist([*people, *strangers()], schema=REGISTERED), file)
    return file


def proposed(folder: Path, *people: dict[str, Any], decided: list[Pair] | None = None) -> list[Pair]:
    """What is proposed about these people among the strangers."""
    return run(folder, *people, decided=decided)[1]


def run(folder: Path, *people: dict[str, Any], decided: list[Pair] | None = None) -> tuple[Proposed, list[Pair]]:
    """The counts too."""
    file, known = write_people(folder / "people.parquet", *people), None
    if decided is not None:
        known = folder / "decided.parquet"
        columns = ("left_id", "right_id", "left_digest", "right_digest")
        pq.write_table(pa.table({name: [getattr(pair, name) for pair in decided] for name in columns}), known)
    counts = propose(file, known, folder / "pairs.parquet", memory="512MB", threads=1)
    return counts, list(read_pairs(folder / "pairs.parquet"))
