"""Numbers of residents of Hong Kong, Macao and Taiwan without a residence permit.

The province's rule of 2014 (粤人社发〔2014〕234号) is not public; HMT_2014 is our reading, built like the number of a
foreigner, and the one place to change when the rule is known. Residence permits (81, 82, 83) are resident numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from canbao.core.numbering.finding import NumberError

HMT_2014 = {
    "HKG": r"H[0-9]{8}",
    "MAC": r"M[0-9]{8}",
    "TWN": r"[0-9]{8}|[0-9]{10}[A-Z]?",
}
"""The travel permit's number behind the beginning and the reserved digit: lifetime number for Hong Kong and Macao."""

HMT_FORM = "^(" + "|".join(f"{region}[0-9]({document})" for region, document in HMT_2014.items()) + ")$"

_ISSUE_COUNTER = re.compile(r"([HM][0-9]{8})[0-9]{2}")
_PADDED_DOCUMENT = re.compile(
    r"0{5}([HM][0-9]{8})|0{3}([HM][0-9]{10})|0{6}([0-9]{8})|0{4}([0-9]{10})|0{3}([0-9]{10}[A-Z])"
)


@dataclass(frozen=True, slots=True)
class HongKongMacaoTaiwanNumber:
    """HKG, MAC or TWN, a reserved digit and the number of the travel permit; raises NumberError for another form."""

    kind: ClassVar[str] = "hmt"
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(HMT_FORM, self.value):
            raise NumberError(
                f"{self.value} 不是港澳台居民号码的格式：HKG＋1位保留位＋H和8位数字，MAC＋1位保留位＋M和8位数字，"
                "TWN＋1位保留位＋8位数字或旧证10位数字"
            )

    @property
    def region(self) -> str:
        """HKG, MAC or TWN."""
        return self.value[:3]

    @property
    def document(self) -> str:
        """The number of the travel permit, without issue counter."""
        return self.value[4:]


def canonical(number: str) -> str:
    """The number without zeros filled in before the document and without the issue counter of old cards."""
    padded = _PADDED_DOCUMENT.fullmatch(number[4:])
    document = next(part for part in padded.groups() if part) if padded else number[4:]
    counted = _ISSUE_COUNTER.fullmatch(document)
    return number[:4] + (counted[1] if counted else document)
