"""`canbao clean`, and the progress that cleaning shows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from canbao.batch.city import Announce, clean_city
from canbao.commands.screen import screen

LABELS = {"register": "登记", "verify": "核实", "survey": "入户调查", "out_of_scope": "不在范围"}


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("clean", rich_help_panel="清理")(clean)


def clean(
    config: Annotated[Path, typer.Argument(metavar="CITY.TOML", help="配置文件：来源在哪里、基准日和口径")],
    out: Annotated[Path, typer.Option("--out", "-o", help="结果文件夹；已有的旧结果会被整体替换")],
    engine: Annotated[str, typer.Option(help="计算引擎：duckdb")] = "duckdb",
    memory: Annotated[str | None, typer.Option(help="内存上限，如 4GB")] = None,
    threads: Annotated[int | None, typer.Option(help="线程数，默认用全部核", min=1)] = None,
    since: Annotated[Path | None, typer.Option(help="上次的结果文件夹；只重算来源有变化的人")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不显示进度和小结")] = False,
) -> int:
    """清理一个城市的数据：每人一条，每个推导值都有条款依据，每个疑点都在清单里。

    例：canbao clean city.toml --out OUT/

    例：canbao clean city.toml --out OUT/ --memory 4GB --quiet
    """
    refuse_unknown(engine)
    started = monotonic()
    with progress(quiet) as announce:
        summary = clean_city(config, out, memory=memory, threads=threads, since=since, announce=announce)
    if not quiet:
        show(summary, out, monotonic() - started)
    return 0


def refuse_unknown(engine: str) -> None:
    """Only engines that are there."""
    if engine != "duckdb":
        raise typer.BadParameter(f"{engine!r} 不可用；现有引擎：duckdb", param_hint="--engine")


@contextmanager
def progress(quiet: bool) -> Iterator[Announce]:
    """A bar on a terminal, plain lines elsewhere, nothing when quiet."""
    if quiet:
        yield lambda stage, done, total: None
    elif not sys.stderr.isatty():
        yield lambda stage, done, total: print(f"{stage} {done}/{total}", file=sys.stderr, flush=True)
    else:
        with _bar() as bar:
            task = bar.add_task("准备", total=None)
            yield lambda stage, done, total: bar.update(task, description=stage, completed=done, total=max(total, 1))


def _bar() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def show(summary: dict[str, Any], out: Path, seconds: float) -> None:
    """The few numbers that whoever waited wants first."""
    rows = sum(source["rows_in"] for source in summary["sources"].values())
    screen.print(
        f"清理完成：{rows:,} 行 → {summary['persons']:,} 人，"
        f"{seconds:.1f} 秒（每秒 {rows / max(seconds, 0.001):,.0f} 行）"
    )
    table = Table("去向", "人数", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for disposition, count in summary["items"]["disposition"].items():
        table.add_row(LABELS.get(disposition, disposition), f"{count['persons']:,}")
    screen.print(table)
    screen.print(f"未识别号码 {summary['unidentified']:,} 行；姓名争议 {summary['conflicts']:,} 条")
    screen.print(f"先看 {out / 'report.html'}")
