"""`canbao generate`: a made city with its truth beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from canbao.batch.trouble import SourceTrouble
from canbao.commands.screen import screen
from canbao.core.dates import read_day


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("generate", rich_help_panel="试用")(generate)


def day(written: str | date) -> date:
    """The day as people write it; raises BadParameter for what is no day or too far for a made city."""
    from canbao.batch.generator import FIRST_DAY, LAST_DAY

    understood = written if isinstance(written, date) else read_day(written)
    if understood is None or not FIRST_DAY <= understood <= LAST_DAY:
        message = f"{written} 不是 {FIRST_DAY.year} 至 {LAST_DAY.year} 年的日期；请写成 2017-06-30"
        raise typer.BadParameter(message, param_hint="--as-of")
    return understood


def generate(
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="写到哪个空文件夹")],
    persons: Annotated[int, typer.Option("--persons", "-n", help="人数", min=1)] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子")] = 2017,
    division: Annotated[str, typer.Option(help="行政区划代码")] = "440600",
    as_of: Annotated[date, typer.Option(help="基准日", parser=day)] = date(2017, 6, 30),
    shape: Annotated[
        Literal["city", "plain"], typer.Option(help="city：真实城市会交来的各种格式；plain：每个来源一个 Parquet")
    ] = "city",
    dirt: Annotated[float, typer.Option(help="脏数据的倍数，0 为干净", min=0)] = 1.0,
    doubles: Annotated[float, typer.Option(help="一人两号的比例，如 0.002", min=0, max=1)] = 0.0,
) -> int:
    """造一个城市的全部来源、city.toml 和旁边的真值。数据全是造的，同一种子同样的字节。

    例：canbao generate city/ --persons 100000
    """
    make(out, persons=persons, seed=seed, division=division, as_of=as_of, shape=shape, dirt=dirt, doubles=doubles)
    screen.print(f"已写出 {out}")
    return 0


def make(folder: Path, **wanted: Any) -> None:
    """Make a city where nothing of anybody else is; raises SourceTrouble for a folder that holds something."""
    from canbao.batch.generator import GeneratorError, generate_city

    if folder.is_dir() and any(folder.iterdir()) and not _is_made(folder):
        raise SourceTrouble(str(folder), "文件夹里有别的东西，不是造出来的城市", "请指定一个空文件夹")
    try:
        generate_city(folder, **wanted)
    except GeneratorError as problem:
        raise typer.BadParameter(str(problem), param_hint="--persons 或 --division") from None


def _is_made(folder: Path) -> bool:
    config = folder / "city.toml"
    return config.is_file() and config.read_text(encoding="utf-8", errors="replace").startswith("# 人造数据")
