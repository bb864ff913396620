"""`canbao proof verify | rotate | withdraw`: whether a proof is genuine, without us; and the keys that sign them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from canbao.commands.screen import screen
from canbao.commands.serving import HERE, HOST, State, prepared


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    proof = typer.Typer(no_args_is_help=True, help="参保证明：核验，更换签名密钥。")
    proof.command("verify")(verify)
    proof.command("rotate")(rotate)
    proof.command("withdraw")(withdraw)
    application.add_typer(proof, name="proof", rich_help_panel="登记库")


def verify(
    scanned: Annotated[str, typer.Argument(metavar="FILE_OR_TEXT", help="扫描二维码得到的内容，或写有它的文件")],
    keys: Annotated[Path, typer.Option("--keys", metavar="JSON", help="登记库公布的公钥（/proof/keys.json）")],
    revoked: Annotated[
        Path | None, typer.Option("--revoked", metavar="JSON", help="作废清单（/proof/revoked.json）")
    ] = None,
) -> int:
    """核验参保证明：签名、有效期，给出清单的还有是否作废。合格退出码为 0，不合格为 1。不需要登记库，也不联网。

    例：canbao proof verify scanned.txt --keys keys.json --revoked revoked.json
    """
    from canbao.registry.proofs.published import believed, read_keys, read_revoked
    from canbao.registry.proofs.statement import NotAsMade, read_figures

    try:
        gone = read_revoked(revoked.read_text("utf-8")) if revoked else frozenset[str]()
        said = believed(read_figures(_text(scanned)), read_keys(keys.read_text("utf-8")), datetime.now(UTC), gone)
    except (NotAsMade, OSError, UnicodeDecodeError) as problem:
        told = str(problem) if isinstance(problem, NotAsMade) else "文件读不出来，请核对路径"
        screen.print(f"结论：不合格。{told}", style="red", markup=False)
        return 1
    for line in _lines(said):
        screen.print(line, markup=False)
    screen.print("结论：合格，出具以后没有改动" + ("" if revoked else "；没有给出作废清单，是否作废未核对"))
    return 0


def rotate(state: State = HERE) -> int:
    """换一把签名密钥：此后的证明用新的一把签名，以前出具的照样能核验。

    例：canbao proof rotate
    """
    screen.print(f"签名密钥 {_keys(state).rotate()} 已启用；离线核验的单位请重新取 /proof/keys.json")
    return 0


def withdraw(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="密钥的编号，见 /proof/keys.json 的 kid")],
    state: State = HERE,
) -> int:
    """停止公布一把签名密钥：用它签名的证明从此都不合格。密钥泄露时用。

    例：canbao proof withdraw 0123456789abcdef
    """
    keys = _keys(state)
    from canbao.registry.access import Refused

    try:
        keys.withdraw(key_id)
    except Refused as refusal:
        screen.print(str(refusal), style="red", markup=False)
        return 1
    screen.print(f"签名密钥 {key_id} 已停止公布；离线核验的单位请重新取 /proof/keys.json")
    return 0


def _text(given: str) -> str:
    """What was scanned; a path if there is such a file. Longer than any path is no path."""
    if len(given) < 255 and Path(given).is_file():
        return Path(given).read_text("utf-8")
    return given


def _lines(said: Any) -> list[str]:
    from canbao.registry.proofs.published import in_words

    lines = [f"编号 {said.number}，{said.name}，号码末四位 {said.last_four}"]
    lines.append(
        f"截至 {said.issued_at.astimezone():%Y-%m-%d} 的记载，有效期至 {said.expires_at.astimezone():%Y-%m-%d}"
    )
    for one in said.covers:
        away = "异地" if one.is_elsewhere else ""
        lines.append("  " + "，".join(filter(None, (*in_words(one), away))))
    return [*lines, f"  另有 {said.left_out} 条未写入二维码，见纸面"] if said.left_out else lines


def _keys(state: Path) -> Any:
    """The register's own keys, connected."""
    os.environ.update(prepared(state, HOST))
    import django

    django.setup()
    from canbao.registry.proofs import keys

    return keys
