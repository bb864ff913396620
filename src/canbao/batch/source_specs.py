"""A source as city.toml writes it: a path, a glob, a table, or a list of these, each made into files to read."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from canbao.batch.trouble import SourceTrouble
from canbao.batch.where import WhereError, read_where
from canbao.law.models import Source

FILE_KEYS = ("path", "encoding", "sheet", "columns", "where")
DATABASE_KEYS = ("url", "query", "columns", "where")
ENCODINGS = {
    "utf8": "utf-8", "utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030",
    "gb2312": "gb18030", "cp936": "gb18030", "big5": "big5", "utf-16": "utf-16", "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}  # fmt: skip
DATABASES = re.compile(r"(postgres(ql)?|mysql)://")


@dataclass(frozen=True)
class SourceSpec:
    """One file, or one query to a database, that belongs to a source.

    `label` is the path as written (with `#sheet`), or the URL without user and password; it stands in all outputs.
    `columns` maps their headers to our column names; `where` has passed `read_where`.
    """

    source: str
    label: str
    path: Path | None = None
    url: str | None = field(default=None, repr=False)
    query: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    where: str | None = None


@dataclass(frozen=True)
class Place:
    """The configuration as text, to say on which line a key is."""

    file: str
    text: str

    def said(self, key: str) -> str:
        """File and, if it can be found, line of a key or section."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if re.match(rf"\s*(\[\s*)?[\"']?{re.escape(key)}[\"']?\s*[\].=]", line):
                return f"{self.file} 第 {number} 行"
        return self.file


def read_specs(source: Source, written: Any, top: Place, folder: Path) -> tuple[SourceSpec, ...]:
    """All files of a source, globs expanded in order of names; relative paths start at `folder`.

    Raises SourceTrouble for unknown keys, files that are not there, and the same file twice.
    """
    reader = _Reader(source, top, folder)
    specs = [spec for item in _listed(written) for spec in reader.item(item)]
    if not specs:
        raise reader.trouble("没有写任何文件", f'请写成 {source.name} = "文件名.csv"')
    labelled: dict[str, SourceSpec] = {}
    for spec in specs:
        if spec.label in labelled and spec.path is not None:
            raise reader.trouble(f"{spec.label} 写了两次", "请删去一处")
        label = spec.label if spec.label not in labelled else f"{spec.label}（{len(labelled) + 1}）"
        labelled[label] = replace(spec, label=label)
    return tuple(labelled.values())


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


@dataclass(frozen=True)
class _Reader:
    """Makes specs out of what is written for one source."""

    source: Source
    top: Place
    folder: Path

    def trouble(self, problem: str, remedy: str) -> SourceTrouble:
        return SourceTrouble(f"{self.top.said(self.source.name)} [sources] {self.source.name}", problem, remedy)

    def item(self, item: Any) -> list[SourceSpec]:
        if isinstance(item, str):
            return self._files({"path": item})
        if not isinstance(item, dict):
            raise self.trouble(f"{item} 不是路径", "请写路径、通配路径、列表，或 {path = …} 这样的表")
        return self._database(item) if "url" in item or "query" in item else self._files(item)

    def _files(self, table: dict[str, Any]) -> list[SourceSpec]:
        self._only(table, FILE_KEYS)
        paths = _listed(table.get("path"))
        for path in paths:
            if not isinstance(path, str) or not path.strip() or "\0" in path:
                raise self.trouble("没有写 path", '请写成 {path = "文件名.csv"}')
        sheet = self._word(table, "sheet")
        ending = f"#{sheet}" if sheet else ""
        shared = replace(self._shared(table), sheet=sheet, encoding=self._encoding(table))
        found = [name for path in paths for name in self._expanded(path)]
        return [replace(shared, label=name + ending, path=self.folder / name) for name in found]

    def _database(self, table: dict[str, Any]) -> list[SourceSpec]:
        self._only(table, DATABASE_KEYS)
        url, query = self._word(table, "url"), self._word(table, "query")
        if not url or not DATABASES.match(url):
            raise self.trouble(
                "url 不是数据库地址", '请写成 url = "postgresql://用户@主机/库" 或 "mysql://用户@主机/库"'
            )
        if not query:
            raise self.trouble("数据库来源没有 query", '请加上 query = "SELECT …"')
        return [replace(self._shared(table), label=without_secrets(url), url=url, query=query)]

    def _shared(self, table: dict[str, Any]) -> SourceSpec:
        return SourceSpec(self.source.name, "", columns=self._columns(table), where=self._where(table))

    def _only(self, table: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                raise self.trouble(f"不认识的键 {key}", f"可以写的有：{'、'.join(known)}")

    def _word(self, table: dict[str, Any], key: str) -> str | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.trouble(f"{key} 是 {value!r}，不是文字", f'请写成 {key} = "…"')
        return value

    def _encoding(self, table: dict[str, Any]) -> str | None:
        written = self._word(table, "encoding")
        if written is not None and written.lower() not in ENCODINGS:
            raise self.trouble(f"不认识的编码 {written}", f"可以写的有：{'、'.join(ENCODINGS)}")
        return ENCODINGS[written.lower()] if written else None

    def _columns(self, table: dict[str, Any]) -> dict[str, str]:
        columns = table.get("columns", {})
        known = [column.name for column in self.source.columns]
        if not isinstance(columns, dict):
            raise self.trouble("columns 不是表", '请写成 columns = {"文件里的列名" = "我们的列名"}')
        for theirs, ours in columns.items():
            if ours not in known:
                raise self.trouble(f"columns 把 {theirs} 对应到不认识的列 {ours}", f"可以写的有：{'、'.join(known)}")
        twice = [ours for ours in known if list(columns.values()).count(ours) > 1]
        if twice:
            raise self.trouble(f"columns 里有两列都对应到 {twice[0]}", "请只留一列")
        return columns

    def _where(self, table: dict[str, Any]) -> str | None:
        where = self._word(table, "where")
        try:
            return where if where is None or read_where(where) else None
        except WhereError as problem:
            remedy = "请写成 where = \"列名 = '值'\" 这样的条件"
            raise self.trouble(f"where = {where}：{problem}", remedy) from problem

    def _expanded(self, path: str) -> list[str]:
        if DATABASES.match(path):
            raise self.trouble("数据库来源要同时写查询", '请写成 {url = "…", query = "SELECT …"}')
        if (self.folder / path).is_dir():
            raise self.trouble(f"{path} 是文件夹，不是文件", f"请写成 {path.rstrip('/')}/*.csv 或列出文件")
        if (self.folder / path).is_file():
            return [path]
        if not glob.has_magic(path):
            remedy = "请核对文件名；相对路径从配置文件所在文件夹算起"
            raise self.trouble(f"没有文件 {path}（在 {self.folder} 下找）", remedy)
        found = sorted(glob.glob(path, root_dir=self.folder, recursive=True))  # noqa: PTH207 (Path has no absolute globs)
        files = [name for name in found if (self.folder / name).is_file()]
        if not files:
            raise self.trouble(f"{path} 没有匹配到任何文件（在 {self.folder} 下找）", "请核对通配路径")
        return files


def without_secrets(url: str) -> str:
    """The database's address without user, password and options."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
