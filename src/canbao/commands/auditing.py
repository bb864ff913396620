"""`canbao audit verify | checkpoint | export | new-key`: whether the log is whole, by those who watch over it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from canbao.commands.screen import screen
from canbao.commands.serving import HERE, HOST, State, connect, prepared


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    audit = typer.Typer(no_args_is_help=True, help="审计日志：核验、检查点、导出、换密钥。")
    audit.command("verify")(verify)
    audit.command("checkpoint")(checkpoint)
    audit.command("export")(export)
    audit.command("new-key")(new_key)
    application.add_typer(audit, name="audit", rich_help_panel="登记库")


def verify(
    state: State = HERE,
    records: Annotated[bool, typer.Option("--records", help="连同每个人的记录与变更历史一起核对（慢）")] = False,
    facts: Annotated[
        bool, typer.Option("--facts", help="按各地资料重新推导每个人的记录，再与登记的比较（更慢）")
    ] = False,
) -> int:
    """核验审计日志：逐条哈希、前后相接、检查点和变更历史。完好退出码为 0，有问题为 1。

    例：canbao audit verify

    例：canbao audit verify --records --facts
    """
    _watching(state)
    from canbao.registry.comparing import verify as verified

    report = verified(records=records, facts=facts)
    for fault in report.faults:
        screen.print(f"不合格 {fault}", style="red")
    if not report.faults:
        compared = f"，{report.records:,} 人的记录" if report.records is not None else ""
        screen.print(f"完好：{report.lines:,} 条日志，{report.checkpoints} 个检查点{compared}", style="green")
    return 1 if report.faults else 0


def checkpoint(state: State = HERE) -> int:
    """签一个检查点：日志有多长、末尾是什么。请把检查点存到数据库管理员写不到的地方（CANBAO_AUDIT_ANCHORS）。

    例：canbao audit checkpoint
    """
    made = _watching(state).make_checkpoint()
    if made is None:
        screen.print("上次检查点以后没有新的日志")
        return 0
    for fault in made["faults"]:
        screen.print(f"不合格 {fault}", style="red")
    screen.print(f"已签第 {made['sequence']} 号检查点，到第 {made['size']:,} 条")
    return 1 if made["faults"] else 0


def new_key(state: State = HERE) -> int:
    """换签检查点的密钥：先用旧的签一次，再造新的；旧签名仍可核验。请把新的 audit.pub 交给审计员。

    例：canbao audit new-key
    """
    _watching(state).renew_key()
    screen.print(f"已换新密钥；公钥在 {state / 'audit.pub'}")
    return 0


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个新文件")],
    state: State = HERE,
) -> int:
    """把日志写成文本，供审计员在另一台机器上用 verifier.py 独立核验。

    例：canbao audit export log.jsonl
    """
    screen.print(f"已写出 {_watching(state).export(file):,} 条：{file}")
    return 0


def _watching(state: Path) -> Any:
    """The register's own watch, connected."""
    connect(prepared(state, HOST))
    from canbao.registry.audit import watching

    return watching
