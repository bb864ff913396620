"""Building on an earlier run: who has changed since, so that only they are judged again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from canbao import __version__
from canbao.batch.job import BASIS, FILES, Job
from canbao.batch.odd_numbers import judge_odd_numbers, read_decisions
from canbao.batch.steps import clean, fingerprints
from canbao.batch.steps import expressions as to
from canbao.batch.steps.rows import pointer
from canbao.batch.steps.step import table, view
from canbao.batch.steps.write import COVER_COLUMNS, EVIDENCE_COLUMNS, PERSON_COLUMNS
from canbao.batch.summary import read_summary
from canbao.batch.trouble import SourceTrouble
from canbao.law.models import Source
from canbao.law.reader import HOME

RUN = f"{BASIS}/run.json"
ASPECTS = {
    "software": "软件版本",
    "engine": "计算引擎",
    "law": "规则库",
    "columns": "结果的列",
    "run": "基准日、口径等设置",
    "files": "来源文件",
}
"""What must be the same, in words."""
MOST_CHANGED = 0.25
"""Above this share of changed numbers a full run is no slower."""


def usable_earlier(job: Job, since: Path) -> Path | None:
    """The earlier run's folder if its persons may be taken over; None if everything has to be judged again.

    They may be if software, law, settings and the names and order of files are the same; sources are not looked at.
    Raises SourceTrouble for a folder that `canbao clean` did not write.
    """
    read_summary(since)
    needed = [RUN, f"{BASIS}/unused.parquet", f"{BASIS}/fingerprints.parquet", *(f"{name}.parquet" for name in FILES)]
    missing = [name for name in needed if not (since / name).is_file()]
    if missing:
        raise SourceTrouble(str(since), f"缺 {'、'.join(missing)}", "请不用 --since 完整运行一次")
    before, now = _run_before(since), run_of(job)
    differing = [words for aspect, words in ASPECTS.items() if before.get(aspect) != now[aspect]]
    if differing:
        job.warn(f"{'、'.join(differing)}与 {since} 那次运行的不同，不能接着算，这次全部重算")
    return None if differing else since


def _run_before(since: Path) -> dict[str, object]:
    try:
        before = json.loads((since / RUN).read_text(encoding="utf-8"))
    except ValueError:
        before = None
    if not isinstance(before, dict):
        raise SourceTrouble(str(since / RUN), "读不出来", "请不用 --since 完整运行一次")
    return before


def keep_basis(job: Job) -> None:
    """Write down what must be the same for the next run to build on this one."""
    (job.fresh / RUN).write_text(json.dumps(run_of(job), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def run_of(job: Job) -> dict[str, object]:
    """What all persons' results depend on besides their own rows."""
    run = job.config.run
    return {
        "software": f"canbao {__version__}",
        "engine": job.engine.version,
        "law": _digest_of_law(),
        "columns": [*PERSON_COLUMNS, *COVER_COLUMNS, *EVIDENCE_COLUMNS],
        "run": [run.division, run.as_of.isoformat(), run.profile, run.moment.isoformat()],
        "files": {name: [spec.label for spec in specs] for name, specs in job.config.sources.items()},
    }


def _digest_of_law() -> str:
    digest = hashlib.sha256()
    for file in sorted(HOME.rglob("*")):
        if file.suffix in (".yaml", ".csv"):
            digest.update(f"{file.relative_to(HOME)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def restrict_to_changes(job: Job, earlier: Path) -> bool:
    """Leave in raw_<source> only rows of numbers changed since `earlier`, and rows whose number must be looked at.

    Makes the tables `changed` (key and ssn of numbers whose rows are new, gone or different) and `new_prints`. Where
    too many have changed it leaves everything as it is and gives False.
    """
    job.announce("与上次比较", 0, 1, None)
    sources = [source for name, source in job.law.sources.items() if name in job.tables and name != "resolution"]
    seen = " UNION ALL ".join(_seen(source, job) for source in sources)
    job.engine.run(table("seen", seen))
    judge_odd_numbers(job, ["(SELECT odd AS ssn FROM seen WHERE odd IS NOT NULL)"])
    read_decisions(job)
    job.engine.run(table("new_prints", PRINTS))
    job.engine.run(table("changed", _changed(job, earlier)))
    ((changed, all_numbers),) = job.engine.rows("SELECT (SELECT count(*) FROM changed), count(*) FROM new_prints")
    job.announce("与上次比较", 1, 1, None)
    if changed > MOST_CHANGED * all_numbers:
        job.warn(f"有变动的号码占 {changed / all_numbers:.0%}，太多，这次全部重算")
        return False
    job.engine.run(table("wanted", WANTED))
    for source in sources:
        rows = f"SELECT * FROM read_{source.name} AS rows SEMI JOIN wanted ON wanted.pointer = {pointer(source.name)}"
        job.engine.run(view(f"raw_{source.name}", rows))
    return True


def _seen(source: Source, job: Job) -> str:
    """Every row's place, its part in the fingerprint and its key; without a key, the number as written in `odd`."""
    rows = clean.tested(f"read_{source.name}", job.cleaning.as_of)
    return (
        f"SELECT {pointer(source.name)} AS pointer, CASE WHEN plain THEN digits END AS key, "
        f"CASE WHEN NOT plain THEN ssn END AS odd, {fingerprints.row_print(source)} AS print FROM ({rows}) AS tested"
    )


PRINTS = (
    "SELECT key, bit_xor(print) AS print FROM (SELECT coalesce(seen.key, judged.key) AS key, print FROM seen "
    "LEFT JOIN (SELECT written, key FROM judged) AS judged ON judged.written = seen.odd) AS rows "
    "WHERE key IS NOT NULL GROUP BY key"
)
"""The fingerprint of each number, whoever it may belong to."""

WANTED = "SELECT pointer FROM seen WHERE key IS NULL OR key IN (SELECT key FROM changed)"
"""The rows that are read again."""


def _changed(job: Job, earlier: Path) -> str:
    """Numbers whose fingerprint is another than before, and all that officers have decided about."""
    file = job.engine.file(earlier / f"{BASIS}/fingerprints.parquet")
    old = (
        f"SELECT coalesce(earlier.key, other_numbers.key) AS key, earlier.ssn AS other, print FROM {file} AS earlier "
        "LEFT JOIN other_numbers ON other_numbers.ssn = earlier.ssn"
    )
    differing = (
        "SELECT coalesce(new_prints.key, old.key) AS key, old.other FROM new_prints "
        f"FULL OUTER JOIN ({old}) AS old ON old.key = new_prints.key WHERE new_prints.print IS DISTINCT FROM old.print"
    )
    decided = " UNION ALL SELECT key, NULL FROM resolution UNION ALL SELECT correct_key, NULL FROM resolution"
    every = differing + (decided if job.cleaning.resolved else "")
    return (
        "SELECT DISTINCT every.key, coalesce(every.other, "
        f"{to.number('every.key', 'other_numbers.ssn')}) AS ssn FROM ({every}) AS every "
        "LEFT JOIN other_numbers ON other_numbers.key = every.key "
        "WHERE every.key IS NOT NULL OR every.other IS NOT NULL"
    )
