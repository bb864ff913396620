"""The words that the command-line library itself prints, in Chinese."""

from __future__ import annotations

import gettext
from typing import Any

from typer import rich_utils

_WORDS = {
    "Usage:": "用法：",
    "Show this message and exit.": "显示帮助后退出。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing command.": "缺少子命令。",
    "No such command {name!r}.": "没有 {name!r} 这个命令。",
    "No such option: {name}": "没有 {name} 这个选项。",
    "Got unexpected extra argument ({args})": "多出了参数（{args}）",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是有效的数（{number_type}）。",
    "{value!r} is not a valid integer.": "{value!r} 不是整数。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
}


def speak_chinese() -> None:
    """Make the library's own words Chinese; what is not in the list stays as it is."""
    catalogue = gettext.NullTranslations()
    original = gettext.gettext
    setattr(gettext, "gettext", lambda word: _WORDS.get(word) or original(word))  # noqa: B010
    _install(catalogue)
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"


def _install(catalogue: Any) -> None:
    """click binds `_` to gettext at import, so its modules are given the Chinese one."""
    from click import core, decorators, exceptions, formatting, parser, types

    for module in (core, decorators, exceptions, formatting, parser, types):
        if hasattr(module, "_"):
            module._ = lambda word: _WORDS.get(word, word)
