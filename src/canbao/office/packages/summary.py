"""What a package's summary counts: looked at when the package is checked, and shown on its page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from canbao.paper.rule_book import SEVERITIES
from canbao.registry.models import Package

Count = Annotated[int, Field(ge=0, lt=1 << 53, strict=True)]
"""As many as both PostgreSQL and a browser can count."""
Word = Annotated[str, Field(max_length=200)]
STATUS = "registration_status"


class Finding(BaseModel):
    """How often a check has found something."""

    label: Word
    severity: Literal["error", "warning", "note"]
    count: Count

    @property
    def severity_label(self) -> str:
        """The severity as the rule book calls it."""
        return SEVERITIES[self.severity]


class Value(BaseModel):
    """How many people have a value of an item."""

    label: Word
    persons: Count


class Summary(BaseModel):
    """The part of summary.json that the office uses."""

    persons: Count
    findings: dict[Word, Finding] = {}
    items: dict[Word, dict[Word, Value]] = {}


def strange(summary: dict[str, Any]) -> str:
    """Why a package's summary can't be used, or an empty text."""
    try:
        Summary.model_validate(summary)
    except ValidationError as problem:
        where = ".".join(str(part) for part in problem.errors()[0]["loc"])[:100]
        return f"成员 summary.json：{where} 不是应有的样子；请重新运行 canbao clean 并打包"
    return ""


def counted(package: Package) -> dict[str, Any]:
    """What a package's page shows of its summary; nothing before the package is checked.

    `findings` are what the city's cleaning found, the most frequent first; `people` the package's by 登记状态, beside
    those of the division's package before it: `rows` with label, now, earlier and more (both None without an earlier
    one), `bars` for charts.js.
    """
    if not package.summary:
        return {}
    told = Summary.model_validate(package.summary)
    found = sorted(told.findings.values(), key=lambda one: -one.count)
    return {"findings": found, "people": _people_by_status(package, told.items.get(STATUS, {}))}


def _people_by_status(package: Package, now: dict[str, Value]) -> dict[str, Any]:
    before = _before(package)
    earlier = Summary.model_validate(before.summary).items.get(STATUS, {}) if before else {}
    codes = sorted(now.keys() | earlier.keys())
    rows = [_row(code, now, earlier if before else None) for code in codes]
    series = [{"name": _named(package, "本次"), "values": [row["now"] for row in rows]}]
    if before:
        series.insert(0, {"name": _named(before, "上次"), "values": [row["earlier"] for row in rows]})
    return {
        "rows": rows,
        "before": before,
        "bars": {"categories": [row["label"] for row in rows], "series": series},
    }


def _row(code: str, now: dict[str, Value], earlier: dict[str, Value] | None) -> dict[str, Any]:
    label = (now.get(code) or (earlier or {})[code]).label
    many = now[code].persons if code in now else 0
    if earlier is None:
        return {"label": label, "now": many, "earlier": None, "more": None}
    had = earlier[code].persons if code in earlier else 0
    return {"label": label, "now": many, "earlier": had, "more": f"{many - had:+,}"}


def _before(package: Package) -> Package | None:
    """The division's package that was admitted last of those that had come in earlier."""
    admitted = Package.objects.filter(division_code=package.division_code, state="admitted", id__lt=package.id)
    return admitted.exclude(summary={}).order_by("-id").first()


def _named(package: Package, word: str) -> str:
    return f"{word}（{package.as_of:%Y-%m-%d}）" if package.as_of else word
