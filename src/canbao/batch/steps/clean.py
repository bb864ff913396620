"""Clean: every source's text becomes typed columns, a key, the row's qualities, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from canbao.batch.steps import expressions as to
from canbao.batch.steps import sifting
from canbao.batch.steps.fingerprints import row_print
from canbao.batch.steps.rows import packed_finding, packed_findings, pointer
from canbao.batch.steps.step import Step, literal, table, view
from canbao.core.conditions import Columns, read_condition, to_sql
from canbao.law.models import Column, Condition, Source
from canbao.law.reader import Law

UNTOLD = {
    "judged_sex": "VARCHAR",
    "judged_birth_date": "DATE",
    "resolved": "VARCHAR",
    "fate": "VARCHAR",
    "found": "VARCHAR",
}
"""What only the long way finds out about a row."""


@dataclass(frozen=True)
class Cleaning:
    """What the cleaning steps of one run need to know; `resolved` says whether officers' decisions were given."""

    law: Law
    as_of: date
    resolved: bool = False

    @property
    def columns(self) -> Columns:
        """Columns for the SQL reading of conditions, each quality being one bit."""
        return Columns(self.as_of, quality_bits(self.law))


def quality_bits(law: Law) -> dict[str, int]:
    """Each quality's place in the integer column `qualities`."""
    return {quality: bit for bit, quality in enumerate(law.qualities)}


def sift(source: Source, cleaning: Cleaning) -> str:
    """The query that types each raw row at once if it is plainly in order.

    A row about which there is anything to say keeps its text in `odd` and is read the long way by `told`; what the
    other columns then hold means nothing.
    """
    quick = {column.name: sifting.quick(column) for column in sifting.content(source)}
    texts = ", ".join(f"{literal(column.name)}: {column.name}" for column in source.columns)
    columns = "".join(f"quick_{name} AS {name}, " if quick[name] != name else f"{name}, " for name in quick)
    quickly = "".join(f", {value} AS quick_{name}" for name, value in quick.items() if value != name)
    tidy = sifting.in_order(source, cleaning.law)
    read = f"SELECT *, {to.digits17('ssn')} AS digits, {row_print(source)} AS print{quickly} FROM raw_{source.name}"
    judged = (
        f"SELECT *, {to.plainly_resident('ssn', 'digits', cleaning.as_of)} AND {tidy} AS tidy FROM ({read}) AS read"
    )
    return (
        f"SELECT {pointer(source.name)} AS pointer, digits AS key, name, print, {columns}"
        f"CASE WHEN coalesce(tidy, FALSE) THEN NULL ELSE {{{texts}}} END AS odd FROM ({judged}) AS judged"
    )


ODD = "odd IS NOT NULL"
UNIDENTIFIED = "key IS NULL"
"""Which rows of sifted and of told sources belong to no part."""


def odd_numbers(odd: Iterable[str], cleaning: Cleaning) -> Step:
    """The distinct numbers in the relations `odd` that are not plainly resident; core judges them one by one."""
    written = [f"SELECT ssn FROM {relation} AS odd" for relation in odd]
    if cleaning.resolved:
        written += ["SELECT ssn FROM raw_resolution", "SELECT correct_ssn AS ssn FROM raw_resolution"]
    numbers = tested(f"({' UNION ALL '.join(written)})", cleaning.as_of)
    return table("odd_numbers", f"SELECT DISTINCT ssn FROM ({numbers}) AS tested WHERE ssn IS NOT NULL AND NOT plain")


def resolution(source: Source, cleaning: Cleaning) -> list[Step]:
    """Officers' decisions by key and name; unusable ones stay behind with their findings."""
    list_ = cleaning.law.codes["resolution"]
    target = tested("(SELECT file, row, correct_ssn AS ssn FROM raw_resolution)", cleaning.as_of)
    corrected = (
        "SELECT tested.file, tested.row, CASE WHEN plain THEN digits ELSE judged.key END AS correct_key "
        f"FROM ({target}) AS tested LEFT JOIN judged ON judged.written = tested.ssn"
    )
    read = (
        f"SELECT keyed.key, keyed.name, keyed.file, keyed.row, keyed.ssn, {to.code('decision', list_)} AS decision, "
        f"corrected.correct_key, keyed.judged_found FROM ({_keyed('raw_resolution', cleaning)}) AS keyed "
        f"JOIN ({corrected}) AS corrected USING (file, row)"
    )
    known = "key IS NOT NULL AND name IS NOT NULL AND decision IS NOT NULL"
    usable = f"{known} AND (decision <> 'correct' OR correct_key IS NOT NULL)"
    return [
        table("resolution_rows", f"SELECT *, coalesce({usable}, FALSE) AS usable FROM ({read}) AS read"),
        table(
            "resolution",
            "SELECT key, name, min(decision) AS decision, min(correct_key) AS correct_key "
            "FROM resolution_rows WHERE usable GROUP BY key, name",
        ),
    ]


