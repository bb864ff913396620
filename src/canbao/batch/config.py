"""city.toml: what is cleaned, as of which day, and where the sources are."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from canbao.batch.source_specs import Place, SourceSpec, read_specs
from canbao.batch.trouble import SourceTrouble, refused
from canbao.core.dates import FIRST_YEAR, LAST_YEAR, real_day
from canbao.law.places import read_places
from canbao.law.reader import Law, read_law

SECTIONS = ("run", "sources")
RUN_KEYS = ("division", "as_of", "profile", "operated_at")
PEOPLE = ("household", "insurance")
CHINA_TIME = timezone(timedelta(hours=8))

__all__ = ["Config", "Run", "SourceSpec", "read_config"]


@dataclass(frozen=True)
class Run:
    """The reporting division (GB/T 2260), the day ages are judged on, how the guidance is read, 经办时间 if given."""

    division: str
    as_of: date
    profile: str
    operated_at: datetime | None = None

    @property
    def moment(self) -> datetime:
        """经办时间: as given, or the beginning of `as_of`."""
        return self.operated_at or datetime.combine(self.as_of, time())


@dataclass(frozen=True)
class Config:
    """A city's run: sources by name in the law's order, each with its files."""

    path: Path
    run: Run
    sources: dict[str, tuple[SourceSpec, ...]] = field(default_factory=dict)


def read_config(path: Path, law: Law | None = None) -> Config:
    """Read and check city.toml; files must be there, what is in them is not looked at.

    Raises SourceTrouble that names the line or key and what to write instead.
    """
    text = _text(path)
    content = _parsed(path, text)
    known = law or read_law()
    top = Place(path.name, text)
    _only_known(content, SECTIONS, top, "配置节")
    run = _table(content, "run", top)
    sources = _table(content, "sources", top)
    _only_known(sources, tuple(known.sources), top, "来源")
    if not any(name in sources for name in PEOPLE):
        raise SourceTrouble(
            top.said("sources"), "household 和 insurance 都没有", '至少写一个，例如 household = "户籍.csv"'
        )
    return Config(path, _run(run, top, known), _sources(sources, top, path.resolve().parent, known))


def _text(path: Path) -> str:
    if path.is_dir():
        raise SourceTrouble(str(path), "是文件夹，不是配置文件", f"请写成 {path / 'city.toml'}")
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as problem:
        raise SourceTrouble(str(path), "没有这个配置文件", "请核对路径") from problem
    except UnicodeDecodeError as problem:
        raise SourceTrouble(str(path), "不是 UTF-8", "请用文本编辑器另存为 UTF-8") from problem
    except OSError as problem:
        raise refused(problem.errno, str(path), "读不出来", "请检查文件权限") from problem


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"line (\d+), column (\d+)", str(problem))
        where = f"第 {found[1]} 行第 {found[2]} 列" if found else f"第 {text.count(chr(10)) + 1} 行（末尾）"
        remedy = "请检查这一行：文字要加引号，每个键只写一次，Windows 路径用单引号或正斜杠"
        raise SourceTrouble(f"{path.name} {where}", "不合 TOML 的写法", remedy) from problem


def _table(content: dict[str, Any], name: str, top: Place) -> dict[str, Any]:
    table = content.get(name)
    if not isinstance(table, dict):
        raise SourceTrouble(top.said(name), f"没有 [{name}] 一节", f"请加上 [{name}]，写法见 docs/contract.zh.md")
    return table


def _only_known(table: dict[str, Any], known: tuple[str, ...], place: Place, what: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            remedy = f"是不是 {near[0]}？" if near else f"可以写的有：{'、'.join(known)}"
            raise SourceTrouble(place.said(key), f"不认识的{what} {key}", remedy)


def _run(table: dict[str, Any], top: Place, law: Law) -> Run:
    _only_known(table, RUN_KEYS, top, "设置")
    for key in ("division", "as_of", "profile"):
        if key not in table:
            raise SourceTrouble(top.said("run"), f"缺少 {key}", "请在 [run] 里写 division、as_of 和 profile")
    if table["profile"] not in law.profiles:
        raise SourceTrouble(
            top.said("profile"), f"没有口径 {table['profile']}", f"可以写的有：{'、'.join(law.profiles)}"
        )
    moment = _moment(table["operated_at"], top) if "operated_at" in table else None
    return Run(_division(table["division"], top), _day(table["as_of"], top), table["profile"], moment)


def _division(written: object, top: Place) -> str:
    if not isinstance(written, str) or not re.fullmatch(r"[1-9][0-9]{5}", written):
        problem, remedy = (
            f"division 是 {written}，不是 6 位代码",
            '请写带引号的 GB/T 2260 代码，例如 division = "440600"',
        )
        raise SourceTrouble(top.said("division"), problem, remedy)
    if not read_places().is_address_code(written):
        raise SourceTrouble(top.said("division"), f"没有行政区划 {written}", "请核对 GB/T 2260 代码")
    return written


def _day(written: object, top: Place) -> date:
    try:
        day = written if type(written) is date else date.fromisoformat(str(written))
    except ValueError as problem:
        raise SourceTrouble(
            top.said("as_of"), f"as_of 是 {written}，不是日期", "请写成 as_of = 2017-06-30"
        ) from problem
    if real_day(day.year, day.month, day.day) is None:
        outside, remedy = f"as_of 是 {day}，不在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间", "请写成 as_of = 2017-06-30"
        raise SourceTrouble(top.said("as_of"), outside, remedy)
    return day


def _moment(written: object, top: Place) -> datetime:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError as problem:
        remedy = "请写成 operated_at = 2017-06-30T09:00:00"
        raise SourceTrouble(top.said("operated_at"), f"operated_at 是 {written}，不是时间", remedy) from problem
    return moment.astimezone(CHINA_TIME).replace(tzinfo=None) if moment.tzinfo else moment


def _sources(table: dict[str, Any], top: Place, folder: Path, law: Law) -> dict[str, tuple[SourceSpec, ...]]:
    return {name: read_specs(source, table[name], top, folder) for name, source in law.sources.items() if name in table}
