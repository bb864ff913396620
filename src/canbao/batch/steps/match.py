"""Match: same number, same person?

Most persons are settled by one pass: all their rows bear one name and no row has a rival. Only the others, the
`special` ones, are looked at row by row: identical rows, the reference name, rows held out, the best row of a type.
"""

from __future__ import annotations

from canbao.batch.steps.rows import LISTS
from canbao.batch.steps.step import Step, literal, table, view
from canbao.core.covers import SLUGS
from canbao.law.models import Source
from canbao.law.reader import Law

VOTERS = ("household", "insurance")


def all_rows(sources: list[str]) -> Step:
    """Every usable row of every source, with what deciding about names and rivals needs."""
    parts = [
        f"SELECT key, pointer, {literal(source)} AS source, name, resolved, {rivals(source)} AS rival "
        f"FROM usable_{source}"
        for source in sources
    ]
    return view("all_rows", " UNION ALL ".join(parts))


def rivals(source: str) -> str:
    """Rows of one person with the same rival number compete; each number is a bit's place."""
    if source == "household":
        return "0"
    if source == "insurance":
        types = " ".join(f"WHEN {literal(slug)} THEN {place + 1}" for place, slug in enumerate(SLUGS))
        return f"CASE insurance_type {types} END"
    return str(len(SLUGS) + 1 + LISTS.index(source))


def special() -> Step:
    """The keys with differing names, with two rows that compete, or with an officer's word about a row."""
    grouped = (
        "SELECT key, min(hash(name)) FILTER (WHERE name IS NOT NULL) AS low, "
        "max(hash(name)) FILTER (WHERE name IS NOT NULL) AS high, "
        "count(*) AS rows, bit_count(bit_or(CAST(1 AS BIGINT) << rival)) AS kinds, "
        "bool_or(resolved IS NOT NULL) AS resolved FROM all_rows GROUP BY key"
    )
    return table("special", f"SELECT key FROM ({grouped}) AS grouped WHERE low <> high OR rows > kinds OR resolved")


def special_rows(sources: list[str], law: Law) -> Step:
    """The rows of special persons, one by one, with a fingerprint of their content."""
    parts = [
        f"SELECT {_columns(law.sources[source])} FROM usable_{source} AS rows "
        "SEMI JOIN special ON special.key = rows.key"
        for source in sources
    ]
    numbered = (
        "SELECT *, row_number() OVER (PARTITION BY key, source, fingerprint ORDER BY pointer) > 1 AS identical "
        f"FROM ({' UNION ALL '.join(parts)}) AS rows"
    )
    return table("special_rows", numbered)


def _columns(source: Source) -> str:
    updated = "updated_at" if source.name == "insurance" else "CAST(NULL AS TIMESTAMP)"
    columns = [column.name for column in source.columns if column.name != "ssn"]
    content = " || chr(31) || ".join(f"coalesce(CAST({column} AS VARCHAR), '')" for column in columns)
    return (
        f"rows.key, pointer, {literal(source.name)} AS source, name, resolved, {updated} AS updated_at, "
        f"hash({content}) AS fingerprint"
    )


def reference_names() -> list[Step]:
    """The reference name of each special person.

    The household's name; with several of them or none, the name with most rows among household and insurance rows
    (ties: the latest updated_at, then the smaller text). Persons known from other lists only: most rows of any list.
    """
    voters = ", ".join(literal(source) for source in VOTERS)
    votes = (
        "SELECT key, name, count(*) AS votes, max(updated_at) AS latest, "
        f"bool_or(source IN ({voters})) AS voter, bool_or(source = 'household') AS in_household, "
        f"count(*) FILTER (WHERE source IN ({voters})) AS voting_rows FROM special_rows "
        "WHERE NOT identical AND name IS NOT NULL GROUP BY key, name"
    )
    ranked = "SELECT *, count(*) FILTER (WHERE in_household) OVER (PARTITION BY key) AS household_names FROM votes"
    order = (
        "CASE WHEN household_names = 1 AND in_household THEN 0 ELSE 1 END, voter DESC, "
        "CASE WHEN voter THEN voting_rows ELSE votes END DESC, latest DESC NULLS LAST, name"
    )
    return [
        table("votes", votes),
        table(
            "reference_names",
            f"SELECT key, name FROM (SELECT *, row_number() OVER (PARTITION BY key ORDER BY {order}) AS place "
            f"FROM ({ranked}) AS ranked) AS placed WHERE place = 1",
        ),
    ]


def fates() -> Step:
    """What becomes of each special row: merged, identical, held (a conflict) or other_name (a list's row, unused)."""
    voters = ", ".join(literal(source) for source in VOTERS)
    differs = "coalesce(rows.name <> reference_names.name AND coalesce(resolved, '') <> 'same', FALSE)"
    return table(
        "fates",
        "SELECT rows.key, rows.pointer, rows.source, rows.name, reference_names.name AS reference_name, resolved, "
        f"CASE WHEN identical THEN 'identical' WHEN {differs} AND rows.source IN ({voters}) THEN 'held' "
        f"WHEN {differs} THEN 'other_name' ELSE 'merged' END AS fate "
        "FROM special_rows AS rows LEFT JOIN reference_names ON reference_names.key = rows.key",
    )


def merged(sources: list[str]) -> list[Step]:
    """The rows that make up persons, as the view merged_<source>."""
    out = "(SELECT pointer FROM fates WHERE fate <> 'merged') AS out"
    return [
        view(
            f"merged_{source}",
            f"SELECT rows.* FROM usable_{source} AS rows ANTI JOIN {out} ON out.pointer = rows.pointer",
        )
        for source in sources
    ]


def conflicts() -> Step:
    """The rows held out because their name differs from the reference name."""
    return table(
        "conflicts",
        "SELECT key, reference_name, name AS other_name, pointer, "
        "round(jaro_winkler_similarity(reference_name, name), 4) AS similarity FROM fates WHERE fate = 'held'",
    )