def odd_rows(source: Source, cleaning: Cleaning, odd: str, in_order: str) -> Step:
    """The rows to be read the long way, as text: the odd ones, and those about which officers have decided."""
    texts = ", ".join(f"odd.{column.name} AS {column.name}" for column in source.columns)
    query = f"SELECT pointer, print, {texts} FROM {odd} AS sifted"
    if cleaning.resolved:
        again = "".join(f", CAST({one.name} AS VARCHAR) AS {one.name}" for one in sifting.content(source))
        query += (
            f" UNION ALL SELECT pointer, print, {to.number('ruled.key', 'NULL')} AS ssn, ruled.name{again} "
            f"FROM {in_order} AS ruled "
            "SEMI JOIN resolution ON ruled.key = resolution.key AND ruled.name = resolution.name"
        )
    return table(f"odd_{source.name}", query)


def clean_rows(source: Source, cleaning: Cleaning, in_order: str, told: Iterable[str]) -> str:
    """The cleaned rows of one source: those that were in order, with nothing found, and those read the long way.

    `fate` is NULL for a row that can be used; else it says why not: unidentified, unusable, no_row, dropped.
    """
    columns = "".join(f"{sifting.typed(column)}, " for column in sifting.content(source))
    names = "".join(f"{column.name}, " for column in sifting.content(source))
    nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in UNTOLD.items())
    undecided = "ANTI JOIN resolution ON rows.key = resolution.key AND rows.name = resolution.name"
    tidy = (
        f"SELECT rows.key, pointer, rows.name, print, {names}{nothing}, {_qualities(source, cleaning)} AS qualities "
        f"FROM (SELECT {columns}key, pointer, name, print FROM {in_order} AS sifted) AS rows "
        f"{undecided if cleaning.resolved else ''}"
    )
    return " UNION ALL ".join([tidy, *(f"SELECT * FROM {relation} AS told" for relation in told)])


def told(source: Source, cleaning: Cleaning) -> str:
    """The query that reads one source's odd rows the long way."""
    typed = sifting.content(source)
    names = "".join(f"{column.name}, " for column in typed)
    untold = "".join(f"{name}, " for name in UNTOLD)
    qualities = f"CASE WHEN fate IS NULL THEN {_qualities(source, cleaning)} ELSE 0 END AS qualities"
    rows = _judged_rows(source, typed, cleaning)
    return f"SELECT key, pointer, name, print, {names}{untold}{qualities} FROM ({rows}) AS judged_rows"


def _judged_rows(source: Source, typed: list[Column], cleaning: Cleaning) -> str:
    """Adds each row's fate and findings, and moves it to the key that officers gave it."""
    names = "".join(f"{sifting.typed(column)}, " for column in typed)
    return (
        "SELECT CASE WHEN resolved = 'correct' THEN correct_key ELSE key END AS key, pointer, name, print, "
        f"judged_sex, judged_birth_date, {names}resolved, {_fate(source)} AS fate, "
        f"{packed_findings(_findings(source, typed))} AS found FROM ({_typed_rows(source, typed, cleaning)}) AS typed"
    )


def _typed_rows(source: Source, typed: list[Column], cleaning: Cleaning) -> str:
    columns = "".join(
        f"keyed.{one.name} AS raw_{one.name}, {_typed(one, cleaning.law)} AS {one.name}, " for one in typed
    )
    resolved = "resolution.decision AS resolved, resolution.correct_key"
    join = "LEFT JOIN resolution ON resolution.key = keyed.key AND resolution.name = keyed.name"
    if not cleaning.resolved:
        resolved, join = "CAST(NULL AS VARCHAR) AS resolved, CAST(NULL AS BIGINT) AS correct_key", ""
    return (
        f"SELECT keyed.key, keyed.pointer, keyed.name, keyed.print, keyed.ssn, keyed.plain, keyed.half, {columns}"
        f"keyed.judged_sex, keyed.judged_birth_date, keyed.judged_found, {resolved} "
        f"FROM ({_keyed(f'odd_{source.name}', cleaning)}) AS keyed {join}"
    )


def _keyed(relation: str, cleaning: Cleaning) -> str:
    """Rows of text with key and comparable name; numbers that are not plain take what core judged of them."""
    return (
        f"SELECT tested.* EXCLUDE (name), {to.name('tested.name')} AS name, "
        "CASE WHEN plain THEN digits ELSE judged.key END AS key, judged.sex AS judged_sex, "
        "judged.birth_date AS judged_birth_date, judged.found AS judged_found "
        f"FROM ({tested(relation, cleaning.as_of)}) AS tested LEFT JOIN judged ON judged.written = tested.ssn"
    )


