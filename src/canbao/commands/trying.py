"""`canbao demo`: a made city cleaned, packed and in the register, with accounts to look at it from every side."""

from __future__ import annotations

import os
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from canbao.batch.trouble import SourceTrouble
from canbao.commands import serving
from canbao.commands.cleaning import progress, show, warn
from canbao.commands.made_cities import SOMEBODY, TWICE, later_packages, made_packages
from canbao.commands.screen import command_line, screen
from canbao.commands.towns import make

PASSWORD = "demo-canbao-2017"
ACCOUNTS = (
    ("demo-province", "省级经办", "provincial_officer", "44"),
    ("demo-province-2", "省级复核", "provincial_officer", "44"),
    ("demo-foshan", "佛山数据人员", "city_data_officer", "4406"),
    ("demo-guangzhou", "广州数据人员", "city_data_officer", "4401"),
    ("demo-shenzhen", "深圳数据人员", "city_data_officer", "4403"),
    ("demo-chancheng", "禅城区经办", "county_officer", "440604"),
    ("demo-zumiao", "祖庙街道经办", "town_clerk", "440604012"),
    ("demo-surveyor", "祖庙街道调查员", "surveyor", "440604012"),
    ("demo-foshan-supervisor", "佛山督导", "supervisor", "4406"),
    ("demo-supervisor", "省级督导", "supervisor", "44"),
    ("demo-system", "系统管理员", "system_administrator", "44"),
    ("demo-security", "安全管理员", "security_administrator", "44"),
    ("demo-auditor", "审计员", "auditor", "44"),
)
SECONDS_TO_ANSWER = 60


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("demo", rich_help_panel="试用")(demo)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="演示放在哪个文件夹")] = Path("demo"),
    persons: Annotated[int, typer.Option("--persons", "-n", help="演示城市的人数", min=1)] = 20_000,
    seed: Annotated[int, typer.Option(help="随机种子；同一种子得到同一城市")] = 2017,
    port: Annotated[int, typer.Option(help="网页的端口", min=1, max=65535)] = serving.PORT,
    register: Annotated[bool, typer.Option("--register/--no-register", help="清理之后是否启动登记库")] = True,
) -> int:
    """演示：造一个城市，清理它，给出报告，再放进登记库，打开办公页面。数据全是造的。

    例：canbao demo

    例：canbao demo /tmp/demo --persons 100000
    """
    out = _cleaned(folder, persons, seed)
    if not register:
        screen.print(f"生成签名密钥：{command_line('key', 'new', 'city.key')}")
        screen.print(f"打包上报：{command_line('pack', out, '--key', 'city.key')}")
        return 0
    state = folder / "state"
    environment = {**serving.prepared(state, serving.HOST), "CANBAO_DEMO_ACCOUNTS": "1"}
    serving.migrate_with(environment)
    packages = made_packages(folder, out)
    later = later_packages(folder, persons, seed)
    _furnish(environment, packages, f"http://{serving.HOST}:{port}")
    serving.in_background(state, port, environment)
    _say_where(f"http://{serving.HOST}:{port}/", packages, later, state)
    return 0


def _cleaned(folder: Path, persons: int, seed: int) -> Path:
    from canbao.batch.city import clean_city
    from canbao.batch.explain import somebody

    source, out = folder / "city", folder / "OUT"
    if not (source / "city.toml").exists():
        screen.print(f"造一个 {persons:,} 人的城市：{source}")
        make(source, persons=persons, seed=seed)
    started = monotonic()
    with progress(False) as announce:
        summary = clean_city(source / "city.toml", out, announce=announce, warn=warn)
    show(summary, out, monotonic() - started)
    number = somebody(out)
    if number:
        screen.print(f"问一个人的依据：{command_line('explain', out, number)}")
    return out


def _furnish(environment: Mapping[str, str], packages: Mapping[str, Path], address: str) -> None:
    """Give an empty register its demonstration accounts, the cities' keys, the big city, and another system."""
    serving.connect(environment)
    from canbao.office import demonstration

    demonstration.furnish(ACCOUNTS, PASSWORD, packages, admitted="440600", address=address)


def _say_where(address: str, packages: Mapping[str, Path], later: Mapping[str, Path], state: Path) -> None:
    _wait_for(address, state / "serve.log")
    screen.print(f"\n登记库已启动：{address}")
    screen.print(f"演示账号（密码都是 {PASSWORD}）：")
    for name, label, _, area in ACCOUNTS:
        screen.print(f"  {name:<16} {label}（{area}）")
    screen.print(f"可以试：广州上传 {packages['440100']}，深圳上传 {packages['440300']}，省级准入；")
    screen.print(f"再查 {SOMEBODY}：广州报的 2 与深圳报的 3 合成 1，佛山看不到，审计员看得到谁查过。")
    screen.print(
        f"更正登记：{TWICE[0]} 与 {TWICE[1]} 是同一人的两个号码，合并由 demo-province 申请、demo-province-2 核准；"
    )
    screen.print(f"深圳之后的数据包 {later['440300']}；佛山重复一倍的数据包 {later['440600']}，检查时会被拦下。")
    screen.print("调查核实：demo-chancheng 在“调查批次”里拟定、生成名册、公告（可填七天前）、开始，并分到镇街；")
    screen.print("demo-zumiao 分派、打印和录入，demo-chancheng 审核入库，demo-foshan-supervisor 看进度和质量。")
    screen.print(f"动态更新：{state.parent / 'partner'} 是一个业务系统，说明在它的 page.yaml 里；看它在“合作系统”里。")
    screen.print(f"核验审计日志：{command_line('audit', 'verify', '--state', state)}")
    screen.print(f"停止：{serving.stop_line(state)}")
    if os.environ.get("DISPLAY"):
        webbrowser.open(address)


def _wait_for(address: str, log: Path) -> None:
    for _ in range(SECONDS_TO_ANSWER * 5):
        try:
            with urlopen(f"{address}sign-in/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SourceTrouble(address, "网页没有起来", f"原因在 {log}；端口被占用时请加 --port 换一个")
