"""`canbao evidence verify | verifier`: whether an evidence container is as it was made, here or on another machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from canbao.commands.screen import screen


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    evidence = typer.Typer(no_args_is_help=True, help="证明材料：核验，写出独立的核验程序。")
    evidence.command("verify")(verify)
    evidence.command("verifier")(verifier)
    application.add_typer(evidence, name="evidence", rich_help_panel="登记库")


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="证明材料（.zip）")],
    trust: Annotated[str, typer.Option("--trust", metavar="PUB", help="登记库的公钥文件 audit.pub，或公钥指纹")],
    tsa: Annotated[Path | None, typer.Option("--tsa", metavar="PEM", help="时间戳机构的证书")] = None,
) -> int:
    """核验证明材料：成员、摘要、签名、时间戳。合格退出码为 0，不合格为 1。不需要登记库，也不联网。

    例：canbao evidence verify evidence-2017-06-30-1a2b3c4d.zip --trust audit.pub
    """
    from canbao.registry.evidence.verifier import main

    return main(str(file), trust, str(tsa or ""))


def verifier(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到哪个新文件")] = Path("verify_evidence.py"),
) -> int:
    """写出核验程序：一个文件，只需 Python 和 cryptography，可交给法院、鉴定机构自行阅读和运行。

    例：canbao evidence verifier --out verify_evidence.py
    """
    from canbao.registry.evidence import verifier as program

    with out.open("x", encoding="utf-8") as opened:
        opened.write(Path(program.__file__).read_text("utf-8"))
    screen.print(f"已写出 {out}；用法：python {out} 证明材料.zip audit.pub")
    return 0
