"""Resident numbers (公民身份号码, GB 11643-1999), 18 digits; those of 15 digits are upgraded to them.

Residence permits of residents of Hong Kong, Macao and Taiwan (81, 82, 83) carry the same kind of number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from canbao.core.dates import real_day
from canbao.core.numbering.finding import Finding, NumberError

PROVINCE_PREFIXES = frozenset(
    str(prefix)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for prefix in range(first, last + 1)
)
"""The first two digits that GB/T 2260 and the residence permits know."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
MALE, FEMALE = "1", "2"
EARLIEST_YEAR = 1890
LAST_OLD_NUMBER = 991001
"""Numbers of 15 digits were given until the end of September 1999: a later YYMMDD is a mistake."""

CENTENARIANS = frozenset({"996", "997", "998", "999"})
"""Sequences that the edition of 1989 kept for people born before 1900."""

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")


def check_character(first17: str) -> str:
    """The check character of 17 digits (GB 11643-1999, ISO 7064 MOD 11-2: weights 2^(18-i) mod 11)."""
    weighted = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[weighted % 11]


def day_in(number: str) -> date | None:
    """The day in positions 7 to 14, or None if the calendar has none between 1800 and 2200."""
    return real_day(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_in(number: str) -> str:
    """1 (male) for an odd, 2 (female) for an even sequence: GB/T 2261.1 codes."""
    return MALE if int(number[16]) % 2 else FEMALE


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A resident number of 18 characters that has passed form, province, calendar and check character.

    Raises NumberError otherwise. Whether the region is known or the birth long ago is a warning, not a fault.
    """

    kind: ClassVar[str] = "resident"
    value: str

    def __post_init__(self) -> None:
        found = faults(self.value)
        if found:
            raise NumberError(*found)

    @property
    def region(self) -> str:
        """The address code of first coding, 6 digits of GB/T 2260; it may have been abolished since."""
        return self.value[:6]

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def sex(self) -> str:
        """1 male, 2 female (GB/T 2261.1)."""
        return sex_in(self.value)

    @property
    def sequence(self) -> str:
        """The three digits that tell apart people of one region and day."""
        return self.value[14:17]

    def warnings(self) -> tuple[Finding, ...]:
        """What is odd about a valid number: a birth before 1890, the sequence 000."""
        found = []
        if self.birth_date.year < EARLIEST_YEAR:
            message = f"号码中的出生日期 {self.birth_date} 早于{EARLIEST_YEAR}年；请核实是否在世"
            found.append(Finding("warning", "number_born_before_1890", message))
        if self.sequence == "000":
            found.append(Finding("warning", "number_sequence_zero", "顺序码为000，通常不会赋码；请与户籍资料核对"))
        return tuple(found)


def faults(number: str) -> tuple[str, ...]:
    """Everything that keeps a text from being a resident number; empty if it is one."""
    if not _EIGHTEEN.fullmatch(number):
        return (_wrong_form(number),)
    found = []
    if number[:2] not in PROVINCE_PREFIXES:
        found.append(f"前两位 {number[:2]} 不是省级代码")
    found += day_faults(number)
    return (*found, *check_faults(number))


def day_faults(number: str) -> list[str]:
    """Says that positions 7 to 14 are no day, if they are none."""
    return [] if day_in(number) else [f"第7至14位 {number[6:14]} 不是可能的出生日期"]


def check_faults(number: str) -> list[str]:
    """Says that the last character does not fit the others, if it does not."""
    return [] if check_character(number[:17]) == number[17] else [f"校验码 {number[17]} 与前17位不符"]


def upgrade(fifteen: str) -> ResidentNumber:
    """The 18-digit number of one of 15 digits: the century goes in after position 6, the check character at the end.

    The century is 19, but 18 for the sequences 996 to 999, which were kept for centenarians (GB 11643-1989). The
    sequence stays. Raises NumberError for another form, an impossible day, or a day after these numbers had ended.
    """
    if not _FIFTEEN.fullmatch(fifteen):
        raise NumberError(_wrong_form(fifteen))
    of_centenarian = is_of_centenarian(fifteen)
    if not of_centenarian and int(fifteen[6:12]) > LAST_OLD_NUMBER:
        raise NumberError(f"15位号码的出生日期 {fifteen[6:12]} 晚于1999年10月1日，当时已不再编15位号码")
    first17 = fifteen[:6] + ("18" if of_centenarian else "19") + fifteen[6:]
    return ResidentNumber(first17 + check_character(first17))


def is_of_centenarian(fifteen: str) -> bool:
    """Whether a 15-digit number has a sequence that was kept for people born before 1900."""
    return fifteen[12:] in CENTENARIANS


def _wrong_form(number: str) -> str:
    if len(number) not in (15, 18):
        return f"长度为{len(number)}位，应为18位（旧号码15位）"
    return "含有不应有的字符：只能是数字，第18位可以是X"
