"""`canbao data-key list | rotate | destroy`: the keys that seal secrets in the database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from canbao.commands.screen import screen
from canbao.commands.serving import HERE, HOST, State, prepared


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    data_key = typer.Typer(no_args_is_help=True, help="数据密钥：查看、换新、销毁。数据库里的机密用它加密。")
    data_key.command("list")(list_keys)
    data_key.command("rotate")(rotate)
    data_key.command("destroy")(destroy)
    application.add_typer(data_key, name="data-key", rich_help_panel="登记库")


def list_keys(state: State = HERE) -> int:
    """列出数据密钥的各版，以及各有多少条机密用它加密。

    例：canbao data-key list
    """
    for version, secrets in _rotation(state).secrets_by_version().items():
        screen.print(f"第 {version} 版 {secrets:,} 条")
    return 0


def rotate(state: State = HERE) -> int:
    """换一把数据密钥：生成新的一版，逐条重新加密，其间照常办理。中断了再运行一次即可。解不开的逐条列出，退出码为 1。

    例：canbao data-key rotate
    """
    done = _rotation(state).rotate()
    for place in done.lost:
        screen.print(f"解不开 {place}；请安全管理员重置有关账号的手机验证器", style="red")
    screen.print(f"第 {done.version} 版已启用，{done.resealed:,} 条已重新加密；旧版可用 canbao data-key destroy 销毁")
    return 1 if done.lost else 0


def destroy(
    version: Annotated[int, typer.Argument(metavar="VERSION", help="哪一版", min=1)],
    state: State = HERE,
) -> int:
    """销毁一把旧的数据密钥；还有机密用它加密时拒绝。此前的备份里用它加密的机密从此解不开。

    例：canbao data-key destroy 1
    """
    _rotation(state).destroy(version)
    screen.print(f"第 {version} 版已销毁")
    return 0


def _rotation(state: Path) -> Any:
    """The register's own change of keys, connected."""
    os.environ.update(prepared(state, HOST))
    import django

    django.setup()
    from canbao.registry.secrets import rotation

    return rotation
