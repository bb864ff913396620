"""Numbers of overseas Chinese (华侨): CHN and the passport's number (人社厅发〔2009〕118号)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from canbao.core.numbering.finding import NumberError

OVERSEAS_CHINESE_FORM = r"^CHN[A-Z0-9]{1,15}$"


@dataclass(frozen=True, slots=True)
class OverseasChineseNumber:
    """CHN and a Chinese passport's number, 18 characters at most, no reserved digit; raises NumberError otherwise.

    The number stays when the passport changes.
    """

    kind: ClassVar[str] = "overseas_chinese"
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(OVERSEAS_CHINESE_FORM, self.value):
            raise NumberError(f"{self.value} 不是“CHN＋护照号码”的格式：护照号码为1至15位字母和数字")

    @property
    def document(self) -> str:
        """The passport's number."""
        return self.value[3:]
