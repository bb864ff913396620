"""The words that the command-line library itself prints, in Chinese.

Typer brings its own copy of click, whose words are written into its code; helps and exceptions are reworded here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from typer import core
from typer._click import core as click_core
from typer._click import decorators, exceptions, formatting

_TYPES = {
    "path": "路径",
    "str": "文字",
    "list[str]": "文字",
    "int": "整数",
    "int range": "整数",
    "float range": "数",
    "date": "日期",
    "bool": "",
}
_USAGE = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]": "命令 [参数]", "{": "", "}": ""}
_FAULTS = {
    "greater_than_equal": "{value} 太小，最小是 {ge}",
    "int_parsing": "{value} 不是整数",
    "int_from_float": "{value} 不是整数",
    "int_parsing_size": "{value} 太大",
    "float_parsing": "{value} 不是数",
    "finite_number": "{value} 不是数",
}
"""What pydantic, which reads values for typer, finds wrong with them."""

_UNEXPECTED = (
    (r"No such command (.*?)\.(?: Did you mean (.*)\?)?", "没有 {} 这个命令", "，是不是 {}"),
    (r"Missing command\.()", "缺少命令", ""),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "多出了参数 {}", ""),
)


def speak_chinese() -> None:
    """Make the helps of the command-line library Chinese."""
    formatting.HelpFormatter.write_usage = _write_usage
    decorators.option = _option
    core._TyperParameter.display_type = _display_type
    core.TyperCommand.format_help = _format_command_help
    core.TyperGroup.format_help = _format_group_help


@cache
def _lay_out_in_chinese() -> None:
    """Make the pages of help Chinese; what lays them out is slow to import, so nobody else waits for it."""
    from typer import rich_utils

    make = rich_utils._make_rich_text

    def folded(**given: Any) -> Any:
        """Chinese has no blanks at which a cell could be wrapped; it would be cut off if it were not folded."""
        text = make(**given)
        text.overflow = "fold"
        return text

    rich_utils._make_rich_text = folded
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.RANGE_STRING = "（{}）"


_WRITE_USAGE, _OPTION = formatting.HelpFormatter.write_usage, decorators.option
_DISPLAY_TYPE = core._TyperParameter.display_type
_COMMAND_HELP, _GROUP_HELP = core.TyperCommand.format_help, core.TyperGroup.format_help


def _format_command_help(
    command: core.TyperCommand, ctx: click_core.Context, formatter: formatting.HelpFormatter
) -> None:
    _lay_out_in_chinese()
    _COMMAND_HELP(command, ctx, formatter)


def _format_group_help(group: core.TyperGroup, ctx: click_core.Context, formatter: formatting.HelpFormatter) -> None:
    _lay_out_in_chinese()
    _GROUP_HELP(group, ctx, formatter)


def _write_usage(formatter: formatting.HelpFormatter, prog: str, args: str = "", prefix: str | None = None) -> None:
    for theirs, ours in _USAGE.items():
        args = args.replace(theirs, ours)
    _WRITE_USAGE(formatter, prog, args, "用法：")


def _option(names: list[str], **settings: Any) -> Any:
    """Used by the library for `--help` alone."""
    return _OPTION(names, **{**settings, "help": "显示帮助后退出"})


def _display_type(parameter: core._TyperParameter, ctx: click_core.Context) -> str:
    written = _DISPLAY_TYPE(parameter, ctx).strip("<>")
    ours = _TYPES.get(written, written)
    return f"<{ours}>" if ours else ""


def in_chinese(problem: exceptions.ClickException) -> str:
    """What is wrong with the arguments, and where the usage can be read."""
    context = getattr(problem, "ctx", None)
    usage = f"；用法见 {context.command_path} --help" if context else ""
    return _worded(problem) + usage


def _worded(problem: exceptions.ClickException) -> str:
    match problem:
        case exceptions.MissingParameter():
            return f"缺少{'参数' if problem.param.param_type_name == 'argument' else '选项'} {_name(problem)}"
        case exceptions.BadParameter():
            return f"{_name(problem)} 的值不对：{_fault(problem)}"
        case exceptions.NoSuchOption():
            meant = "、".join(problem.possibilities or ())
            return f"没有 {problem.option_name} 这个选项{f'，是不是 {meant}' if meant else ''}"
        case exceptions.BadOptionUsage():
            return f"{problem.option_name} {'后面要有值' if 'requires' in problem.message else '后面不带值'}"
    return _unexpected(problem.message)


def _name(problem: exceptions.BadParameter) -> str:
    hint = problem.param_hint or problem.param.get_error_hint()
    return hint.replace("'", "")


def _fault(problem: exceptions.BadParameter) -> str:
    """The message is ours and Chinese, or pydantic's, whose kind of error has a Chinese one."""
    if problem.__cause__ is None:
        return problem.message
    (error, *_) = problem.__cause__.errors()
    choices = problem.param.type_descriptor.choices
    if choices:
        return f"{error['input']} 不认得；可用的有 {'、'.join(choices)}"
    return _FAULTS.get(error["type"], "{value} 不认得").format(value=error["input"], **error.get("ctx", {}))


def _unexpected(message: str) -> str:
    for pattern, words, suggestion in _UNEXPECTED:
        found = re.fullmatch(pattern, message)
        if found:
            named, meant = found[1], found[2] if found.re.groups > 1 else None
            return words.format(named.strip("'")) + (suggestion.format(meant.replace("'", "")) if meant else "")
    return message
