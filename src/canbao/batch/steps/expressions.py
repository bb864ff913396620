"""Expressions that turn a column of text into a typed value, each with a fast path for what is already tidy.

Whatever the fast path does not recognise goes to the functions `canbao_text`, `canbao_name`, `canbao_day` and
`canbao_code`, which an engine provides by calling `canbao.core`; so there is one meaning, and most rows never ask.
"""

from __future__ import annotations

from datetime import date

from canbao.batch.steps.step import literal
from canbao.core.numbering import PROVINCE_PREFIXES
from canbao.law.models import CodeList

TIDY = r"[^!-~·\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{20000}-\x{2A6DF}]"
"""A character that normalising might change, drop or trim; blanks are among them."""

HAN = r"[\x{4E00}-\x{9FFF}]+"
FIRST_FOREIGN_KEY = 10**17
"""Keys below are the first 17 digits of a resident number; from here on they count the other numbers in order."""

FIRST_UPGRADABLE, FIRST_CENTENARIAN = 991001, 996
EARLIEST_YEAR = 1890


def text(column: str) -> str:
    """A tidy text, or NULL for an empty one."""
    return (
        f"CASE WHEN regexp_matches({column}, {literal(TIDY)}) THEN canbao_text({column}) ELSE nullif({column}, '') END"
    )


def name(column: str) -> str:
    """A name in the form in which names are compared."""
    return f"CASE WHEN regexp_full_match({column}, {literal(HAN)}) THEN {column} ELSE canbao_name({column}) END"


def day(column: str) -> str:
    """A DATE between 1800 and 2200, or NULL."""
    return f"CASE WHEN {column} IS NOT NULL THEN CASE {_usual_days(column)} ELSE canbao_day({column}) END END"


def _usual_days(column: str) -> str:
    """The forms 2017-06-30 and 20170630 with years from 1800 to 2199; the others are for core to read."""
    century = _in_centuries(column)
    iso = f"strlen({column}) = 10 AND substr({column}, 5, 1) = '-' AND substr({column}, 8, 1) = '-' AND {century}"
    packed = f"strlen({column}) = 8 AND regexp_full_match({column}, '[0-9]{{8}}') AND {century}"
    return (
        f"WHEN {iso} THEN TRY_CAST({column} AS DATE) WHEN {packed} THEN CAST(try_strptime({column}, '%Y%m%d') AS DATE)"
    )


def _in_centuries(column: str) -> str:
    return f"substr({column}, 1, 2) BETWEEN '18' AND '21'"


def moment(column: str) -> str:
    """A TIMESTAMP between 1800 and 2200, or NULL."""
    usual = f"strlen({column}) BETWEEN 19 AND 26 AND substr({column}, 5, 1) = '-' AND {_in_centuries(column)}"
    packed = f"strlen({column}) = 14 AND regexp_full_match({column}, '(1[89]|2[01])[0-9]{{12}}')"
    return (
        f"CASE WHEN {usual} THEN TRY_CAST({column} AS TIMESTAMP) "
        f"WHEN {packed} THEN try_strptime({column}, '%Y%m%d%H%M%S') "
        f"WHEN {column} IS NOT NULL THEN CAST({day(column)} AS TIMESTAMP) END"
    )


def code(column: str, list_: CodeList) -> str:
    """A code of the list, from the code itself, its label or an alias; NULL for anything else."""
    enabled = [one for one in list_.codes if one.enabled]
    codes = ", ".join(literal(one.code) for one in enabled)
    written = {form: one.code for one in enabled for form in (one.label, *one.aliases)}
    labels = " ".join(f"WHEN {literal(form)} THEN {literal(value)}" for form, value in written.items())
    other = f"CASE {column} {labels} ELSE canbao_code({literal(list_.name)}, {column}) END"
    return (
        f"CASE WHEN {column} IN ({codes}) THEN {column} WHEN {column} IS NOT NULL AND {column} <> '' THEN {other} END"
    )


def half_width(column: str) -> str:
    """A number without blanks and in half-width capitals, if that makes 15 or 18 usual characters; else as written.

    What comes out of it as digits and X is what `core.numbering.normalise_number` makes of the same text.
    """
    wide, narrow = "０１２３４５６７８９ＸｘxX×", "0123456789XXXXX"
    blanks = literal("[ \\t\\x{A0}\\x{3000}]")
    half = f"translate(regexp_replace({column}, {blanks}, '', 'g'), {literal(wide)}, {literal(narrow)})"
    usual = literal("[0-9]{17}[0-9X]|[0-9]{15}")
    tidy = f"regexp_full_match({column}, {usual})"
    return f"CASE WHEN {tidy} THEN {column} WHEN regexp_full_match({half}, {usual}) THEN {half} ELSE {column} END"


