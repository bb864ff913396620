"""Troubles become a Chinese message and an exit status: 2 for what can't be read, 3 for no room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from canbao.batch.trouble import OutOfRoom, SourceTrouble
from canbao.law.places import PlacesError
from canbao.law.reader import LawError

GIVEN, ROOM = 2, 3
errors = Console(stderr=True, highlight=False)


def told(run: Callable[[], Any]) -> int:
    """Run something and say its trouble, if any; returns the exit status."""
    try:
        status = run()
    except (SourceTrouble, LawError, PlacesError) as problem:
        return _say(str(problem), GIVEN)
    except OutOfRoom as problem:
        return _say(str(problem), ROOM)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say("已中断，原有结果没有变动", 130)
    except click.ClickException as problem:
        return _say(_usage(problem), GIVEN)
    return status if isinstance(status, int) else 0


def _usage(problem: click.ClickException) -> str:
    context = getattr(problem, "ctx", None)
    hint = f"\n用法见：{context.command_path} --help" if context else ""
    return problem.format_message() + hint


def _say(message: str, status: int) -> int:
    errors.print(Text.assemble(("错误 ", "bold red"), message))
    return status
