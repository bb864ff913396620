"""One person under two numbers, in each of the ways in which that comes about; and pairs who only look like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from canbao.batch.generator.names import CHARACTERS, FIRST_NAMES, LAST_NAMES, SURNAMES
from canbao.batch.generator.numbering import COUNTRIES, FOREIGN, HMT, OVERSEAS, odd_number
from canbao.batch.generator.people import MOBILE_PREFIX
from canbao.batch.generator.registered import Lot, Registered, falls
from canbao.core.dates import real_day
from canbao.core.numbering.resident import check_character

TRADITIONAL = str.maketrans(
    "陈黄张刘罗邓郑谢叶杨冯苏卢谭关欧钟赖马孙贺汤乐齐顾庞伟强涛丽华玲凤兰艳军东国庆荣",
    "陳黃張劉羅鄧鄭謝葉楊馮蘇盧譚關歐鍾賴馬孫賀湯樂齊顧龐偉強濤麗華玲鳳蘭艷軍東國慶榮",
)  # fmt: skip
PERMITS = {"HKG": "810000", "MAC": "820000", "TWN": "830000"}
NATIONALITIES = dict(zip(COUNTRIES, ("276", "250", "392", "410", "840", "704", "356", "826"), strict=True))
"""Numeric codes of GB/T 2659, which stand in the numbers of permanent residents."""


@dataclass(frozen=True)
class Wish:
    """Whom to double: the person, its index (by which its documents are numbered), chance; regions and villages."""

    person: Registered
    index: int
    lot: Lot
    regions: tuple[str, ...]
    villages: tuple[str, ...]


Pair = tuple[Registered, Registered]
Way = Callable[[Wish], Pair]


def numbered(first17: str) -> str:
    """17 digits with their check character."""
    return first17 + check_character(first17)


def century(wish: Wish) -> Pair:
    """The century was put wrong when a number of 15 digits was made one of 18."""
    number = wish.person.ssn
    other = {"18": "19", "19": "18" if int(number[8:10]) > 40 else "20", "20": "19"}[number[6:8]]
    return wish.person, _again(wish, numbered(number[:6] + other + number[8:17]))


def check(wish: Wish) -> Pair:
    """The check character was put wrong."""
    number = wish.person.ssn
    others = [one for one in "0123456789X" if one != number[17]]
    return wish.person, _again(wish, number[:17] + wish.lot.choice(others))


def fifteen(wish: Wish) -> Pair:
    """The old number of 15 digits was kept beside the new one."""
    number = wish.person.ssn
    return wish.person, _again(wish, number[:6] + number[8:17])


def sequence(wish: Wish) -> Pair:
    """The sequence was put wrong, with a check character that fits it."""
    number = wish.person.ssn
    other = (int(number[14:17]) + 2 * wish.lot.randint(1, 400)) % 1000
    return wish.person, _again(wish, numbered(f"{number[:14]}{other or 2:03d}"))


def transposed(wish: Wish) -> Pair:
    """Two neighbouring digits changed places."""
    return wish.person, _again(wish, _misread(wish, _swapped))


def mistyped(wish: Wish) -> Pair:
    """One digit was put wrong."""
    return wish.person, _again(wish, _misread(wish, _one_other))


def permit(wish: Wish) -> Pair:
    """Somebody of Hong Kong, Macao or Taiwan, later with a residence permit."""
    first = replace(wish.person, ssn=odd_number(wish.index, HMT, wish.lot.getrandbits(16)))
    number = numbered(PERMITS[first.ssn[:3]] + wish.person.ssn[6:17])
    later = _again(replace(wish, person=first), number, name=first.name)
    spelled = falls(wish.lot, (0.45, first.name.translate(TRADITIONAL)), (0.1, _latin(first.name)), (1, first.name))
    return replace(first, name=spelled, birth_date=falls(wish.lot, (0.1, None), (1, first.birth_date))), later


def permanent(wish: Wish) -> Pair:
    """A foreigner, later with the permanent resident's card."""
    country = wish.lot.choice(COUNTRIES)
    first_name, last_name = wish.lot.choice(FIRST_NAMES), wish.lot.choice(LAST_NAMES)
    document = odd_number(wish.index, FOREIGN, wish.lot.getrandbits(16))[3:]
    first = replace(wish.person, ssn=country + document, name=f"{first_name} {last_name}")
    number = numbered(f"944{NATIONALITIES[country]}" + wish.person.ssn[6:17])
    spelled = falls(
        wish.lot, (0.3, f"{last_name.upper()} {first_name.upper()}"), (0.2, f"{last_name}, {first_name}"),
        (0.1, f"{''.join(wish.lot.sample(CHARACTERS, 2))}·{''.join(wish.lot.sample(CHARACTERS, 3))}"),
        (1, first.name),
    )  # fmt: skip
    return first, _again(replace(wish, person=first), number, name=spelled)


def overseas(wish: Wish) -> Pair:
    """A Chinese living abroad, insured by passport and by resident number."""
    number = odd_number(wish.index, OVERSEAS, 0)
    return wish.person, replace(_again(wish, number), birth_date=wish.person.birth_date)


def contact(wish: Wish) -> Pair:
    """Two valid numbers of different regions (a household register held twice); phone or address is the same."""
    number, lot = wish.person.ssn, wish.lot
    first = replace(wish.person, mobile=wish.person.mobile or new_mobile(lot))
    second = _again(wish, numbered(lot.choice(wish.regions) + number[6:14] + f"{lot.randint(1, 499) * 2:03d}"))
    if lot.random() < 0.5:
        return first, replace(second, mobile=first.mobile, name=first.name)
    home = first.residence_address or first.hukou_address
    return first, replace(second, residence_address=home, name=first.name)