def digits17(column: str) -> str:
    """The first 17 digits of an 18-digit number, or those to which a 15-digit one of the usual kind is upgraded."""
    eighteen = f"strlen({column}) = 18 AND regexp_full_match({column}, '[1-9][0-9]{{16}}[0-9X]')"
    fifteen = f"strlen({column}) = 15 AND regexp_full_match({column}, '[1-9][0-9]{{14}}')"
    upgraded = (
        f"CAST(substr({column}, 1, 6) AS BIGINT) * 100000000000 + 19000000000 + CAST(substr({column}, 7, 9) AS BIGINT)"
    )
    usual = (
        f"CAST(substr({column}, 7, 6) AS BIGINT) <= {FIRST_UPGRADABLE} "
        f"AND CAST(substr({column}, 13, 3) AS BIGINT) < {FIRST_CENTENARIAN}"
    )
    return (
        f"CASE WHEN {eighteen} THEN CAST(substr({column}, 1, 17) AS BIGINT) "
        f"WHEN {fifteen} THEN CASE WHEN {usual} THEN {upgraded} END END"
    )


def check_character(key: str) -> str:
    """The check character of 17 digits (GB 11643-1999: weights 2^(18-i) mod 11).

    The weighted sum telescopes: digit i is q(i) - 10 q(i+1), so the sum is 2 (k - 8 (k//10 + 2 (k//100) + ...)).
    """
    powers = " + ".join(f"{2 ** (place - 1)} * ({key} // {10**place})" for place in range(1, 17))
    remainder = f"(2 * ((({key} - 8 * ({powers})) % 11) + 11)) % 11"
    return f"substr('10X98765432', CAST({remainder} + 1 AS INTEGER), 1)"


def number(key: str, other: str) -> str:
    """The number that a key stands for; `other` is the text of a number that is not 17 digits and a check character."""
    return (
        f"CASE WHEN {key} < {FIRST_FOREIGN_KEY} THEN CAST({key} AS VARCHAR) || {check_character(key)} ELSE {other} END"
    )


def birth_number(key: str) -> str:
    """The birth date in 17 digits as the integer YYYYMMDD."""
    return f"CAST(({key} // 1000) % 100000000 AS INTEGER)"


def day_number(day: str) -> str:
    """A DATE as the integer YYYYMMDD."""
    return f"year({day}) * 10000 + month({day}) * 100 + day({day})"


def plainly_resident(column: str, key: str, as_of: date) -> str:
    """Whether 17 digits with their check character are a resident number that needs no second look."""
    born = birth_number(key)
    year, month, in_month = f"({born} // 10000)", f"(({born} // 100) % 100)", f"({born} % 100)"
    leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
    february = f"CASE WHEN {leap} THEN 29 ELSE 28 END"
    last = f"CASE WHEN {month} = 2 THEN {february} WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
    exists = f"CASE WHEN {in_month} BETWEEN 1 AND 28 THEN TRUE ELSE {in_month} BETWEEN 29 AND {last} END"
    provinces = ", ".join(sorted(str(int(prefix)) for prefix in PROVINCE_PREFIXES))
    return (
        f"{key} IS NOT NULL AND {key} // 1000000000000000 IN ({provinces}) AND {year} >= {EARLIEST_YEAR} "
        f"AND {born} <= {as_of:%Y%m%d} AND {month} BETWEEN 1 AND 12 AND {exists} "
        f"AND {key} % 1000 <> 0 AND (strlen({column}) = 15 OR {check_character(key)} = substr({column}, 18, 1))"
    )


def birth_date(key: str) -> str:
    """The birth date of a resident key as DATE."""
    born = birth_number(key)
    return f"make_date({born} // 10000, ({born} // 100) % 100, {born} % 100)"


def sex(key: str) -> str:
    """The sex of a resident key: an odd sequence is male (GB 11643-1999)."""
    return f"CASE WHEN {key} % 2 = 1 THEN '1' ELSE '2' END"