def tested(relation: str, as_of: date) -> str:
    """Adds to rows with `ssn` its half-width form, its 17 digits, and whether that is plainly a resident number."""
    half = f"SELECT *, {to.half_width('ssn')} AS half FROM {relation} AS written"
    digits = f"SELECT *, {to.digits17('half')} AS digits FROM ({half}) AS half"
    return (
        f"SELECT *, coalesce({to.plainly_resident('half', 'digits', as_of)}, FALSE) AS plain FROM ({digits}) AS digits"
    )


def _typed(column: Column, law: Law) -> str:
    qualified = f"keyed.{column.name}"
    if column.codes is not None:
        return to.code(qualified, law.codes[column.codes])
    if column.name == "region_code":
        return f"CASE WHEN regexp_full_match({qualified}, {literal(sifting.REGION_FORM)}) THEN {qualified} END"
    if column.name == "updated_at":
        return to.moment(qualified)
    if sifting.is_day(column):
        return to.day(qualified)
    return to.text(qualified)


def _fate(source: Source) -> str:
    whens = ["WHEN key IS NULL THEN 'unidentified'", "WHEN resolved = 'different' THEN 'dropped'"]
    if source.name == "insurance":
        whens.append("WHEN contrib_status = '0' THEN 'no_row'")
        whens.append(
            "WHEN insurance_type IS NULL OR (contrib_status IS NULL AND benefit_status IS NULL) THEN 'unusable'"
        )
    return f"CASE {' '.join(whens)} END"


def _findings(source: Source, typed: list[Column]) -> list[tuple[str, str]]:
    found = [
        ("key IS NULL AND judged_found IS NULL", packed_finding("number_missing", "ssn", "ssn")),
        ("plain AND strlen(half) = 15", packed_finding("number_upgraded", "ssn", "ssn")),
        ("name IS NULL", packed_finding("name_missing", "name", "NULL")),
        ("resolved = 'different'", packed_finding("dropped_by_resolution", "name", "name")),
        ("resolved = 'correct'", packed_finding("moved_by_resolution", "ssn", "ssn")),
    ]
    for column in typed:
        found += _column_findings(source, column)
    judged = ("judged_found IS NOT NULL", "judged_found")
    return [judged, *found]


def _column_findings(source: Source, column: Column) -> list[tuple[str, str]]:
    raw, name = f"raw_{column.name}", column.name
    filled = f"{raw} IS NOT NULL AND {raw} <> ''"
    found: list[tuple[str, str]] = []
    if column.codes is not None or name == "region_code":
        found.append((f"{filled} AND {name} IS NULL", packed_finding("code_unknown", name, raw)))
    elif name.endswith(("_date", "_on", "_at")):
        found.append((f"{filled} AND {name} IS NULL", packed_finding("date_invalid", name, raw)))
    if column.needed:
        found.append((f"NOT coalesce({filled}, FALSE)", packed_finding("needed_value_missing", name, "NULL")))
    if name == "birth_date":
        differs = f"key < {to.FIRST_FOREIGN_KEY} AND {to.day_number('birth_date')} <> {to.birth_number('key')}"
        found.append((f"coalesce({differs}, FALSE)", packed_finding("birth_differs", name, raw)))
    if name == "sex":
        differs = f"key < {to.FIRST_FOREIGN_KEY} AND sex IN ('1', '2') AND sex <> {to.sex('key')}"
        found.append((f"coalesce({differs}, FALSE)", packed_finding("sex_differs", name, raw)))
    if source.name == "insurance" and name == "contrib_status":
        found.append(("contrib_status = '0'", packed_finding("no_insurance_row", name, raw)))
    return found


def _qualities(source: Source, cleaning: Cleaning) -> str:
    bits = quality_bits(cleaning.law)
    terms = [
        f"CASE WHEN {condition_sql(quality.when, cleaning)} THEN {1 << bits[quality.id]} ELSE 0 END"
        for quality in cleaning.law.qualities.values()
        if quality.of == source.name
    ]
    return "CAST(" + (" + ".join(terms) or "0") + " AS BIGINT)"


def condition_sql(written: Condition, cleaning: Cleaning) -> str:
    """A condition of the law as text in the dialect in which steps are written."""
    return to_sql(read_condition(written), cleaning.columns).sql("duckdb")


def empty_source(source: Source) -> Step:
    """Stands for a source that the city does not have."""
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {column.name}" for column in source.columns)
    places = "CAST(0 AS SMALLINT) AS file, CAST(0 AS BIGINT) AS row"
    return table(f"raw_{source.name}", f"SELECT {columns}, {places} WHERE FALSE")


def usable(source: str) -> Step:
    """The usable rows of a cleaned source."""
    return view(f"usable_{source}", f"SELECT * FROM clean_{source} WHERE fate IS NULL")
