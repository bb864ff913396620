"""`canbao backup | restore | maintenance | accounts`: what keepers of a register do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from canbao.registry.backup import Manifest

from canbao.batch.trouble import SourceTrouble
from canbao.commands.screen import screen
from canbao.commands.serving import HERE, HOST, State, connect, migrate_with, prepared


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("backup", rich_help_panel="登记库")(backup)
    application.command("restore", rich_help_panel="登记库")(restore)
    application.command("maintenance", rich_help_panel="登记库")(maintenance)
    application.command("accounts", rich_help_panel="登记库")(accounts)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份写到哪个新文件")],
    to: Annotated[Path, typer.Option("--to", help="接收公钥（canbao key new --receiving 生成）；只有持私钥的人能恢复")],
    state: State = HERE,
) -> int:
    """备份登记库：一个快照，边取边加密，磁盘上从不出现明文。

    例：canbao backup /backup/2026-11-25.canbao-backup --to keeper.pub
    """
    from canbao.batch.package.keys import read_recipient
    from canbao.registry import backup as backups

    recipient = read_recipient(to)
    source = prepared(state, HOST).get("CANBAO_BACKUP_DATABASE_URL")
    if not source:
        raise SourceTrouble("CANBAO_BACKUP_DATABASE_URL", "没有设定", "请设为能读全部行的备份角色的地址")
    manifest = backups.backup(source, file, recipient)
    screen.print(f"已备份 {file}：{_counted(manifest)}")
    return 0


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件")],
    identity: Annotated[Path, typer.Option("--identity", help="接收私钥")],
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="恢复后逐表核对行数和摘要")] = True,
    state: State = HERE,
) -> int:
    """把备份恢复到空的数据库，并逐表核对。密钥不对、文件残缺或改动过的，在动数据库之前就拒绝。

    例：canbao restore /backup/2026-11-25.canbao-backup --identity keeper.key --verify
    """
    from canbao.batch.package.keys import read_identity
    from canbao.registry import backup as backups

    keys = read_identity(identity)
    owner = prepared(state, HOST).get("CANBAO_OWNER_DATABASE_URL")
    if not owner:
        raise SourceTrouble("CANBAO_OWNER_DATABASE_URL", "没有设定", "恢复要以数据库属主的身份；请设为属主的地址")
    manifest = backups.restore(file, owner, keys, compare=verify)
    screen.print(f"已恢复 {file}：{_counted(manifest)}{'，逐表核对相符' if verify else ''}")
    return 0


def maintenance(
    switch: Annotated[Literal["on", "off"], typer.Argument(metavar="on|off", help="开或关")],
    state: State = HERE,
) -> int:
    """维护模式：开着时，网页只显示“正在维护”，谁也看不到、改不了登记。

    例：canbao maintenance on
    """
    mark = state / "maintenance"
    if switch == "on":
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    screen.print("维护模式已开" if switch == "on" else "维护模式已关")
    return 0


def accounts(state: State = HERE) -> int:
    """给空的登记库开立最初的三个账号：系统管理员、安全管理员、审计员；密码只显示这一次。

    例：canbao accounts
    """
    environment = prepared(state, HOST)
    migrate_with(environment)
    connect(environment)
    from canbao.registry.access import Refused
    from canbao.registry.actions.beginning import open_first_accounts

    try:
        made = open_first_accounts()
    except Refused as refusal:
        raise SourceTrouble("accounts", str(refusal), "不必再运行这条命令") from None
    for name, password in made.items():
        screen.print(f"{name:<10} {password}（首次登录须改）")
    return 0


def _counted(manifest: Manifest) -> str:
    tables = manifest.contents.tables
    return f"{len(tables)} 张表，{sum(rows for rows, _ in tables.values()):,} 行"
