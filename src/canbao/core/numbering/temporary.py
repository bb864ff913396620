"""Temporary numbers for people without any: they can't be taken for an official number and never leave the system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from canbao.core.dates import real_day
from canbao.core.numbering.finding import NumberError

TEMPORARY_FORM = r"^TMP-[1-9][0-9]{17}$"


@dataclass(frozen=True, slots=True)
class TemporaryNumber:
    """`TMP-`, 6 digits of the division, 8 of the day it was given, 4 of a serial, without further hyphens.

    `TMP-440600201706300001`. Raises NumberError for another form or an impossible day.
    """

    kind: ClassVar[str] = "temporary"
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(TEMPORARY_FORM, self.value) or self._day() is None:
            raise NumberError(
                f"{self.value} 不是临时号码的格式：TMP-、6位行政区划代码、8位日期和4位顺序号，中间不再加横线",
                remedy="请由系统重新编号",
            )

    @property
    def division(self) -> str:
        """The division that gave the number, 6 digits of GB/T 2260."""
        return self.value[4:10]

    @property
    def given_on(self) -> date:
        """The day on which the number was given; says nothing about the birth."""
        return date(int(self.value[10:14]), int(self.value[14:16]), int(self.value[16:18]))

    def _day(self) -> date | None:
        return real_day(int(self.value[10:14]), int(self.value[14:16]), int(self.value[16:18]))
