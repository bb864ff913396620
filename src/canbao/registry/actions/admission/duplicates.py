"""Covers that exclude each other: found among the people who have just been judged, kept, and ended once they are gone.

`registry.covers_elsewhere` says the same of one person, slowly. Reads `known`, `stated` and `outcome`.
"""

from __future__ import annotations

from django.utils import timezone

from canbao.core.covers import SLUGS
from canbao.law.models import DuplicateCover
from canbao.law.reader import Law
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.covers_elsewhere import DEAD
from canbao.registry.database import Cursor

BY_OFFICERS = frozenset({
    "settled", "merged", "unmerged", "split", "unsplit", "corrected", "uncorrected", "withdrawn", "place", "unsurveyed",
})  # fmt: skip
"""Causes after which a duplicate that is gone was none: nothing has been stopped."""
STANDING = ("open", "waiting")


def flag_duplicates(cursor: Cursor, cause: Cause, law: Law) -> None:
    """Open what is new among the touched people, keep up what stands, end or drop what is gone.

    What officers found to be right is not asked again as long as the rows are the same.
    """
    cursor.execute("CREATE TEMP TABLE doubtful ON COMMIT DROP AS " + _doubtful(law))
    doubtful = cursor.rowcount
    cursor.execute("CREATE TEMP TABLE standing ON COMMIT DROP AS " + _STANDING)
    if not (doubtful or cursor.rowcount):
        return
    cursor.execute("ANALYZE doubtful (person_id)")
    cursor.execute("CREATE TEMP TABLE doubled ON COMMIT DROP AS " + _doubled(law))
    gone = "dropped" if cause.kind in BY_OFFICERS else "ended"
    given = {"today": timezone.localdate(), "gone": gone, "standing": [*STANDING]}
    for query in (_END, _KEEP_UP, _ASK_AGAIN, _OPEN):
        cursor.execute(query, given)


def _doubled(law: Law) -> str:
    """The query for all duplicates of the touched people: person_id, kind, subject, rows, digest, areas, seen_by."""
    of_rules = " UNION ALL ".join(_of_rule(rule) for rule in law.duplicate_cover)
    return f"""
WITH covering AS MATERIALIZED ({_COVERING}), found AS ({of_rules})
SELECT found.*, concerned.areas, concerned.areas || outcome.areas AS seen_by
FROM found JOIN outcome USING (person_id), LATERAL (
    SELECT string_agg(DISTINCT '|' || code, '' ORDER BY '|' || code) AS areas FROM jsonb_array_elements(rows) AS each,
    LATERAL (VALUES (place_today(each ->> 'region_code')), (left(each ->> 'division_code', 4))) AS place (code)
) AS concerned
"""


def _doubtful(law: Law) -> str:
    """Who can have a duplicate at all, as the records tell, where a slot is the cover that stands: next to nobody."""
    pairs = [_both(rule) for rule in law.duplicate_cover if rule.among == "types"]
    return (
        f"SELECT person_id FROM outcome WHERE is_doubled OR (vital_status = '{DEAD}' "
        f"AND ({' OR '.join(_active(slug) for slug in SLUGS)})) OR {' OR '.join(pairs)}"
    )


def _both(rule: DuplicateCover) -> str:
    return f"({' AND '.join(_active(slug) for slug in rule.types)})"


def _active(slug: str) -> str:
    """A row that is paid or drawn stands before all others; one that is paused, before the ended."""
    return f"({slug}_contrib_status IN ('1', '2') OR {slug}_benefit_status = '1')"


