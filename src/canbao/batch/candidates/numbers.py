"""Numbers taken apart in SQL: what kind each is, its form without padding, and the parts of those of 18 digits."""

from __future__ import annotations

from canbao.batch.steps.expressions import EARLIEST_YEAR, check_character, half_width

FULL = 18
NUMBERS = """
    SELECT person_id,
        CASE WHEN length(digits) = 17 THEN digits || coalesce(last, {check})
             WHEN kind IN ('hmt', 'foreign') THEN left(written, 4) || document ELSE written END AS number,
        CASE WHEN kind = 'other' THEN NULL ELSE kind END AS kind, digits, document,
        substr(digits, 1, 6) AS region, substr(digits, 7, 8) AS number_day, substr(digits, 15, 3) AS sequence,
        coalesce(last, {check}) = {check} AND substr(digits, 7, 4) >= '{earliest}'
            AND try_strptime(substr(digits, 7, 8), '%Y%m%d') IS NOT NULL AS verified
    FROM (SELECT *, TRY_CAST(digits AS BIGINT) AS key FROM ({parts}) AS parts) AS parts
"""
"""person_id, number, kind, digits (the first 17), document, region, number_day, sequence, verified (calendar and check
character fit, born in 1890 or later; NULL for numbers that have neither)."""

_PARTS = """
    SELECT person_id, written, kind,
        CASE kind WHEN 'resident' THEN CASE WHEN length(written) = 15 THEN {upgraded} ELSE left(written, 17) END
                  WHEN 'permit' THEN left(written, 17) WHEN 'permanent' THEN left(written, 17) END AS digits,
        CASE WHEN length(written) = 18 AND kind IN ('resident', 'permit', 'permanent') THEN right(written, 1) END
            AS last,
        CASE kind WHEN 'overseas' THEN substr(written, 4) WHEN 'hmt' THEN {hmt} WHEN 'foreign' THEN {bare} END
            AS document
    FROM (SELECT person_id, written, {kind} AS kind FROM ({written}) AS written) AS kinds
"""
_KIND = """
    CASE WHEN regexp_full_match(written, '9[0-9]{16}[0-9X]') THEN 'permanent'
         WHEN regexp_full_match(written, '8[1-3][0-9]{15}[0-9X]') THEN 'permit'
         WHEN regexp_full_match(written, '[1-7][0-9]{16}[0-9X]|[1-7][0-9]{14}') THEN 'resident'
         WHEN starts_with(written, 'TMP-') THEN 'temporary'
         WHEN regexp_full_match(written, 'CHN[A-Z0-9]+') THEN 'overseas'
         WHEN regexp_full_match(written, '(HKG|MAC|TWN)[0-9][A-Z0-9]+') THEN 'hmt'
         WHEN regexp_full_match(written, '[A-Z]{3}[0-9][A-Z0-9]+') THEN 'foreign'
         ELSE 'other' END
"""
_BARE = f"CASE WHEN length(written) = {FULL} THEN ltrim(substr(written, 5), '0') ELSE substr(written, 5) END"
"""A document without the zeros that made a whole of 18 (core.numbering.foreign.unpadded)."""

_HMT = f"regexp_replace({_BARE}, '^([HM][0-9]{{8}})[0-9]{{2}}$', '\\1')"
"""The same without the issue counter of old cards (core.numbering.hmt.canonical)."""

_UPGRADED = (
    "left(written, 6) || CASE WHEN right(written, 3) BETWEEN '996' AND '999' THEN '18' ELSE '19' END "
    "|| right(written, 9)"
)


def numbers(people: str) -> str:
    """The query NUMBERS over a relation with person_id and ssn."""
    written = f"SELECT person_id, upper({half_width('ssn')}) AS written FROM {people}"
    parts = _PARTS.format(upgraded=_UPGRADED, hmt=_HMT, bare=_BARE, kind=_KIND, written=written)
    return NUMBERS.format(check=check_character("key"), earliest=EARLIEST_YEAR, parts=parts)
