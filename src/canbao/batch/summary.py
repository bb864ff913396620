"""summary.json: what went in, what became of every row, and what came out; the proof that nothing was lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canbao import __version__
from canbao.batch.job import BASIS, Job
from canbao.batch.trouble import SourceTrouble
from canbao.core.masks import mask_mobile, mask_name, mask_number, mask_within
from canbao.law.places import read_places
from canbao.law.reader import Law

SCHEMA_VERSION = 1
EXAMPLES = 3
COUNTED = ("registration_status", "employment_status", "no_unit_type", "uninsured_reason", "disposition")


def summarise(job: Job) -> dict[str, Any]:
    """The content of summary.json, counted in the files just written; the same input gives the same content."""
    run, law, count = job.config.run, job.law, _Counter(job)
    sources = {name: _source(name, job, count) for name in job.tables}
    return {
        "schema": SCHEMA_VERSION,
        "run": {
            "division": run.division,
            "division_name": read_places().name(run.division),
            "as_of": run.as_of.isoformat(),
            "profile": run.profile,
            "profile_label": law.profiles[run.profile].label,
            "software": f"canbao {__version__}",
        },
        "sources": sources,
        "unidentified": sum(source["rows_not_used"].get("unidentified", 0) for source in sources.values()),
        "persons": count("count(*)", "persons")[0][0],
        "conflicts": count("count(*)", "conflicts")[0][0],
        "items": {item: _values(item, law, count) for item in COUNTED},
        "findings": _findings(law, count),
        "findings_by_file": _by_file(count),
        "counties": _counties(count),
    }


@dataclass(frozen=True)
class _Counter:
    """Asks the engine about the files of OUT/."""

    job: Job

    def __call__(self, what: str, table: str, more: str = "") -> list[tuple[Any, ...]]:
        return self.job.engine.rows(f"SELECT {what} FROM {self.file(table)} AS written {more}")

    def file(self, table: str) -> str:
        return self.job.engine.file(self.job.fresh / f"{table}.parquet")


def _source(name: str, job: Job, count: _Counter) -> dict[str, Any]:
    """A source's rows: read, left out by `where`, used, and not used with the reason; they must add up."""
    source = job.tables[name]
    rows_in = sum(file.rows_in for file in source.files)
    filtered = sum(file.rows_filtered for file in source.files)
    malformed = sum(trouble.check == "row_malformed" for trouble in source.troubles)
    used, not_used = _decisions(job) if name == "resolution" else _rows(name, count)
    not_used |= {"malformed": malformed} if malformed else {}
    return {
        "label": job.law.sources[name].label,
        "files": [
            {"file": file.label, "bytes": file.bytes, "sha256": file.sha256, "rows": file.rows_in}
            for file in source.files
        ],
        "rows_in": rows_in,
        "rows_filtered": filtered,
        "rows_used": used,
        "rows_not_used": dict(sorted(not_used.items())),
        "balanced": rows_in == filtered + used + sum(not_used.values()),
    }


def _rows(name: str, count: _Counter) -> tuple[int, dict[str, int]]:
    """How many rows of a source are in persons, and how many are not, by what became of them."""
    if name == "insurance":
        ((used,),) = count("count(*)", "insurances")
    else:
        ((used,),) = count("count(DISTINCT (source, row))", "evidence", f"WHERE kind = '{name}'")
    not_used = count("fate, count(*)", f"{BASIS}/unused", f"WHERE kind = '{name}' GROUP BY fate")
    return used, dict(not_used)


def _decisions(job: Job) -> tuple[int, dict[str, int]]:
    ((used, unusable),) = job.engine.rows(
        "SELECT count(*) FILTER (WHERE usable), count(*) FILTER (WHERE NOT usable) FROM resolution_rows"
    )
    return used, {"unusable_decision": unusable} if unusable else {}


