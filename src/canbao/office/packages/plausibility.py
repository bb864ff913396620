"""What the gate found, for the eye: each measure in words and percent, and pictures beside the last package."""

from __future__ import annotations

from typing import Any

from canbao.registry.models import Package
from canbao.registry.plausibility import Found
from canbao.registry.plausibility.found import Measure

VERDICTS = {"within": ("正常", "green"), "beyond": ("超出界限", "red"), "told": ("供参考", "secondary")}
UNJUDGED = ("无从比较", "secondary")
SIZES = {"people": "人数", "covers": "参保记录数"}


def shown(package: Package) -> dict[str, Any] | None:
    """None before the package is checked; else `found`, `rows`, and `sizes` and `shares` for charts.js."""
    if not package.plausibility:
        return None
    found = Found.model_validate(package.plausibility)
    rows = [_row(one) for one in found.measures]
    return {
        "found": found,
        "before": found.before,
        "rows": rows,
        "beyond": [row for row in rows if row["is_beyond"]],
        "sizes": _sizes(found),
        "shares": _shares(found.measures),
    }


def _row(one: Measure) -> dict[str, Any]:
    label, colour = VERDICTS.get(one.verdict, UNJUDGED)
    return {
        "label": one.label,
        "of": one.of,
        "before": _count(one.before),
        "now": _count(one.now),
        "value": _said(one, one.value),
        "limits": _limits(one),
        "verdict": label,
        "colour": colour,
        "is_beyond": one.verdict == "beyond",
        "by": _by_how_much(one),
        "words": one.words,
    }


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


def _said(one: Measure, value: float | None) -> str:
    if value is None:
        return "—"
    if one.form == "ratio":
        return f"{value:.2f} 倍"
    return f"{value * 100:+.1f} 个百分点" if one.form == "points" else f"{value * 100:.1f}%"


def _limits(one: Measure) -> str:
    """The limits in words; a rise is written without its sign."""
    said = [
        f"{word} {_said(one, limit).lstrip('+')}"
        for word, limit in (("最少", one.least), ("最多", one.most))
        if limit is not None
    ]
    return "，".join(said) or "不限"


def _by_how_much(one: Measure) -> str:
    """How far beyond its limit a measure is, or an empty text."""
    if one.verdict != "beyond" or one.value is None:
        return ""
    is_more = one.most is not None and one.value > one.most
    limit = one.most if is_more else one.least
    by, word = abs(one.value - (limit or 0)), "多出" if is_more else "少了"
    return f"{word} {by:.2f} 倍" if one.form == "ratio" else f"{word} {by * 100:.1f} 个百分点"


def _sizes(found: Found) -> dict[str, Any] | None:
    """Bars of this package's sizes beside the last one's; None without one."""
    compared = [one for one in found.measures if one.kind in SIZES and one.before is not None]
    if not compared:
        return None
    return {
        "categories": [SIZES[one.kind] for one in compared],
        "series": [
            {"name": "上次", "values": [one.before for one in compared]},
            {"name": "本次", "values": [one.now for one in compared], "beyond": _beyond(compared)},
        ],
    }


def _shares(measures: list[Measure]) -> dict[str, Any] | None:
    """Bars of what can be told in percent, beside their limits."""
    told = [one for one in measures if one.form != "ratio" and one.value is not None and one.most is not None]
    if not told:
        return None
    return {
        "unit": "%",
        "categories": [_short(one) for one in told],
        "series": [
            {"name": "界限", "values": [round((one.most or 0) * 100, 1) for one in told]},
            {
                "name": "本次",
                "values": [round(max(one.value or 0, 0) * 100, 1) for one in told],
                "beyond": _beyond(told),
            },
        ],
    }


def _short(one: Measure) -> str:
    return one.label + (f"（{one.of.split('（')[0]}）" if one.of else "")


def _beyond(measures: list[Measure]) -> list[bool]:
    return [one.verdict == "beyond" for one in measures]
