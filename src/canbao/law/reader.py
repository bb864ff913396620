"""The law's one reader: it refuses what is not cited, not known or not consistent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from canbao.law import models
from canbao.law.consistency import contradictions
from canbao.law.refusal import LawError

__all__ = ["HOME", "Law", "LawError", "read_law"]

HOME = Path(__file__).parent / "guangdong"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Law:
    """Everything that is data about the registration, keyed by name.

    `sources` are a city's files; `register_sources` are what the register itself keeps of people and no file brings.
    """

    instruments: dict[str, models.Instrument]
    fields: dict[str, models.FieldSpec]
    codes: dict[str, models.CodeList]
    sources: dict[str, models.Source]
    register_sources: dict[str, models.Source]
    qualities: dict[str, models.Quality]
    tables: dict[str, models.Table]
    requirements: tuple[models.Requirement, ...]
    checks: dict[str, models.Check]
    duplicate_cover: tuple[models.DuplicateCover, ...]
    profiles: dict[str, models.Profile]
    cases: tuple[models.Case, ...]
    unencoded: tuple[models.Unencoded, ...]

    @property
    def all_sources(self) -> dict[str, models.Source]:
        """All that qualities may be of."""
        return {**self.sources, **self.register_sources}

    @property
    def duplicate_kinds(self) -> dict[str, models.DuplicateCover]:
        """The rules about covers that exclude each other, each by its own name."""
        return {rule.kind: rule for rule in self.duplicate_cover}

    def citation(self, source: str, clause: str) -> str:
        """How a person reads a citation: title of the instrument and clause."""
        return f"{self.instruments[source].title} {clause}"


def read_law(home: Path = HOME) -> Law:
    """Read and check the law below `home`.

    Raises LawError for a file that can't be read, a row without source, clause or id, an unknown field, code,
    quality or instrument, and validity that overlaps.
    """
    return _read(home)


@cache
def _read(home: Path) -> Law:
    law = Law(
        instruments=_keyed(home / "instruments.yaml", models.Instrument, "id"),
        fields=_keyed(home / "fields.yaml", models.FieldSpec, "name"),
        codes={list_.name: list_ for file in _files(home / "codes") for list_ in _all(file, models.CodeList)},
        sources=_keyed(home / "sources.yaml", models.Source, "name"),
        register_sources=_keyed(home / "register_sources.yaml", models.Source, "name"),
        qualities=_keyed(home / "qualities.yaml", models.Quality, "id"),
        tables=_tables(home / "tables"),
        requirements=tuple(_all(home / "required.yaml", models.Requirement)),
        checks=_keyed(home / "checks.yaml", models.Check, "id"),
        duplicate_cover=tuple(_all(home / "duplicate_cover.yaml", models.DuplicateCover)),
        profiles=_keyed(home / "profiles.yaml", models.Profile, "id"),
        cases=tuple(case for file in _files(home / "cases") for case in _all(file, models.Case)),
        unencoded=tuple(_all(home / "unencoded.yaml", models.Unencoded)),
    )
    found = contradictions(law)
    if found:
        raise LawError("规则库有矛盾：\n" + "\n".join(found))
    return law


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _tables(folder: Path) -> dict[str, models.Table]:
    tables: dict[str, models.Table] = {}
    for file in _files(folder):
        for table in _all(file, models.Table):
            if table.decides in tables:
                raise LawError(f"{file.name}：{table.decides} 有两张决策表，有效期重叠；请合并或改有效期")
            tables[table.decides] = table
    return tables


def _keyed(file: Path, model: type[Model], key: str) -> dict[str, Model]:
    entries: dict[str, Model] = {}
    for entry in _all(file, model):
        name = getattr(entry, key)
        if name in entries:
            raise LawError(f"{file.name}：{name} 出现了两次；请删去一处")
        entries[name] = entry
    return entries


def _all(file: Path, model: type[Model]) -> list[Model]:
    """Read a file that holds one entry or a list of entries."""
    content = read_yaml(file)
    return [_one(file, entry, model) for entry in (content if isinstance(content, list) else [content])]


def read_whole(file: Path, model: type[Model]) -> Model:
    """The one entry that a file holds; raises LawError if it can't be read or isn't whole."""
    try:
        return model.model_validate(read_yaml(file))
    except ValidationError as problem:
        raise _unreadable(file, problem) from problem


def read_each(file: Path, model: type[Model]) -> list[Model]:
    """The entries of a file that holds a list; raises LawError if one can't be read or isn't whole."""
    written = read_yaml(file)
    try:
        return [model.model_validate(one) for one in written]
    except (ValidationError, TypeError) as problem:
        raise _unreadable(file, problem) from problem


def _unreadable(file: Path, problem: Exception) -> LawError:
    return LawError(f"{file.name}：读不懂（{problem}）；请补全后再试")


def read_yaml(file: Path) -> Any:
    """What a YAML file of the law says; raises LawError if it can't be read."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise LawError(f"{file}：读不出来（{problem}）；请检查文件是否存在、是否为 UTF-8 的 YAML") from problem


def _one(file: Path, entry: Any, model: type[Model]) -> Model:
    try:
        return model.model_validate(entry)
    except ValidationError as problem:
        name = (
            next((entry[key] for key in ("id", "name", "decides", "clause") if key in entry), "？")
            if isinstance(entry, dict)
            else "？"
        )
        wrong = "；".join(f"{'.'.join(map(str, error['loc']))} {error['msg']}" for error in problem.errors())
        raise LawError(f"{file.name} 的 {name}：{wrong}；请补全后再试") from problem
