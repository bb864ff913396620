"""Unified social credit codes of units (GB 32100-2015), with the organisation code inside (GB 11714-1997)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from canbao.core.numbering.finding import NumberError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters in the order of their values; I, O, S, V and Z are left out because they are easily misread."""

CREDIT_CODE_FORM = r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code of 18 characters whose last one fits the others; raises NumberError otherwise.

    The organisation code's own check character is asked apart (`organisation_fits`): not every issuer kept to it.
    """

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(CREDIT_CODE_FORM, self.value):
            raise NumberError(
                f"{self.value} 不是18位统一社会信用代码：第3至8位为数字，不用字母I、O、S、V、Z",
                remedy="请与营业执照等证照核对",
            )
        if credit_check(self.value[:17]) != self.value[17]:
            raise NumberError(f"第18位校验码 {self.value[17]} 与前17位不符", remedy="请与营业执照等证照核对")

    @property
    def department(self) -> str:
        """The registering department, e.g. 1 机构编制, 9 市场监管."""
        return self.value[0]

    @property
    def division(self) -> str:
        """The registering division, 6 digits of GB/T 2260."""
        return self.value[2:8]

    @property
    def organisation(self) -> str:
        """The organisation code, 9 characters with its own check character (GB 11714-1997)."""
        return self.value[8:17]

    @property
    def organisation_fits(self) -> bool:
        """Whether the organisation code's check character fits its first 8 (GB 11714-1997)."""
        return organisation_check(self.value[8:16]) == self.value[16]


def credit_check(first17: str) -> str:
    """The check character of 17 characters (GB 32100-2015: weights 3^(i-1) mod 31)."""
    weighted = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-weighted % 31]


def organisation_check(first8: str) -> str:
    """The check character of an organisation code's first 8 (GB 11714-1997: weights 3 7 9 10 5 8 4 2 mod 11)."""
    values = (int(character, 36) for character in first8)
    weighted = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-weighted % 11]
