"""A pushed row as it comes: its envelope is read, its content by the law, and held against the agreement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from canbao.core.pushed import INSURANCE, ITEMS, RowReader, Said, Unreadable
from canbao.law.exchange import read_exchange
from canbao.law.reader import read_law
from canbao.registry.access import covers
from canbao.registry.models import Agreement
from canbao.registry.places_now import places

LONGEST_KEY, LARGEST_SEQ = 64, 2**53


@dataclass(frozen=True)
class Envelope:
    """What every row says of itself; `digest` is that of all of it but its id and number."""

    key: str
    seq: int
    at: datetime
    source: str
    ends: bool
    row: Mapping[str, Any]
    digest: bytes


def read_envelope(written: Any) -> Envelope:
    """Raises Unreadable for what can't be kept under any number."""
    if not isinstance(written, dict):
        raise Unreadable("一行应为一个 JSON 对象")
    key, seq, row, source = (written.get(name) for name in ("id", "seq", "row", "source"))
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Unreadable(f"id：请填 1 至 {LONGEST_KEY} 个字")
    if not is_number(seq):
        raise Unreadable("seq：请填从 1 起的整数")
    if not isinstance(row, dict) or not isinstance(source, str):
        raise Unreadable("row、source：请按约定填写")
    ends = written.get("ends", False)
    if not isinstance(ends, bool):
        raise Unreadable("ends：应为 true 或 false")
    return Envelope(key, seq, _moment(written.get("at")), source, ends, row, _digest(written))


def is_number(seq: Any) -> bool:
    """Whether a row may have this number."""
    return isinstance(seq, int) and not isinstance(seq, bool) and 0 < seq <= LARGEST_SEQ


def said_by(envelope: Envelope, agreement: Agreement) -> Said:
    """What a row says, if it may be said; raises Unreadable."""
    source = envelope.source
    if source != ITEMS and source not in agreement.rows:
        raise Unreadable(f"source：共享协议没有写明 {source}")
    said = _reader().read(source, envelope.row, ends=envelope.ends, as_of=timezone.localdate())
    for fact in said.facts:
        _require_agreed(fact.subject, agreement)
    return said


def kept_form(said: Said, envelope: Envelope) -> str:
    """What is kept of a row till it is carried out, as JSON."""
    born = said.birth_date.isoformat() if said.birth_date else None
    facts = [{"subject": fact.subject, "content": fact.content} for fact in said.facts]
    identity = {"ssn": said.ssn, "name": said.name, "sex": said.sex, "birth_date": born}
    return json.dumps({**identity, "at": envelope.at.isoformat(), "facts": facts}, ensure_ascii=False)


def _require_agreed(subject: str, agreement: Agreement) -> None:
    kind, _, rest = subject.partition(":")
    if kind == "item" and rest not in agreement.items_in:
        raise Unreadable(f"{rest}：共享协议没有写明这个项目")
    if kind == INSURANCE:
        type_, _, place = rest.partition(":")
        if type_ not in agreement.insurance_types:
            raise Unreadable(f"insurance_type：共享协议没有写明 {type_}")
        if place and not covers(agreement.area, place):
            raise Unreadable(f"region_code：{place} 不在共享协议的范围（{agreement.area}）内")


def _moment(written: Any) -> datetime:
    try:
        at = parse_datetime(written) if isinstance(written, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year < 1990:
        raise Unreadable("at：请填带时区的时间，如 2026-06-30T08:00:00+08:00")
    if at > timezone.now() + timedelta(seconds=read_exchange().window_seconds):
        raise Unreadable("at：时间在将来；请校准时钟后再送")
    return at


def digest_of(written: Mapping[str, Any]) -> bytes:
    """What a row says, in short; under which id and number it comes is none of it."""
    return hashlib.sha256(_content(written).encode()).digest()


def _digest(written: Mapping[str, Any]) -> bytes:
    """The digest of a row that came from outside; raises Unreadable for one that is too long or too deep."""
    most = read_exchange().row_bytes
    try:
        content = _content(written)
    except (RecursionError, ValueError) as problem:
        raise Unreadable("row：层次太深或数字太长；请按约定填写文本") from problem
    if len(content) > most:
        raise Unreadable(f"一行最多 {most} 字节；请核对内容")
    return hashlib.sha256(content.encode()).digest()


def _content(written: Mapping[str, Any]) -> str:
    told = {name: value for name, value in written.items() if name not in ("id", "seq")}
    return json.dumps(told, ensure_ascii=True, sort_keys=True)


@cache
def _reader() -> RowReader:
    return RowReader(read_law(), lambda code: places().is_known_region(code))
