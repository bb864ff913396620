"""`canbao id`: judge numbers, or upgrade them, from arguments or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Annotated

import typer
from rich.text import Text

from canbao.commands.screen import errors, screen
from canbao.core.numbering import ForeignNumber
from canbao.core.numbering.judge import Judgement, judge
from canbao.law.places import read_places

KINDS = {
    "resident": "公民身份号码",
    "permanent_resident": "外国人永久居留身份证号码",
    "foreign": "外国人社会保障号码",
    "hmt": "港澳台居民社会保障号码",
    "overseas_chinese": "华侨社会保障号码",
    "temporary": "临时号码",
}
SEXES = {"1": "男", "2": "女"}


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("id", rich_help_panel="工具")(judge_numbers)


def judge_numbers(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER", help="号码；不写则从标准输入逐行读")] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", "-u", help="只输出规范号码（15 位升 18 位），无法识别的输出空行")
    ] = False,
) -> int:
    """判定号码：类别、是否有效、规范写法、出生日期、性别、地区。有无效号码时退出码为 1。

    例：canbao id 610104620927690 11010519491231002X

    例：canbao id --upgrade < numbers.txt
    """
    valid = True
    for written in numbers or _lines(with_blank=upgrade):
        judgement = _judged(written)
        valid = valid and judgement.number is not None
        if upgrade:
            print(judgement.normalised if judgement.number else "")
        else:
            screen.print(_told(written, judgement))
    return 0 if valid else 1


def _judged(written: str) -> Judgement:
    """The judgement with all that the law knows; it is read only for a number that begins with a country."""
    judgement = judge(written, known_region=lambda code: read_places().is_address_code(code))
    return judge(written, countries=_countries()) if judgement.kind == ForeignNumber.kind else judgement


@cache
def _countries() -> frozenset[str]:
    from canbao.law.reader import read_law

    return frozenset(code.code for code in read_law().codes["country"].codes)


def _lines(with_blank: bool) -> Iterator[str]:
    """The lines of standard input; with blank ones where the answers must stand beside the questions."""
    if sys.stdin.isatty():
        errors.print("请逐行输入号码，按 Ctrl-D 结束")
    return (line.rstrip("\r\n") for line in sys.stdin if with_blank or line.strip())


def _told(written: str, judgement: Judgement) -> Text:
    told = Text(f"{written}  ")
    if judgement.number is None:
        told.append("无效", style="bold red")
    else:
        told.append("有效", style="bold green").append(f"  {KINDS[judgement.kind or '']}")
        if judgement.normalised != written:
            told.append(f"  → {judgement.normalised}")
        told.append("".join(_details(judgement)))
    for _, _, message in judgement.findings:
        told.append(f"；{message}")
    return told


def _details(judgement: Judgement) -> Iterator[str]:
    if judgement.birth_date:
        yield f"  {judgement.birth_date.isoformat()}"
    if judgement.sex in SEXES:
        yield f"  {SEXES[judgement.sex]}"
    if judgement.normalised and judgement.normalised[:6].isdigit():
        yield f"  {read_places().name(judgement.normalised[:6])}"
