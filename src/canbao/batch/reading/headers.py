"""Which column of a file is which of ours: by English name, Chinese name, element code, synonym, or as configured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from canbao.batch.source_specs import SourceSpec
from canbao.batch.trouble import SourceTrouble
from canbao.batch.where import names_in
from canbao.core.text import normalise_text, without_blanks
from canbao.law.models import Column
from canbao.law.reader import Law

WIDEST = 2_000
SHOWN, SHOWN_LETTERS = 30, 30


@dataclass(frozen=True)
class Heading:
    """A file's header: all names as written, and the positions (from 0) of the columns that are read.

    `columns` are ours; `others` are headers of theirs that `where` names.
    """

    names: tuple[str, ...]
    columns: dict[str, int]
    others: dict[str, int]

    @property
    def kept(self) -> dict[str, int]:
        """Name in the reading's query to position: our columns, then what only `where` looks at."""
        return self.columns | {f"their_{place}": place for place in self.others.values()}

    @property
    def where_columns(self) -> dict[str, str]:
        """What a name in `where` is called in the reading's query."""
        return {name: name for name in self.columns} | {name: f"their_{place}" for name, place in self.others.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that are none of ours."""
        used = set(self.columns.values())
        return tuple(name for place, name in enumerate(self.names) if place not in used)


def read_header(names: Sequence[str], spec: SourceSpec, law: Law) -> Heading:
    """Find our columns among a file's headers; those that `columns` maps go before those found by name.

    Raises SourceTrouble for a header that is empty or too wide, a needed column that is missing, two headers for one
    column, and a header that `columns` or `where` names but the file lacks.
    """
    place = f"{spec.label} 第 1 行（表头）"
    refuse_width(len(names), place)
    if not any(comparable(name) for name in names):
        raise SourceTrouble(place, "表头是空的", "请让第 1 行是列名，删去上面的空行和标题行")
    search = _Search(tuple(names), spec, law, place)
    columns = search.ours()
    where = names_in(spec.where) if spec.where else ()
    return Heading(search.names, columns, {name: search.theirs(name, "where") for name in where if name not in columns})


def refuse_width(width: int, place: str) -> None:
    """Raises SourceTrouble for a header with too many columns."""
    if width > WIDEST:
        raise SourceTrouble(place, f"表头超过 {WIDEST} 列", "请检查换行和分隔符是否正确，或删去多余的列")


def comparable(name: str) -> str:
    """A header in the form in which headers are compared: NFKC, nothing unseen, no blanks, lower case."""
    return without_blanks(normalise_text(name)).casefold()


@dataclass(frozen=True)
class _Search:
    names: tuple[str, ...]
    spec: SourceSpec
    law: Law
    place: str

    def ours(self) -> dict[str, int]:
        """Position of each of our columns that the file has, in our order."""
        source = self.law.sources[self.spec.source]
        mapped = {ours: self.theirs(theirs, "columns") for theirs, ours in self.spec.columns.items()}
        aliases = self._aliases(source.columns)
        found: dict[str, list[int]] = {}
        for position, name in enumerate(self.names):
            ours = aliases.get(comparable(name))
            if ours and ours not in mapped and position not in mapped.values():
                found.setdefault(ours, []).append(position)
        columns: dict[str, int] = {}
        for column in source.columns:
            positions = [mapped[column.name]] if column.name in mapped else found.get(column.name, [])
            if self._one(column, positions):
                columns[column.name] = positions[0]
        return columns

    def theirs(self, name: str, key: str) -> int:
        """Position of a header that the configuration names."""
        positions = [place for place, header in enumerate(self.names) if comparable(header) == comparable(name)]
        if len(positions) == 1:
            return positions[0]
        problem = f"有 {len(positions)} 列都叫 {name}" if positions else f"没有 {key} 里写的列 {name}"
        remedy = "请给它们不同的列名" if positions else f"请核对 city.toml 的 {key}"
        raise SourceTrouble(self.place, f"{problem}（文件里的列：{self._shown()}）", remedy)

    def _one(self, column: Column, positions: list[int]) -> bool:
        label = self._label(column)
        if len(positions) > 1:
            both = "、".join(f"{self.names[place]}（第 {place + 1} 列）" for place in positions[:SHOWN])
            remedy = f'请删去一列，或在 city.toml 里写 columns = {{"文件里的列名" = "{column.name}"}} 指定一列'
            raise SourceTrouble(self.place, f"有几列都是{label}：{both}", remedy)
        if column.needed and not positions:
            looked_for = "、".join(self._written(column))
            problem = f"缺少必需的列{label}（找过：{looked_for}；文件里的列：{self._shown()}）"
            remedy = f'请补上这一列，或在 city.toml 里写 columns = {{"文件里的列名" = "{column.name}"}}'
            raise SourceTrouble(self.place, problem, remedy)
        return bool(positions)

    def _aliases(self, columns: tuple[Column, ...]) -> dict[str, str]:
        """Every way to write a header to our name; a column's own name goes before another's synonym."""
        aliases: dict[str, str] = {comparable(column.name): column.name for column in columns}
        for column in columns:
            for written in self._written(column):
                aliases.setdefault(comparable(written), column.name)
        return aliases

    def _written(self, column: Column) -> tuple[str, ...]:
        field = self.law.fields.get(column.name)
        of_field = (field.label, *field.element_codes, *field.synonyms) if field else ()
        return tuple(dict.fromkeys(name for name in (column.name, column.label, *column.synonyms, *of_field) if name))

    def _label(self, column: Column) -> str:
        return f" {self._written(column)[1]}（{column.name}）" if len(self._written(column)) > 1 else f" {column.name}"

    def _shown(self) -> str:
        shown = "、".join(" ".join(name.split())[:SHOWN_LETTERS] or "（空）" for name in self.names[:SHOWN])
        return shown + (f" 等 {len(self.names)} 列" if len(self.names) > SHOWN else "")
