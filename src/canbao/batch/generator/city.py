"""A whole city made up: the files that its offices would send, the configuration that fits them, and the truth."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from canbao.batch.generator import layouts
from canbao.batch.generator.covers import insurance
from canbao.batch.generator.dirt import soil
from canbao.batch.generator.files import Sink, open_sink
from canbao.batch.generator.layouts import Layout
from canbao.batch.generator.lists import BUILDERS
from canbao.batch.generator.numbering import make_numbering
from canbao.batch.generator.people import People, World
from canbao.batch.generator.refusal import FIRST_DAY, LAST_DAY, GeneratorError
from canbao.batch.generator.rows import Rows
from canbao.batch.generator.surroundings import look_around
from canbao.batch.generator.truth import Truth
from canbao.law.places import read_places

CHUNK = 250_000
THREADS = 2

Shape = Literal["plain", "city"]
Announce = Callable[[int, int], None]
"""Told after each chunk: persons done, persons wanted."""


@dataclass(frozen=True)
class GeneratedCity:
    """What was written: the configuration, the folder of the truth (None if not wanted), and rows of each file."""

    config: Path
    truth: Path | None
    persons: int
    rows: dict[str, int]


def generate_city(
    out: Path,
    *,
    persons: int,
    seed: int = 2017,
    division: str = "440600",
    as_of: date = date(2017, 6, 30),
    shape: Shape = "city",
    dirt: float = 1.0,
    doubles: float = 0.0,
    truth: bool = True,
    profile: str = "guangdong_2017",
    chunk: int = CHUNK,
    announce: Announce = lambda done, total: None,
) -> GeneratedCity:
    """Make up `persons` people with all their rows and write them into the folder `out`, beside a city.toml.

    `shape` "plain" writes one Parquet file for each source under our column names, "city" what a real city would
    send: CSV, XLSX and Parquet in several encodings, with foreign headers. `dirt` multiplies how often rows are
    dirty; 0 gives clean ones. The same arguments give the same bytes; `chunk` changes the order of rows, not what
    is in them. Nobody is real: numbers and names are put together by chance. `doubles` is the share of people whom
    business systems know under another number than the household list does; truth/doubles.parquet names them.
    Raises GeneratorError for a negative number, more people than the division can have, a division that is not of
    Guangdong, and a day before FIRST_DAY or after LAST_DAY.
    """
    if not FIRST_DAY <= as_of <= LAST_DAY:
        raise GeneratorError(f"基准日 {as_of} 不行；只能造 {FIRST_DAY.year} 至 {LAST_DAY.year} 年的城市")
    world = _world(division, as_of, seed, dirt, doubles)
    _refuse(persons, dirt, chunk, world)
    files = layouts.plain() if shape == "plain" else layouts.city(persons)
    out.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys((layout.file for layout in files), 0)
    with ExitStack() as stack:
        sinks = [stack.enter_context(closing(open_sink(layout, out))) for layout in files]
        told = stack.enter_context(closing(Truth(out / "truth", doubles > 0))) if truth else None
        for people, made in _chunks(world, persons, chunk, files):
            _write(people, made, files, sinks, told, counts)
            announce(int(people.index[-1]) + 1, persons)
    config = out / "city.toml"
    config.write_text(_configuration(files, division, as_of, profile), encoding="utf-8")
    return GeneratedCity(config, out / "truth" if truth else None, persons, counts)


def _world(division: str, as_of: date, seed: int, dirt: float, doubles: float) -> World:
    places = read_places()
    return World(seed, make_numbering(places, division, as_of, seed), look_around(places, division), dirt, doubles)


def _refuse(persons: int, dirt: float, chunk: int, world: World) -> None:
    capacity = world.numbering.capacity
    if not 0 <= persons <= capacity:
        raise GeneratorError(f"人数 {persons} 不行；这个区划可以生成 0 至 {capacity} 人")
    if dirt < 0 or chunk < 1:
        raise GeneratorError(f"dirt 是 {dirt}、chunk 是 {chunk}；dirt 应不小于 0，chunk 应大于 0")
    if not 0 <= world.doubles <= 1:
        raise GeneratorError(f"doubles 是 {world.doubles}；应在 0 和 1 之间")


def _chunks(world: World, persons: int, chunk: int, files: tuple[Layout, ...]) -> Iterator[tuple[People, list[Rows]]]:
    """Chunk after chunk in order, the next ones being made while one is written."""
    starts = deque(range(0, persons, chunk))
    waiting: deque[Future[tuple[People, list[Rows]]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        while starts or waiting:
            while starts and len(waiting) < THREADS:
                start = starts.popleft()
                waiting.append(pool.submit(_made, world, start, min(start + chunk, persons), files))
            yield waiting.popleft().result()


def _made(world: World, start: int, end: int, files: tuple[Layout, ...]) -> tuple[People, list[Rows]]:
    people = People(world, np.arange(start, end, dtype=np.int64))
    return people, [_dirty_rows(people, layout) for layout in files]


def _dirty_rows(people: People, layout: Layout) -> Rows:
    if layout.source == "insurance":
        rows = insurance(people, layout.style, layout.types)
    else:
        rows = BUILDERS[layout.source](people, layout.style)
    soil(rows)
    return rows


def _write(
    people: People,
    made: list[Rows],
    files: tuple[Layout, ...],
    sinks: list[Sink],
    told: Truth | None,
    counts: dict[str, int],
) -> None:
    """Append a chunk to all files; the truth comes after, since writing CSV harms lines."""
    if told:
        told.add_people(people)
    for layout, sink, rows in zip(files, sinks, made, strict=True):
        sink.write(rows)
        if told:
            told.add_rows(rows, layout.file, counts[layout.file])
        counts[layout.file] += len(rows)


def _configuration(files: tuple[Layout, ...], division: str, as_of: date, profile: str) -> str:
    """The city.toml that fits the files."""
    sources: dict[str, list[str]] = {}
    for layout in files:
        sources.setdefault(layout.source, []).append(_file_entry(layout))
    entries = [f"{source} = {found[0] if len(found) == 1 else _listed(found)}" for source, found in sources.items()]
    run = ["[run]", f'division = "{division}"', f"as_of = {as_of.isoformat()}", f'profile = "{profile}"']
    return "\n".join(["# 人造数据，无真实个人信息", *run, "", "[sources]", *entries, ""])


def _listed(entries: list[str]) -> str:
    return "[\n" + "".join(f"  {entry},\n" for entry in entries) + "]"


def _file_entry(layout: Layout) -> str:
    """A path, or a table where the file needs more words."""
    keys = [f"path = {_quoted(layout.file)}"]
    if layout.sheet and layout.file.endswith(".xlsx"):
        keys.append(f"sheet = {_quoted(layout.sheet)}")
    if layout.mapped:
        pairs = ", ".join(f"{_quoted(layout.columns[name])} = {_quoted(name)}" for name in layout.mapped)
        keys.append(f"columns = {{{pairs}}}")
    return _quoted(layout.file) if len(keys) == 1 else f"{{{', '.join(keys)}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
