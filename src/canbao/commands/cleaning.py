"""`canbao clean`, and the progress that cleaning shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table
from rich.text import Text

from canbao.batch.memory import LEAST, is_enough, size_in_bytes
from canbao.commands.screen import errors, screen

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from canbao.batch.city import Announce


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("clean", rich_help_panel="清理")(clean)


def memory_size(written: str) -> str:
    """The size if one can work in it, such as `4GB`; raises BadParameter for anything else."""
    if size_in_bytes(written) is None:
        raise typer.BadParameter(f"{written} 不是内存大小；请写成 4GB 或 512MB", param_hint="--memory")
    if not is_enough(written):
        raise typer.BadParameter(f"{written} 太小；至少要 {LEAST}", param_hint="--memory")
    return written.strip()


def clean(
    config: Annotated[Path, typer.Argument(metavar="CITY.TOML", help="配置文件：来源在哪里、基准日和口径")],
    out: Annotated[Path, typer.Option("--out", "-o", help="结果文件夹；已有的旧结果会被整体替换")],
    engine: Annotated[Literal["duckdb"], typer.Option(help="计算引擎")] = "duckdb",
    memory: Annotated[str | None, typer.Option(help=f"内存上限，如 4GB；至少 {LEAST}", parser=memory_size)] = None,
    threads: Annotated[int | None, typer.Option(help="线程数，默认用全部核", min=1)] = None,
    since: Annotated[Path | None, typer.Option(help="上次的结果文件夹；只重算来源有变化的人")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不显示进度和小结")] = False,
) -> int:
    """清理一个城市的数据：每人一条，每个推导值都有条款依据，每个疑点都在清单里。

    例：canbao clean city.toml --out OUT/

    例：canbao clean city.toml --out OUT/ --memory 4GB --quiet
    """
    from canbao.batch.city import clean_city

    started = monotonic()
    with progress(quiet) as announce:
        summary = clean_city(config, out, memory=memory, threads=threads, since=since, announce=announce, warn=warn)
    if not quiet:
        show(summary, out, monotonic() - started)
    return 0


def warn(words: str) -> None:
    """Say what should be known although the run goes on; also when quiet."""
    errors.print(Text.assemble(("提醒 ", "bold yellow"), words))


@contextmanager
def progress(quiet: bool) -> Iterator[Announce]:
    """A bar on a terminal, plain lines elsewhere, nothing when quiet."""
    if quiet:
        yield lambda stage, done, total, rows: None
    elif not sys.stderr.isatty():
        yield _plain_line
    else:
        with _bar(errors) as bar:
            yield LiveBar(bar)


def _plain_line(stage: str, done: int, total: int, rows: int | None) -> None:
    told = f"，{rows:,} 行" if rows else ""
    print(f"{stage} {done}/{total}{told}", file=sys.stderr, flush=True)


class LiveBar:
    """One bar, anew for each stage: parts done, the time, and the stage's rows with their rate where they are known."""

    def __init__(self, bar: Progress, clock: Callable[[], float] = monotonic) -> None:
        self._bar, self._clock, self._stage, self._since = bar, clock, "", clock()
        self._task = bar.add_task("准备", total=None, rows="")

    def __call__(self, stage: str, done: int, total: int, rows: int | None) -> None:
        """Show a stage anew or how far it has come."""
        if stage != self._stage:
            self._stage, self._since = stage, self._clock()
            self._bar.reset(self._task)
        self._bar.update(self._task, description=stage, completed=done, total=max(total, 1), rows=self._told(rows))

    def _told(self, rows: int | None) -> str:
        seconds = self._clock() - self._since
        return f"{rows:,} 行，每秒 {rows / seconds:,.0f} 行" if rows and seconds > 0 else ""


def _bar(console: Console) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def show(summary: dict[str, Any], out: Path, seconds: float) -> None:
    """The few numbers that whoever waited wants first."""
    rows = sum(source["rows_in"] for source in summary["sources"].values())
    screen.print(
        f"清理完成：{rows:,} 行 → {summary['persons']:,} 人，"
        f"{seconds:.1f} 秒（每秒 {rows / max(seconds, 0.001):,.0f} 行）"
    )
    table = Table("去向", "人数", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for disposition in summary["items"]["disposition"].values():
        table.add_row(disposition["label"], f"{disposition['persons']:,}")
    screen.print(table)
    screen.print(f"未识别号码 {summary['unidentified']:,} 行；姓名争议 {summary['conflicts']:,} 条")
    screen.print(f"先看 {out / 'report.html'}")
