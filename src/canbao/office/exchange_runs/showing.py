"""A run in words."""

from __future__ import annotations

from typing import Any

from canbao.core.pushed import ITEMS
from canbao.law.exchange import read_exchange
from canbao.registry.actions.run_results import CODES
from canbao.registry.actions.runs import KINDS
from canbao.registry.models import ExchangeRun, Officer
from canbao.registry.runs import PAGE, lines
from canbao.registry.streams.listing import OUTCOMES, TAKEN, source_label


def facts(run: ExchangeRun) -> list[tuple[str, object]]:
    """What there is to know of a list."""
    told: list[tuple[str, object]] = [
        ("合作系统", run.partner.label),
        ("共享协议", run.agreement.number),
        ("名单", f"{source_label(run.source)}（{KINDS[run.kind]}）"),
        ("截止日", run.as_of.isoformat()),
        ("文件", run.file_name),
        ("SHA-256", run.sha256),
        ("上传", run.received_by.display_name),
    ]
    if run.rows:
        told.append(("行数", f"{run.rows:,} 行，{run.people:,} 人"))
    if run.leaving:
        told.append(("不再在名单上", f"{run.leaving:,} 人"))
    return told


def outcomes(run: ExchangeRun) -> list[tuple[str, str, str, int]]:
    """What came of the rows: outcome, words, the code in the result file, how many."""
    return [(one, words, CODES[one], run.counts[one]) for one, words in OUTCOMES.items() if run.counts.get(one)]


def problems(run: ExchangeRun, outcome: str, after: int, by: Officer) -> dict[str, Any]:
    """The rows that came out in a way, if one is asked for: line and reason, a page of them."""
    if outcome not in OUTCOMES:
        return {}
    found = lines(run, outcome, after, by)
    return {
        "listed": OUTCOMES[outcome],
        "lines": [(one["row"], one["says"] or ("" if outcome == TAKEN else OUTCOMES[outcome])) for one in found],
        "next": found[-1]["row"] if len(found) == PAGE else None,
    }


def templates() -> list[tuple[str, str]]:
    """The lists for which there is a template: source and words."""
    kinds = read_exchange().systems
    sources = dict.fromkeys(row for one in kinds for row in one.rows)
    return [(one, source_label(one)) for one in (*sources, ITEMS)]