def _values(item: str, law: Law, count: _Counter) -> dict[str, dict[str, Any]]:
    list_name = law.tables[item].codes
    labels = {code.code: code.label for code in law.codes[list_name].codes} if list_name else {}
    found = count(f"{item}, count(*)", "persons", f"WHERE {item} IS NOT NULL GROUP BY 1 ORDER BY 1")
    return {value: {"label": labels.get(value, value), "persons": persons} for value, persons in found}


def _findings(law: Law, count: _Counter) -> dict[str, dict[str, Any]]:
    """The rules that found something, the most frequent first, each with a few masked rows."""
    found = count("rule, severity, count(*) AS persons", "findings", "GROUP BY ALL ORDER BY 3 DESC, 1, 2")
    totals: dict[str, dict[str, Any]] = {}
    for rule, severity, many in found:
        entry = {"label": law.checks[rule].label, "severity": severity, "count": 0, "examples": []}
        totals.setdefault(rule, entry)["count"] += many
    for example in _examples(count):
        totals[example.pop("rule")]["examples"].append(example)
    return totals


def _examples(count: _Counter) -> list[dict[str, Any]]:
    names = ("rule", "ssn", "source", "row", "field", "value", "message")
    nth = "row_number() OVER (PARTITION BY rule, source ORDER BY ssn NULLS LAST, row, field, value, message) AS nth"
    order = "row_number() OVER (PARTITION BY rule ORDER BY nth, source) AS place"
    picked = f"SELECT *, {order} FROM (SELECT *, {nth} FROM {count.file('findings')}) AS numbered"
    query = f"SELECT {', '.join(names)} FROM ({picked}) AS picked WHERE place <= {EXAMPLES} ORDER BY rule, place"
    return [masked_example(dict(zip(names, row, strict=True))) for row in count.job.engine.rows(query)]


def _by_file(count: _Counter) -> dict[str, dict[str, int]]:
    files: dict[str, dict[str, int]] = {}
    for file, severity, many in count("source, severity, count(*)", "findings", "GROUP BY ALL ORDER BY 1, 2"):
        files.setdefault(file, {"error": 0, "warning": 0, "note": 0})[severity] += many
    return files


def _counties(count: _Counter) -> dict[str, dict[str, Any]]:
    places = read_places()
    counties: dict[str, dict[str, Any]] = {}
    found = count("admin_division_code, disposition, count(*)", "persons", "GROUP BY ALL ORDER BY 1, 2")
    for code, disposition, persons in found:
        entry = counties.setdefault(code, {"name": places.name(code) or code, "persons": 0, "dispositions": {}})
        entry["persons"] += persons
        entry["dispositions"][disposition] = persons
    return counties


def masked_example(example: dict[str, Any]) -> dict[str, Any]:
    """A finding that may be shown to whoever reads the report: numbers, names and telephones are masked."""
    ssn, value, masked = example["ssn"], example["value"], _masked_value(example)
    message = example["message"].replace(value, masked) if value else example["message"]
    shown = {"ssn": mask_number(ssn) if ssn else None, "value": masked or None, "message": mask_within(message)}
    return {**example, **shown}


def _masked_value(example: dict[str, Any]) -> str:
    """The value as its field is masked; into a field of codes or days anything may have slipped, so words go too."""
    value, field = example["value"], example["field"]
    if not value:
        return ""
    if field in ("ssn", "correct_ssn"):
        return mask_number(value)
    if field == "mobile":
        return mask_mobile(value)
    slipped = example["rule"] in ("code_unknown", "date_invalid") and not value.isascii()
    return mask_name(value) if field == "name" or slipped else mask_within(value)


def read_summary(out: Path) -> dict[str, Any]:
    """The summary of a folder that `canbao clean` wrote; raises SourceTrouble for any other folder."""
    try:
        summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        summary["run"]["as_of"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SourceTrouble(str(out), "不是 canbao clean 的输出", "请指定 --out 写出的文件夹") from problem
    return summary