def _of_rule(rule: DuplicateCover) -> str:
    """The duplicates of one rule, as `covers_elsewhere._excluding` finds them."""
    subject = "insurance_type" if rule.among == "places" else "''"
    by_type = ", insurance_type" if rule.among == "places" else ""
    return (
        f"SELECT person_id, '{rule.kind}' AS kind, {subject} AS subject, {_ROWS} AS rows, {_DIGEST} AS digest "
        f"FROM covering WHERE insurance_type IN ({_listed(rule.types)}) AND {rule.state} IN ({_listed(rule.values)}) "
        f"{_WHO[rule.among]} GROUP BY person_id{by_type} {_HAVING[rule.among].format(many=len(rule.types))}"
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_WHO = {"places": "", "types": "", "death": f"AND vital_status = '{DEAD}'"}
_HAVING = {
    "places": "HAVING count(DISTINCT region_code) > 1",
    "types": "HAVING count(DISTINCT insurance_type) = {many}",
    "death": "",
}
_ITEMS = (
    "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category",
    "personal_status", "unit_name", "source", "row",
)  # fmt: skip
_COVERING = (
    f"SELECT person_id, vital_status, stated.division_code, stated.as_of, {', '.join(_ITEMS)} FROM doubtful "
    "JOIN (SELECT person_id, holder_id, division_code, as_of FROM stated) AS stated USING (person_id) "
    "JOIN (SELECT person_id, vital_status FROM outcome) AS outcome USING (person_id), "
    f"LATERAL (SELECT division_code AS teller, {', '.join(_ITEMS)} FROM insurance_fact "
    "WHERE person_id = stated.holder_id OFFSET 0) AS cover "
    "WHERE teller = stated.division_code AND contrib_status IS DISTINCT FROM '0'"
)
_SORTED = "ORDER BY region_code, insurance_type, division_code, contrib_status, benefit_status, enrol_date, source, row"
_ROWS = (
    "jsonb_agg(jsonb_build_object("
    + ", ".join(f"'{name}', {name}" for name in (*_ITEMS, "division_code", "as_of"))
    + f") {_SORTED})"
)
_DIGEST = (
    "encode(sha256(convert_to(string_agg(ROW(insurance_type, contrib_status, benefit_status, enrol_date, region_code, "
    f"division_code)::text, '' {_SORTED}), 'UTF8')), 'hex')"
)
"""By these the rows are the same: who says what of which cover, wherever it stood in which file."""
_STANDING = (
    "SELECT duplicate.* FROM known, LATERAL (SELECT id, person_id, kind, subject, state, digest "
    "FROM registry_duplicate WHERE person_id = known.id OFFSET 0) AS duplicate"
)
_SAME = "doubled.person_id = {0}.person_id AND doubled.kind = {0}.kind AND doubled.subject = {0}.subject"
_END = (
    "UPDATE registry_duplicate AS kept SET state = %(gone)s, ended_on = %(today)s FROM standing "
    "WHERE kept.id = standing.id AND kept.state = ANY(%(standing)s) "
    f"AND NOT EXISTS (SELECT FROM doubled WHERE {_SAME.format('standing')})"
)
_KEEP_UP = (
    "UPDATE registry_duplicate AS kept SET rows = doubled.rows, digest = doubled.digest, areas = doubled.areas, "
    f"seen_by = doubled.seen_by FROM standing JOIN doubled ON {_SAME.format('standing')} WHERE kept.id = standing.id "
    "AND kept.state = ANY(%(standing)s) AND (kept.rows, kept.seen_by) IS DISTINCT FROM (doubled.rows, doubled.seen_by)"
)
_ASK_AGAIN = (
    "UPDATE registry_duplicate AS kept SET state = 'open', decision = '', ends = '', due_on = NULL FROM standing "
    "WHERE kept.id = standing.id AND kept.state = 'waiting' AND NOT EXISTS (SELECT "
    "FROM jsonb_array_elements(kept.rows) AS each "
    "WHERE split_part(kept.ends, ':', 1) IN ('', each ->> 'insurance_type') "
    "AND split_part(kept.ends, ':', 2) = coalesce(each ->> 'region_code', each ->> 'division_code'))"
)
"""The cover that was to end is gone, and others exclude each other still."""
_OPEN = (
    "INSERT INTO registry_duplicate (person_id, kind, subject, rows, digest, areas, seen_by, found_on, state, "
    "decision, ends, reason, said) SELECT person_id, kind, subject, rows, digest, areas, seen_by, %(today)s, "
    f"'open', '', '', '', '[]' FROM doubled WHERE NOT EXISTS (SELECT FROM standing WHERE {_SAME.format('standing')} "
    "AND (state = ANY(%(standing)s) OR (state = 'settled' AND standing.digest = doubled.digest)))"
)
