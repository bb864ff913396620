"""Ways to write a code or a header must each mean one thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from canbao.law.models import CodeList, Column, FieldSpec, Source


def ambiguous_codes(codes: CodeList) -> Iterator[str]:
    """Spellings that two codes in use share."""
    spellings = ((form, one.code) for one in codes.codes if one.enabled for form in (one.code, one.label, *one.aliases))
    for form, meant in _shared(spellings):
        yield f"代码表 {codes.name}：“{form}”既是 {'又是 '.join(meant)}"


def ambiguous_headers(source: Source, fields: Mapping[str, FieldSpec]) -> Iterator[str]:
    """Headers that could be two columns of the source."""
    spellings = ((form, one.name) for one in source.columns for form in _headers(one, fields.get(one.name)))
    for form, meant in _shared(spellings):
        yield f"来源 {source.name}：表头“{form}”既是 {'又是 '.join(meant)}"


def _headers(column: Column, field: FieldSpec | None) -> tuple[str, ...]:
    inherited = (field.label, *field.element_codes, *field.synonyms) if field else ()
    return tuple(form for form in (column.name, column.label, *column.synonyms, *inherited) if form)


def _shared(spellings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    meanings: dict[str, set[str]] = {}
    for form, meaning in spellings:
        meanings.setdefault(_comparable(form), set()).add(meaning)
    return ((form, sorted(meant)) for form, meant in meanings.items() if len(meant) > 1)


def _comparable(form: str) -> str:
    """Compared as sources are read: NFKC, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", form).casefold().split())
