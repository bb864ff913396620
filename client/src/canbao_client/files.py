"""Files of rows for systems without a database that could be read: CSV with a heading, or an object of JSON a line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from canbao_client.facts import Fact
from canbao_client.outbox import Outbox
from canbao_client.translation import LeftOut, Told, Translation
from canbao_client.trouble import ConfigurationTrouble

ENCODINGS = ("utf-8-sig", "gb18030")
PAGE = 20_000


def enter_file(outbox: Outbox, translation: Translation, file: Path) -> tuple[int, list[str]]:
    """Take a file's rows into the outbox, page by page; returns how many are new, and what was left out and why.

    What was taken in before an interruption is known when the file is given again.
    """
    left_out: list[str] = []
    facts = (made for line, told in _rows(file, translation) if (made := _fact(translation, told, line, left_out)))
    new = 0
    while page := list(islice(facts, PAGE)):
        new += outbox.enter(page)
    return new, left_out


def _fact(translation: Translation, told: Told, line: int, left_out: list[str]) -> Fact | None:
    try:
        return translation.fact(told)
    except LeftOut as reason:
        left_out.append(f"第 {line} 行：{reason}")
        return None


def _rows(file: Path, translation: Translation) -> Iterator[tuple[int, Told]]:
    """Rows with their lines; the columns that are asked for are there."""
    read = {".csv": _read_csv, ".ndjson": _read_ndjson}.get(file.suffix.lower())
    if read is None:
        raise ConfigurationTrouble(str(file), "不是 .csv 或 .ndjson 文件", "请先转换")
    rows = read(file, _encoding(file))
    for first in islice(rows, 1):
        translation.require(first[1])
        yield from chain([first], rows)


def _read_csv(file: Path, encoding: str) -> Iterator[tuple[int, Told]]:
    with file.open(encoding=encoding, newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            names = [name.strip().lower() for name in next(reader, [])]
            for row in reader:
                if len(row) != len(names):
                    raise _broken(file, reader.line_num, f"有 {len(row)} 列，标题有 {len(names)} 列")
                yield reader.line_num, dict(zip(names, row, strict=True))
        except csv.Error as problem:
            raise _broken(file, reader.line_num, "引号不成对") from problem


def _read_ndjson(file: Path, encoding: str) -> Iterator[tuple[int, Told]]:
    with file.open(encoding=encoding) as lines:
        names: dict[str, None] = {}
        for number, line in enumerate(lines, 1):
            try:
                told = {str(name).lower(): value for name, value in json.loads(line).items()}
            except (ValueError, AttributeError) as problem:
                raise _broken(file, number, "不是一个 JSON 对象") from problem
            names.update(dict.fromkeys(told))
            yield number, {**names, **told}


def _encoding(file: Path) -> str:
    """The first encoding in which the whole file can be read."""
    try:
        for encoding in ENCODINGS:
            if _readable(file, encoding):
                return encoding
    except OSError as problem:
        raise ConfigurationTrouble(str(file), f"读不出来（{problem.strerror}）", "请核对路径和权限") from problem
    raise ConfigurationTrouble(str(file), "编码认不出来", "请另存为 UTF-8")


def _readable(file: Path, encoding: str) -> bool:
    try:
        with file.open(encoding=encoding) as lines:
            return all(True for _ in lines)
    except UnicodeDecodeError:
        return False


def _broken(file: Path, line: int, problem: str) -> ConfigurationTrouble:
    return ConfigurationTrouble(f"{file} 第 {line} 行", problem, "请改好后再送；已经收下的行不会重复")