def twins(wish: Wish) -> Pair:
    """Twins: one day, one home, one phone, neighbouring sequences, a given name that differs in its end."""
    number, lot = wish.person.ssn, wish.lot
    other = (int(number[14:17]) + lot.choice((1, 2, 4))) % 1000 or 4
    named = replace(wish.person, name=wish.person.name[:2] + lot.choice(CHARACTERS))
    sibling = numbered(f"{number[:14]}{other:03d}")
    differs = lot.choice([one for one in CHARACTERS if one != named.name[2]])
    return named, replace(named, ssn=sibling, sex=sex_of(sibling), name=named.name[:2] + differs)


def siblings(wish: Wish) -> Pair:
    """Siblings: one home and phone, given names that share a character, births one to six years apart."""
    number, lot = wish.person.ssn, wish.lot
    born = (wish.person.birth_date or date(1990, 1, 1)) - timedelta(days=lot.randint(330, 2200))
    sibling = numbered(f"{number[:6]}{born:%Y%m%d}{lot.randint(1, 999):03d}")
    named = wish.person.name[:2] + lot.choice(CHARACTERS)
    return wish.person, replace(wish.person, ssn=sibling, sex=sex_of(sibling), name=named, birth_date=born)


def namesakes(wish: Wish) -> Pair:
    """Strangers of one common name and one day of birth, born in different counties."""
    others = [one for one in wish.regions if one != wish.person.ssn[:6]]
    return _strangers(wish, wish.lot.choice(others))


def neighbours(wish: Wish) -> Pair:
    """The same, born in one county: only the sequence tells them apart."""
    return _strangers(wish, wish.person.ssn[:6])


def _strangers(wish: Wish, region: str) -> Pair:
    number, lot = wish.person.ssn, wish.lot
    common = lot.choice(SURNAMES[:5]) + lot.choice("伟芳敏静丽")
    sequence = (int(number[14:17]) + 2 * lot.randint(1, 400)) % 1000
    stranger = numbered(f"{region}{number[6:14]}{sequence or 2:03d}")
    elsewhere = f"{lot.randint(1, 10**6)}号别处"
    other = Registered(
        stranger, common, sex_of(stranger), wish.person.birth_date, new_mobile(lot), elsewhere, elsewhere,
        lot.choice(wish.villages), None, None,
    )  # fmt: skip
    return replace(wish.person, name=common), other


DOUBLES: dict[str, Way] = {
    "century": century,
    "check": check,
    "fifteen": fifteen,
    "sequence": sequence,
    "transposed": transposed,
    "mistyped": mistyped,
    "permit": permit,
    "permanent": permanent,
    "overseas": overseas,
    "contact": contact,
}
"""One person under two numbers."""

TRAPS: dict[str, Way] = {"twins": twins, "siblings": siblings, "namesakes": namesakes, "neighbours": neighbours}
"""Two persons, however alike."""


def sex_of(number: str) -> str:
    """1 male for an odd sequence, 2 female."""
    return "1" if int(number[16]) % 2 else "2"


def new_mobile(lot: Lot) -> str:
    """A number that nobody has."""
    return f"{MOBILE_PREFIX}{lot.randrange(10**8):08d}"


def _again(wish: Wish, number: str, name: str | None = None) -> Registered:
    """The person under another number, as another office knew it: some items the same, some others, some missing."""
    person, lot = wish.person, wish.lot
    written = name or person.name
    elsewhere = f"{lot.choice('东西南北')}城{lot.randint(1, 10**6)}号"
    works = lot.random() < 0.4
    return Registered(
        ssn=number,
        name=falls(lot, (0.02, written[:-1] + lot.choice(CHARACTERS)), (1, written)),
        sex=person.sex,
        birth_date=_born(wish, number),
        mobile=falls(lot, (0.55, person.mobile), (0.3, new_mobile(lot)), (1, None)),
        residence_address=falls(lot, (0.45, person.residence_address), (0.35, elsewhere), (1, None)),
        hukou_address=falls(lot, (0.25, person.hukou_address), (0.15, elsewhere), (1, None)),
        hukou_village_code=falls(lot, (0.3, person.hukou_village_code), (1, None)),
        unit_no=person.unit_no if works else None,
        unit_name=person.unit_name if works else None,
    )


def _born(wish: Wish, number: str) -> date | None:
    """The day in the number, if it has one; for some another office knew the right one."""
    known = falls(wish.lot, (0.3, wish.person.birth_date), (1, None))
    if known or len(number) != 18 or not number[:17].isdigit():
        return wish.person.birth_date
    return real_day(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _misread(wish: Wish, change: Callable[[str, Lot], str]) -> str:
    """Changed digits that still hold a day of this or the last century, with a check character that fits or not."""
    number = wish.person.ssn
    for _ in range(200):
        changed = change(number[:17], wish.lot)
        day = real_day(int(changed[6:10]), int(changed[10:12]), int(changed[12:14]))
        if changed != number[:17] and day and 1910 <= day.year <= 2017:
            return numbered(changed) if wish.lot.random() < 0.5 else changed + number[17]
    return numbered(f"{number[:16]}{(int(number[16]) + 2) % 10}")


def _swapped(digits: str, lot: Lot) -> str:
    place = lot.randrange(2, 16)
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def _one_other(digits: str, lot: Lot) -> str:
    place = lot.randrange(2, 17)
    return digits[:place] + str(lot.randrange(10)) + digits[place + 1 :]


def _latin(name: str) -> str:
    """The name in letters as passports have it."""
    from pypinyin import lazy_pinyin

    syllables = [syllable.upper() for syllable in lazy_pinyin(name)]
    return " ".join([syllables[0], "".join(syllables[1:])])
