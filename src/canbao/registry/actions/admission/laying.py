"""Laying what partners pushed over what a division's packages said of an earlier day (decision page 0024).

It goes into the facts themselves: who reads them needs to know of no second kind. Reads `laying`, the pairs of person
and division whose facts are to be looked at; doing it again changes nothing.
"""

from __future__ import annotations

from datetime import date

from canbao.registry.actions.admission.holding import hold_out
from canbao.registry.actions.admission.merging import COVER_ITEMS
from canbao.registry.actions.admission.staging import qualities
from canbao.registry.database import Cursor, by_index
from canbao.registry.derivation import Judging
from canbao.registry.derivation.stating import CORRECTABLE

ALTERED = "+"
"""What a statement's digest ends in once something lies over it: no package says the same."""
OF_LABOUR = ("unit_no", "unit_name", "unit_type")
IDENTITY = ("name", "sex", "birth_date")
"""What no pushed row changes."""


def find_standing(cursor: Cursor, *, arriving: date | None = None, leaving: int | None = None) -> None:
    """`standing`: what was pushed about the pairs of `laying` on the day of their division's package or later.

    `arriving` is the day of the package that says something of all of them just now, `leaving` the one that goes.
    """
    cursor.execute("ANALYZE laying (person_id)")
    cursor.execute(_TELLING, {"leaving": leaving})
    cursor.execute(_STANDING, {"arriving": arriving})
    cursor.execute("ANALYZE standing (person_id)")


def lay(cursor: Cursor, judging: Judging) -> None:
    """Lay `standing` over the facts of `laying`, and hold their statements against each other."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.contested")
    with by_index(cursor):
        for query in (*_UNBORN, _BORN, _NO_COVER, _COVER, _NO_EVIDENCE, _EVIDENCE):
            cursor.execute(query)
    cursor.execute(_said(judging))
    cursor.execute("ANALYZE said_now (person_id)")
    with by_index(cursor):
        cursor.execute(_TOLD)
        cursor.execute(_CONTESTED)
    hold_out(cursor)
    cursor.execute("DROP TABLE standing, telling, said_now")


def lay_again(
    cursor: Cursor, judging: Judging, division: str, people: str, *, arriving: date | None = None,
    leaving: int | None = None,
) -> None:  # fmt: skip
    """Lay over the facts of a division that a package has just brought or taken; `people` queries their keys."""
    cursor.execute(
        "CREATE TEMP TABLE laying ON COMMIT DROP AS SELECT person_id, %(division)s::text AS division_code FROM ("
        f"{people}) AS each WHERE EXISTS (SELECT FROM live_fact WHERE live_fact.person_id = each.person_id "
        "AND live_fact.division_code = %(division)s)",
        {"division": division},
    )
    if cursor.rowcount:
        find_standing(cursor, arriving=arriving, leaving=leaving)
        lay(cursor, judging)


_DAY = "(live.at AT TIME ZONE 'Asia/Shanghai')::date"
_TELLING = """
CREATE TEMP TABLE telling ON COMMIT DROP AS
SELECT part.id, package.division_code COLLATE "C" AS division_code, package.as_of,
    lag(part.upto, 1, '') OVER parts COLLATE "C" AS after,
    CASE WHEN part.is_done THEN nullif(part.upto, '') ELSE part.cursor END COLLATE "C" AS upto,
    coalesce((SELECT cursor FROM registry_admissionrange AS out WHERE out.package_id = package.id AND is_withdrawal),
        '') COLLATE "C" AS left_upto
FROM registry_admissionrange AS part JOIN registry_package AS package ON package.id = part.package_id
WHERE NOT part.is_withdrawal AND package.division_code IN (SELECT division_code FROM laying)
AND package.id IS DISTINCT FROM %(leaving)s AND NOT EXISTS (SELECT FROM registry_admissionrange AS out
    WHERE out.package_id = package.id AND out.is_withdrawal AND out.is_done)
WINDOW parts AS (PARTITION BY package.id ORDER BY part.upto = '', part.upto COLLATE "C")
"""
"""The divisions' packages in the register, by ranges of numbers: a fact names the package that brought it, though later
ones have said the same again."""
_STANDING = f"""
CREATE TEMP TABLE standing ON COMMIT DROP AS SELECT live.*, partner.code AS source, partner.stream_id, {_DAY} AS day
FROM laying CROSS JOIN LATERAL (SELECT * FROM live_fact WHERE person_id = laying.person_id
    AND division_code = laying.division_code OFFSET 0) AS live
JOIN registry_partner AS partner ON partner.id = live.partner_id
WHERE {_DAY} >= coalesce(%(arriving)s::date, (SELECT as_of FROM telling WHERE telling.division_code = live.division_code
    AND live.ssn > after AND (upto IS NULL OR live.ssn <= upto) AND live.ssn > left_upto ORDER BY id DESC LIMIT 1),
    '-infinity')
