"""`canbao explain`: why each value of a person is what it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from canbao.batch.explain import Explanation, Reason, explain
from canbao.core.numbering.judge import judge

screen = Console(highlight=False)


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("explain", rich_help_panel="清理")(explain_person)


def explain_person(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="canbao clean 写出的文件夹")],
    ssn: Annotated[str, typer.Argument(metavar="SSN", help="社会保障号码（15 位会先升位）")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> int:
    """说明一个人的每个值从何而来：值、条款、来源文件和行号。

    例：canbao explain OUT/ 440604198001010013
    """
    explanation = explain(out, judge(ssn).normalised or ssn)
    if as_json:
        print(json.dumps(asdict(explanation), ensure_ascii=False, indent=1, default=str))
    else:
        _show(explanation)
    return 0


def _show(explanation: Explanation) -> None:
    person = explanation.person
    screen.print(f"[bold]{person['name']}[/]  {person['ssn']}")
    table = Table("指标项", "值", "依据", "来源行", show_lines=True)
    for reason in explanation.reasons:
        table.add_row(reason.label, _value(reason), _why(reason), "\n".join(reason.rows) or "—")
    screen.print(table)
    for conflict in explanation.conflicts:
        screen.print(f"[red]姓名争议[/] {conflict['other_name']}：{conflict['source']} 第{conflict['row']}行")
    for finding in explanation.findings:
        place = f"{finding['source']} 第{finding['row']}行"
        screen.print(f"[yellow]疑点[/] {finding['message']}（{finding['rule']}，{place}）")


def _value(reason: Reason) -> str:
    return (
        reason.meaning
        if reason.value is None or reason.meaning.startswith(reason.value)
        else f"{reason.value} {reason.meaning}"
    )


def _why(reason: Reason) -> str:
    also = f"\n也符合：{'、'.join(reason.also_matching)}" if reason.also_matching else ""
    return reason.why + also
