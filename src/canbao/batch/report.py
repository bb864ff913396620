"""report.html: one page that an officer reads first; everything it needs is in it, so it opens offline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from canbao.law.reader import read_law

SEVERITIES = {
    "error": ("错误", "应当改正"),
    "warning": ("提醒", "请核对"),
    "note": ("提示", "供知悉"),
}
FATES = {
    "unidentified": "号码无法识别",
    "malformed": "不成一条记录",
    "unusable": "缺必需的值",
    "unusable_decision": "核准结果不能采用",
    "no_row": "写明未参保",
    "dropped": "核准为非同一人",
    "identical": "与另一行完全相同",
    "held": "姓名争议，暂不归并",
    "other_name": "姓名不同，未采用",
}
DISPOSITIONS = {
    "register": "资料齐全，可以登记",
    "survey": "在本省户籍名单而未参保，资料说不清原因，须入户问明；名单见 survey.parquet",
    "verify": "姓名有争议，或必填项缺失、有误；由经办人核实，不必入户",
    "out_of_scope": "已死亡，或既不在户籍名单又没有有效参保",
}
ITEMS = {
    "registration_status": "参保状态",
    "employment_status": "就业状态",
    "no_unit_type": "无单位类型",
    "uninsured_reason": "未参保原因",
}
ADVICE = re.compile(r"请|^供")
"""How the clause of a message begins or reads that says what to do."""


def write_report(summary: dict[str, Any], file: Path) -> None:
    """Write the page for what summary.json says; `summary` has the shape that `batch.summary.summarise` gives."""
    environment = Environment(
        loader=PackageLoader("canbao.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"share": share, "grouped": grouped}
    page = environment.get_template("report.html").render(page_of(summary))
    file.write_text(page, encoding="utf-8")


def page_of(summary: dict[str, Any]) -> dict[str, Any]:
    """What the page shows, in the order in which it shows it."""
    sources = summary["sources"].values()
    persons = {code: one["persons"] for code, one in summary["items"]["disposition"].items()}
    counties = sorted(summary["counties"].items(), key=lambda entry: -entry[1]["persons"])
    return {
        "summary": summary,
        "run": summary["run"],
        "rows_in": sum(source["rows_in"] for source in sources),
        "balanced": all(source["balanced"] for source in sources),
        "dispositions": dispositions_of(persons),
        "meanings": DISPOSITIONS,
        "groups": [group_of(summary, severity) for severity in SEVERITIES],
        "most": max((one["count"] for one in summary["findings"].values()), default=0),
        "sources": [source_of(source, summary["findings_by_file"]) for source in sources],
        "counties": [(code, one, dispositions_of(one["dispositions"])) for code, one in counties],
        "items": {label: summary["items"][item] for item, label in ITEMS.items()},
    }


def dispositions_of(persons: dict[str, int]) -> list[tuple[str, str, int]]:
    """The four dispositions with label and number of persons, also those that nobody has."""
    labels = {one.code: one.label for one in read_law().codes["disposition"].codes}
    return [(code, labels[code], persons.get(code, 0)) for code in DISPOSITIONS]


def source_of(source: dict[str, Any], findings_by_file: dict[str, dict[str, int]]) -> dict[str, Any]:
    """A source with its rows in three parts, the reasons why rows were not used, and its files with their findings."""
    reasons = sorted(source["rows_not_used"].items(), key=lambda entry: -entry[1])
    not_used = sum(source["rows_not_used"].values())
    return {
        **source,
        "parts": [
            ("used", "采用", source["rows_used"]),
            ("not_used", "未采用", not_used),
            ("filtered", "筛除", source["rows_filtered"]),
        ],
        "reasons": [(FATES.get(fate, fate), count) for fate, count in reasons],
        "files": [
            (file["file"], file["rows"], found_in(findings_by_file.get(file["file"], {}))) for file in source["files"]
        ],
    }


def found_in(counts: dict[str, int]) -> list[tuple[str, int]]:
    """How many findings of each severity a file has, without those it has none of."""
    return [(label, counts[severity]) for severity, (label, _) in SEVERITIES.items() if counts.get(severity)]


def group_of(summary: dict[str, Any], severity: str) -> dict[str, Any]:
    """The findings of a severity, the most frequent first, each with what to do about it."""
    found = [(rule, one) for rule, one in summary["findings"].items() if one["severity"] == severity]
    label, meaning = SEVERITIES[severity]
    return {
        "severity": severity,
        "label": label,
        "meaning": meaning,
        "count": sum(one["count"] for _, one in found),
        "findings": [
            {"rule": rule, "remedy": remedy(rule, one["examples"]), **one}
            for rule, one in sorted(found, key=lambda entry: -entry[1]["count"])
        ],
    }


def remedy(rule: str, examples: list[dict[str, Any]]) -> str:
    """What to do about a finding: the last clause of the catalogue's message, or of a row's, if that is advice."""
    messages = [read_law().checks[rule].message, *(example["message"] for example in examples)]
    clauses = (message.rpartition("；")[2] for message in messages)
    return next((clause for clause in clauses if ADVICE.search(clause)), "")


def share(part: int, whole: int) -> str:
    """A part of a whole as per cent with one decimal; what is there but rounds to nothing is less than 0.1%."""
    if 0 < part < whole / 2000:
        return "<0.1%"
    return f"{100 * part / whole:.1f}%" if whole else "0.0%"


def grouped(number: int) -> str:
    """A number with its thousands set apart."""
    return f"{number:,}"
