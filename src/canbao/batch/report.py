"""report.html: one page that an officer reads first; everything it needs is in it, so it opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

SEVERITIES = {"error": "错误", "warning": "提醒", "note": "备注"}
FATES = {
    "unidentified": "号码无法识别",
    "malformed": "不成一条记录",
    "unusable": "缺必需的值",
    "unusable_decision": "核准结果不能采用",
    "no_row": "写明未参保",
    "dropped": "核准为另一人",
    "identical": "与另一行完全相同",
    "held": "姓名争议，暂不归并",
    "other_name": "姓名不同，未采用",
}
DISPOSITIONS = ("register", "survey", "verify", "out_of_scope")
ITEMS = {
    "registration_status": "参保状态",
    "employment_status": "就业状态",
    "no_unit_type": "无单位类型",
    "uninsured_reason": "未参保原因",
}


def write_report(summary: dict[str, Any], file: Path) -> None:
    """Write the page for what summary.json says; `summary` has the shape that `batch.summary.summarise` gives."""
    environment = Environment(
        loader=PackageLoader("canbao.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = share
    environment.filters["grouped"] = lambda number: f"{number:,}"
    page = environment.get_template("report.html").render(page_of(summary))
    file.write_text(page, encoding="utf-8")


def page_of(summary: dict[str, Any]) -> dict[str, Any]:
    """What the page shows, in the order in which it shows it."""
    labels = {code: one["label"] for code, one in summary["items"]["disposition"].items()}
    findings = sorted(
        summary["findings"].items(),
        key=lambda entry: (list(SEVERITIES).index(entry[1]["severity"]), -entry[1]["count"]),
    )
    return {
        "summary": summary,
        "run": summary["run"],
        "rows_in": sum(source["rows_in"] for source in summary["sources"].values()),
        "balanced": all(source["balanced"] for source in summary["sources"].values()),
        "dispositions": [(code, labels.get(code, code), _persons(summary, code)) for code in DISPOSITIONS],
        "findings": [(rule, one) for rule, one in findings],
        "most": max((one["count"] for one in summary["findings"].values()), default=0),
        "items": {label: summary["items"][item] for item, label in ITEMS.items()},
        "counties": sorted(summary["counties"].items(), key=lambda entry: -entry[1]["persons"]),
        "severities": SEVERITIES,
        "fates": FATES,
    }


def share(part: int, whole: int) -> str:
    """A part of a whole as per cent with one decimal; of nothing it is none."""
    return f"{100 * part / whole:.1f}%" if whole else "0.0%"


def _persons(summary: dict[str, Any], disposition: str) -> int:
    return int(summary["items"]["disposition"].get(disposition, {}).get("persons", 0))
