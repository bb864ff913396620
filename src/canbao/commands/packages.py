"""`canbao pack | verify` and `canbao key new`: the signed data package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from canbao.commands.screen import screen


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("pack", rich_help_panel="数据包")(pack_results)
    application.command("verify", rich_help_panel="数据包")(verify_package)
    key = typer.Typer(no_args_is_help=True, help="密钥：签名与接收。")
    key.command("new")(new_key)
    application.add_typer(key, name="key", rich_help_panel="数据包")


def pack_results(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="canbao clean 写出的文件夹")],
    key: Annotated[Path, typer.Option("--key", help="本市签名私钥（canbao key new 生成）")],
    to: Annotated[Path | None, typer.Option("--to", help="省级接收公钥；给出则加密")] = None,
    serial: Annotated[int | None, typer.Option(help="序号，默认取下一个", min=1)] = None,
) -> int:
    """把清理结果打成签名数据包，供上传。

    例：canbao pack OUT/ --key city.key

    例：canbao pack OUT/ --key city.key --to province.pub
    """
    from canbao.batch.package import pack

    package = pack(out, key, serial=serial, recipient=to)
    screen.print(f"已打包 {package}")
    return 0


def verify_package(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help=".canbao 数据包")],
    trust: Annotated[Path | None, typer.Option("--trust", help="可信的签名公钥")] = None,
    identity: Annotated[Path | None, typer.Option("--identity", help="接收私钥；加密的包需要")] = None,
) -> int:
    """检查数据包：结构、签名、校验和、行数。完好退出码为 0，否则列出问题，退出码为 1。

    例：canbao verify 440600-20170630-001.canbao --trust city.pub
    """
    from canbao.batch.package import verify

    wrong = verify(package, trust=trust, identity=identity)
    for line in wrong:
        screen.print(f"不合格 {line}", style="red")
    if not wrong:
        screen.print(f"完好 {package}", style="green")
    return 1 if wrong else 0


def new_key(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="私钥写到哪里；公钥写在旁边的 .pub")],
    receiving: Annotated[bool, typer.Option("--receiving", help="生成接收（解密）密钥，而不是签名密钥")] = False,
) -> int:
    """生成密钥对；私钥只有本人可读，已有的文件不会被覆盖。

    例：canbao key new city.key

    例：canbao key new province.key --receiving
    """
    from canbao.batch.package import make_recipient_key, make_signing_key

    made = make_recipient_key(path) if receiving else make_signing_key(path)
    screen.print(f"已生成 {path} 和 {made}")
    return 0
