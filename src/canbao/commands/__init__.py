"""The command line: one module a command, Chinese for whoever types, exit status as docs/contract.md says.

Commands import what they run when they run it: engine, law and cryptography take seconds to import.
"""

from __future__ import annotations

import sys

import typer

from canbao.commands import (
    auditing,
    cleaning,
    data_keys,
    evidence,
    explaining,
    keeping,
    laws,
    numbers,
    packages,
    proofs,
    remote,
    serving,
    towns,
    trying,
)
from canbao.commands.speaking import speak_chinese
from canbao.commands.trouble import told

application = typer.Typer(
    name="canbao",
    help="参保：全民参保登记。把各部门的数据清理成每人一条、条条有据的登记记录。",
    epilog="先试一试：canbao demo。每个命令的用法和例子：canbao clean --help。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for module in (
    cleaning,
    packages,
    explaining,
    numbers,
    laws,
    remote,
    towns,
    serving,
    keeping,
    data_keys,
    evidence,
    proofs,
    auditing,
    trying,
):
    module.add_to(application)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    speak_chinese()
    given = sys.argv[1:] if arguments is None else arguments
    return told(lambda: application(given, prog_name="canbao", standalone_mode=False))
