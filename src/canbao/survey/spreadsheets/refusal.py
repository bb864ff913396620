"""What is wrong with an uploaded spreadsheet: all of it, or one cell."""

from __future__ import annotations

from dataclasses import dataclass

from canbao.core.trouble import Trouble

UPLOADED = "上传的表格"
FRESH = "请在系统里重新下载模板，把填好的内容粘贴（只粘贴数值）进去后再上传"
SAVE_ANEW = "请用 Excel、WPS 或 LibreOffice 打开核对后，另存为 .xlsx 再上传"


class SheetRefused(Trouble):
    """The spreadsheet as a whole is not taken, nothing of it; says where, what and what to do, and nothing personal."""


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell, and what to do: `line` as the spreadsheet numbers it (from 1), `column` its letters.

    `label` is the column's heading. Nothing personal is in `says`.
    """

    line: int
    column: str
    label: str
    says: str
