"""Troubles become a Chinese message and an exit status: 2 can't be read, 3 no room, 70 a fault of ours."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from rich.text import Text
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from canbao.batch.trouble import NO_ROOM, REASONS, OutOfRoom, refused
from canbao.commands.screen import errors
from canbao.commands.speaking import in_chinese
from canbao.core.trouble import Trouble
from canbao.law.places import PlacesError
from canbao.law.refusal import LawError

GIVEN, ROOM, FAULT, INTERRUPTED, READER_GONE = 2, 3, 70, 130, 141


def told(run: Callable[[], Any]) -> int:
    """Run something and say its trouble, if any; returns the exit status."""
    try:
        status = run()
        sys.stdout.flush()
    except Trouble as problem:
        return _say(str(problem), problem.exit_status)
    except (LawError, PlacesError) as problem:
        return _say(str(problem), GIVEN)
    except NoArgsIsHelpError:
        return GIVEN
    except ClickException as problem:
        return _say(in_chinese(problem), GIVEN)
    except OutOfRoom as problem:
        return _say(str(problem), ROOM)
    except MemoryError:
        return _say(str(OutOfRoom("内存用完了")), ROOM)
    except (BrokenPipeError, SystemExit):
        return _end_quietly()
    except OSError as problem:
        return _about_place(problem)
    except Exception as problem:
        return _own_fault(problem)
    if status == INTERRUPTED:
        return _say("已中断，原有结果没有变动", INTERRUPTED)
    return status if isinstance(status, int) else 0


def _about_place(problem: OSError) -> int:
    """A place that can't be read or written, or a full disk; anything else is a fault of ours."""
    place = problem.filename or ("磁盘" if problem.errno in NO_ROOM else None)
    if place is None or problem.errno not in REASONS:
        return _own_fault(problem)
    trouble = refused(problem.errno, str(place), "", "请核对路径和权限")
    return _say(str(trouble), trouble.exit_status)


def _own_fault(problem: Exception) -> int:
    """Names the kind only: the message or the lines of code might hold a person's data."""
    if os.environ.get("CANBAO_DEBUG"):
        traceback.print_exception(problem)
    kind = type(problem).__name__
    return _say(
        f"程序自身出错（{kind}），原有结果没有变动；请设 CANBAO_DEBUG=1 再运行，把显示的内容去掉个人信息后报告", FAULT
    )


def _end_quietly() -> int:
    """Whoever read our output has gone (`canbao … | head`); rich and typer raise SystemExit for that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return READER_GONE


def _say(message: str, status: int) -> int:
    errors.print(Text.assemble(("错误 ", "bold red"), message))
    return status
