"""`canbao explain`: why each value of a person is what it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from canbao.commands.screen import screen

if TYPE_CHECKING:
    from canbao.batch.explain import Explanation, Reason


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

    例：canbao explain OUT/ 440604198001010013 --json
    """
    from canbao.batch.explain import explain

    explanation = explain(out, ssn)
    if as_json:
        print(json.dumps(asdict(explanation), ensure_ascii=False, indent=1, default=str))
    else:
        _show(explanation)
    return 0


def _show(explanation: Explanation) -> None:
    if explanation.person:
        screen.print(f"{explanation.person['name']}  {explanation.ssn}", style="bold")
    else:
        screen.print(f"{explanation.ssn}  结果里没有这个人，只有关于这个号码的问题", style="bold")
    for reason in explanation.reasons:
        _show_reason(reason)
    for conflict in explanation.conflicts:
        place = f"{conflict['source']} 第{conflict['row']}行"
        screen.print(f"姓名争议  {conflict['other_name']}：{place}，等待核准", style="red")
    for finding in explanation.findings:
        place = f"{finding['source']} 第{finding['row']}行"
        screen.print(f"问题  {finding['message']}（{finding['rule']}，{place}）", style="yellow")


def _show_reason(reason: Reason) -> None:
    screen.print(f"{reason.label}  {_value(reason)}", style="bold")
    screen.print(f"    依据  {reason.why}")
    for other in reason.also_matching:
        screen.print(f"    也符合  {other}")
    if reason.rows:
        screen.print(f"    来源  {'；'.join(reason.rows)}")
    if reason.absent:
        screen.print(f"    各来源都没有  {'、'.join(reason.absent)}")


def _value(reason: Reason) -> str:
    if reason.value is None or reason.meaning.startswith(reason.value):
        return reason.meaning
    return f"{reason.value} {reason.meaning}"
