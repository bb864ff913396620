"""Supervision as it is drawn: the way down to a place, and what charts are made of. Each has its table."""

from __future__ import annotations

from typing import Any

from canbao.law.moves import read_workflows
from canbao.law.survey import read_survey
from canbao.registry.models import Officer
from canbao.survey.actions import sampling
from canbao.survey.supervision.days import Day
from canbao.survey.supervision.standing import LEVELS, Standing, View
from canbao.survey.supervision.weekly import named

CHECKS = {"phone": "电话核实", "recheck": "事后抽查"}
RESULTS = {**sampling.RESULTS, "": "还没有结果"}


def way_down(view: View, by: Officer) -> list[tuple[str, str]]:
    """The places from the officer's own down to the one that is looked at, by code and name."""
    own = max(len(by.area), len(view.campaign.area))
    return [(view.place[:digits], named(view.place[:digits])) for digits in LEVELS if own <= digits <= len(view.place)]


def day_chart(found: list[Day]) -> dict[str, Any]:
    """Forms handed in and approved by day, and the plan for the day."""
    return {
        "categories": [f"{one.day:%m-%d}" for one in found],
        "series": [
            {"name": "提交", "type": "bar", "values": [one.handed_in for one in found]},
            {"name": "通过", "type": "bar", "values": [one.approved for one in found]},
            {"name": "计划", "type": "line", "values": [one.planned for one in found]},
        ],
    }


def rank_chart(lines: list[Standing]) -> dict[str, Any]:
    """How much is done by place, the best first; what is behind its plan is beyond its limit."""
    return {
        "categories": [named(str(one.key)) for one in lines],
        "unit": "%",
        "series": [
            {"name": "完成", "values": [one.percent for one in lines], "beyond": [one.behind > 0 for one in lines]}
        ],
    }


def map_values(lines: list[Standing]) -> list[dict[str, Any]]:
    """How much is done by county, for the map."""
    return [{"name": str(one.key), "label": named(str(one.key)), "value": one.percent} for one in lines]


def states_in_order(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """States with their label and count, in the order of the law's moves."""
    return [
        (state, label, counts[state]) for state, label in read_workflows()["task"].states.items() if state in counts
    ]


def detail_label(kind: str, detail: str) -> str:
    """What a mark's detail means: reasons of returns, rules of warnings, kinds of checks, or a number with its unit."""
    survey = read_survey()
    labels = {
        "returned": {one.id: one.label for one in survey.returns},
        "passed": {one.id: f"{one.id} {one.says}" for one in survey.findings},
        "check_differs": CHECKS,
    }.get(kind)
    if labels is not None:
        return "；".join(labels.get(one, one) for one in detail.split(","))
    unit = UNITS.get(kind)
    return f"{detail} {unit}" if unit else detail


UNITS = {
    "too_fast": "秒", "shared_mobile": "人", "all_alike": "份", "odd_hours": "时", "same_position": "户",
    "far_away": "米",
}  # fmt: skip