"""
_OF_STREAM = "(SELECT FROM registry_package WHERE id = fact.package_id AND state = 'streaming')"
_PAIR = "{0}.person_id = laying.person_id AND {0}.division_code = laying.division_code"
_UNBORN = (
    *(
        f"DELETE FROM {table} USING laying, person_fact AS fact WHERE {_PAIR.format(table)} AND {_PAIR.format('fact')} "
        f"AND EXISTS {_OF_STREAM}"
        for table in ("insurance_fact", "evidence")
    ),
    f"DELETE FROM person_fact AS fact USING laying WHERE {_PAIR.format('fact')} AND EXISTS {_OF_STREAM}",
)
"""What a division says only by what was pushed is said anew, so that it doesn't matter in which order it came."""
_BORN = f"""
INSERT INTO person_fact (person_id, division_code, ssn, name, sex, birth_date, admin_division_code, is_household,
    qualities, open_conflict, is_held, content, as_of, since, named_since, package_id)
SELECT DISTINCT ON (person_id, division_code) person_id, division_code, ssn, name, sex, birth_date,
    coalesce(content ->> 'region_code', division_code), FALSE, 0, FALSE, FALSE, '{ALTERED}', day, stream_id, stream_id,
    stream_id
FROM standing WHERE NOT starts_with(subject, 'item:')
ORDER BY person_id, division_code, at, subject
ON CONFLICT (person_id, division_code) DO NOTHING
"""
"""A division whose package says nothing of a person begins to by whatever was pushed first, and doesn't cease to when
that ends: what else it pushes of the person must not depend on what came before."""
_CONTESTED = """
CREATE TEMP TABLE contested ON COMMIT DROP AS SELECT person_id FROM (SELECT DISTINCT person_id FROM laying) AS each,
    LATERAL (SELECT count(DISTINCT name) > 1 OR bool_or(is_held) AS is_contested
        FROM (SELECT * FROM person_fact WHERE person_id = each.person_id OFFSET 0) AS fact) AS told WHERE is_contested
    OR EXISTS (SELECT FROM registry_conflict AS asked WHERE asked.person_id = each.person_id AND state = 'open')
"""
_NO_COVER = """
DELETE FROM insurance_fact AS cover USING standing WHERE cover.person_id = standing.person_id
AND cover.division_code = standing.division_code
AND standing.subject = 'insurance:' || cover.insurance_type || ':' || coalesce(cover.region_code, '')
"""
_TYPED = {
    "enrol_date": "(content ->> 'enrol_date')::date",
    "updated_at": "coalesce((content ->> 'updated_at')::timestamp, at AT TIME ZONE 'Asia/Shanghai')",
    "source": "source",
    "row": "seq",
}
_COVER = (
    f"INSERT INTO insurance_fact (person_id, division_code, {', '.join(COVER_ITEMS)}) SELECT person_id, division_code, "
    + ", ".join(_TYPED.get(item, f"content ->> '{item}'") for item in COVER_ITEMS)
    + " FROM standing WHERE starts_with(subject, 'insurance:') AND content IS NOT NULL"
)
_NO_EVIDENCE = """
DELETE FROM evidence USING standing WHERE evidence.person_id = standing.person_id
AND evidence.division_code = standing.division_code AND evidence.kind = standing.subject
"""
_EVIDENCE = """
INSERT INTO evidence (person_id, division_code, kind, quality, source, row)
SELECT person_id, division_code, subject, quality, source, seq
FROM standing LEFT JOIN LATERAL jsonb_array_elements_text(content -> 'qualities') AS quality ON TRUE
WHERE content IS NOT NULL AND strpos(subject, ':') = 0
"""


_ITEMS = tuple(item for item in CORRECTABLE if item not in (*OF_LABOUR, *IDENTITY, "death_date"))


def _said(judging: Judging) -> str:
    """What stands, a row a statement: its items, day and qualities; an item that was taken back is said to be none."""
    items = ", ".join(
        f"max(content ->> 'value') FILTER (WHERE subject = 'item:{item}') AS {item}, "
        f"bool_or(subject = 'item:{item}') AS says_{item}"
        for item in _ITEMS
    )
    labour = ", ".join(f"max(content ->> '{item}') FILTER (WHERE subject = 'labour') AS {item}" for item in OF_LABOUR)
    return f"""
CREATE TEMP TABLE said_now ON COMMIT DROP AS SELECT said.*, coalesce(judged.qualities, 0) AS qualities
FROM (SELECT person_id, division_code, max(day) AS day, {items}, {labour}, bool_or(subject = 'death') AS says_death,
    max((content ->> 'death_date')::date) FILTER (WHERE subject = 'death') AS died
    FROM standing GROUP BY person_id, division_code) AS said
LEFT JOIN ({qualities(judging, _OWN_COVERS, _OWN_EVIDENCE, "person_id, division_code")}) AS judged
    USING (person_id, division_code)
"""


_TOLD = """
UPDATE person_fact AS fact SET {items}, {units},
    death_date = CASE WHEN said.says_death THEN said.died ELSE fact.death_date END, qualities = said.qualities,
    as_of = greatest((SELECT as_of FROM registry_package WHERE id = fact.package_id), said.day),
    content = rtrim(fact.content, '{altered}') || '{altered}'
FROM said_now AS said WHERE fact.person_id = said.person_id AND fact.division_code = said.division_code
""".format(
    items=", ".join(f"{item} = CASE WHEN said.says_{item} THEN said.{item} ELSE fact.{item} END" for item in _ITEMS),
    units=", ".join(f"{item} = coalesce(said.{item}, fact.{item})" for item in OF_LABOUR),
    altered=ALTERED,
)
_PAIRS = "(SELECT DISTINCT person_id AS holder, division_code AS teller FROM standing) AS own"
_OWN_COVERS = (
    f"(SELECT cover.* FROM {_PAIRS}, LATERAL (SELECT * FROM insurance_fact WHERE person_id = own.holder "
    "AND division_code = own.teller OFFSET 0) AS cover) AS covered"
)
_OWN_EVIDENCE = (
    f"(SELECT told.* FROM {_PAIRS}, LATERAL (SELECT * FROM evidence WHERE person_id = own.holder "
    "AND division_code = own.teller OFFSET 0) AS told) AS listed"
)
