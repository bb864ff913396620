"""summary.json: what went in, what became of every row, and what came out; the proof that nothing was lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canbao import __version__
from canbao.batch.config import Config
from canbao.batch.reading import SourceTable
from canbao.batch.trouble import SourceTrouble
from canbao.core.masks import mask_mobile, mask_name, mask_number
from canbao.law.places import read_places
from canbao.law.reader import Law

SCHEMA_VERSION = 1
COUNTED = ("registration_status", "employment_status", "no_unit_type", "uninsured_reason", "disposition")


@dataclass
class Counts:
    """What is counted while a run goes on, part by part."""

    fates: dict[tuple[str, str], int] = field(default_factory=dict)
    values: dict[tuple[str, str], int] = field(default_factory=dict)
    counties: dict[tuple[str, str], int] = field(default_factory=dict)
    persons: int = 0
    conflicts: int = 0
    findings: dict[tuple[str, str, str], int] = field(default_factory=dict)
    examples: list[dict[str, str]] = field(default_factory=list)

    def add(self, into: str, rows: list[tuple[Any, ...]]) -> None:
        """Add rows whose last column is a count and whose others are the key."""
        counts: dict[Any, int] = getattr(self, into)
        for *key, count in rows:
            counts[tuple(key)] = counts.get(tuple(key), 0) + count


def summarise(config: Config, law: Law, tables: dict[str, SourceTable], counts: Counts) -> dict[str, Any]:
    """The content of summary.json; the same input gives the same content."""
    sources = {name: _source(name, tables[name], law, counts) for name in tables}
    return {
        "schema": SCHEMA_VERSION,
        "run": {
            "division": config.run.division,
            "division_name": read_places().name(config.run.division),
            "as_of": config.run.as_of.isoformat(),
            "profile": config.run.profile,
            "profile_label": law.profiles[config.run.profile].label,
            "software": f"canbao {__version__}",
        },
        "sources": sources,
        "unidentified": sum(source["rows_not_used"].get("unidentified", 0) for source in sources.values()),
        "persons": counts.persons,
        "conflicts": counts.conflicts,
        "items": {item: _values(item, law, counts) for item in COUNTED},
        "findings": _findings(law, counts),
        "findings_by_file": _by_file(counts),
        "counties": _counties(counts),
    }


def _source(name: str, source: SourceTable, law: Law, counts: Counts) -> dict[str, Any]:
    malformed = sum(1 for trouble in source.troubles if trouble.check == "row_malformed")
    rows_in = sum(file.rows_in for file in source.files)
    filtered = sum(file.rows_filtered for file in source.files)
    fates = {fate: count for (of, fate), count in sorted(counts.fates.items()) if of == name}
    used = fates.pop("used", 0)
    not_used = {"malformed": malformed, **fates} if malformed else fates
    return {
        "label": law.sources[name].label,
        "files": [
            {"file": file.label, "bytes": file.bytes, "sha256": file.sha256, "rows": file.rows_in}
            for file in source.files
        ],
        "rows_in": rows_in,
        "rows_filtered": filtered,
        "rows_used": used,
        "rows_not_used": not_used,
        "balanced": rows_in == filtered + used + sum(not_used.values()),
    }


def _values(item: str, law: Law, counts: Counts) -> dict[str, dict[str, Any]]:
    list_name = law.tables[item].codes
    labels = {code.code: code.label for code in law.codes[list_name].codes} if list_name else {}
    found = {value: count for (of, value), count in counts.values.items() if of == item and value is not None}
    return {value: {"label": labels.get(value, value), "persons": found[value]} for value in sorted(found)}


def _findings(law: Law, counts: Counts) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for (rule, severity, _), count in sorted(counts.findings.items()):
        entry = totals.setdefault(
            rule, {"label": law.checks[rule].label, "severity": severity, "count": 0, "examples": []}
        )
        entry["count"] += count
    for example in counts.examples:
        totals[example["rule"]]["examples"].append({key: example[key] for key in example if key != "rule"})
    return dict(sorted(totals.items(), key=lambda entry: (-entry[1]["count"], entry[0])))


def _by_file(counts: Counts) -> dict[str, dict[str, int]]:
    files: dict[str, dict[str, int]] = {}
    for (_, severity, file), count in sorted(counts.findings.items()):
        entry = files.setdefault(file, {"error": 0, "warning": 0, "note": 0})
        entry[severity] += count
    return dict(sorted(files.items()))


def _counties(counts: Counts) -> dict[str, dict[str, Any]]:
    places = read_places()
    counties: dict[str, dict[str, Any]] = {}
    for (code, disposition), count in sorted(counts.counties.items()):
        entry = counties.setdefault(code, {"name": places.name(code) or code, "persons": 0, "dispositions": {}})
        entry["persons"] += count
        entry["dispositions"][disposition] = count
    return counties


def masked_example(example: dict[str, Any]) -> dict[str, Any]:
    """A finding that may be shown to whoever reads the report: numbers, names and telephones are masked."""
    ssn, value, field_name = example["ssn"], example["value"], example["field"]
    masked = _masked_value(field_name, value)
    message = example["message"].replace(value, masked) if value else example["message"]
    return {**example, "ssn": mask_number(ssn) if ssn else None, "value": masked or None, "message": message}


def _masked_value(field_name: str, value: str | None) -> str:
    if not value:
        return ""
    if field_name in ("ssn", "correct_ssn"):
        return mask_number(value)
    return {"name": mask_name, "mobile": mask_mobile}.get(field_name, str)(value)


def read_summary(out: Path) -> dict[str, Any]:
    """The summary of a folder that `canbao clean` wrote; raises SourceTrouble for any other folder."""
    try:
        summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        summary["run"]["as_of"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SourceTrouble(str(out), "不是 canbao clean 的输出", "请指定 --out 写出的文件夹") from problem
    return summary
