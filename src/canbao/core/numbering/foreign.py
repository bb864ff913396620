"""Numbers of foreigners (Order 16 of MOHRSS, annex on coding) and of holders of the permanent resident card of 2023."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from canbao.core.numbering.finding import NumberError
from canbao.core.numbering.resident import check_faults, day_faults, sex_in

FOREIGN_FORM = r"^[A-Z]{3}[0-9][A-Z0-9]{1,14}$"
"""Country, reserved position, document; the countries in NOT_FOREIGN must be excluded beside it."""

PERMANENT_RESIDENT_FORM = r"^9[0-9]{16}[0-9X]$"
NOT_FOREIGN = frozenset({"CHN", "HKG", "MAC", "TWN"})
"""Beginnings that belong to overseas Chinese and to residents of Hong Kong, Macao and Taiwan."""

FULL_DOCUMENT = 14
"""Characters of a document number that was filled up with zeros to make a whole of 18."""


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """Country (alpha-3 of GB/T 2659), a reserved digit and the document number, 18 characters at most.

    Raises NumberError for another form, and for a number still filled up with zeros (`unpadded` takes them away).
    Whether the country exists is asked by `judge`, which is given the list.
    """

    kind: ClassVar[str] = "foreign"
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(FOREIGN_FORM, self.value):
            raise NumberError(f"{self.value} 不是“3位国家代码＋1位保留位＋最多14位证件号码”的格式")
        if self.country in NOT_FOREIGN:
            raise NumberError(f"{self.country} 不是外国的国家代码")
        if not self.document.strip("0") or unpadded(self.value) != self.value:
            raise NumberError("证件号码全部为0或带有补位的0", remedy="请按证件填写，不要补0")

    @property
    def country(self) -> str:
        """The country, alpha-3."""
        return self.value[:3]

    @property
    def reserved(self) -> str:
        """The reserved digit: 0, or 1 to 9 in special cases such as duplicates."""
        return self.value[3]

    @property
    def document(self) -> str:
        """The number of the passport or old permanent resident card."""
        return self.value[4:]


@dataclass(frozen=True, slots=True)
class PermanentResidentNumber:
    """The 18 digits of a foreigner's permanent resident card since December 2023: they begin with 9.

    9, 2 digits of the province, 3 of the nationality, 8 of the birth date, 3 of a sequence, check character of GB
    11643. Raises NumberError for another form, an impossible day or a wrong check character.
    """

    kind: ClassVar[str] = "permanent_resident"
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(PERMANENT_RESIDENT_FORM, self.value):
            raise NumberError("不是以9开头的18位外国人永久居留身份证号码")
        found = day_faults(self.value) + check_faults(self.value)
        if found:
            raise NumberError(*found)

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def sex(self) -> str:
        """1 male, 2 female (GB/T 2261.1), by the sequence's parity as in resident numbers."""
        return sex_in(self.value)


def unpadded(number: str) -> str:
    """The foreign number without zeros filled in between reserved digit and document.

    Some systems filled the document up to 14 characters, the guidance's sources do not say that they must; so both
    spellings are taken for one number, the short one.
    """
    document = number[4:]
    if len(document) == FULL_DOCUMENT and document.strip("0"):
        return number[:4] + document.lstrip("0")
    return number
