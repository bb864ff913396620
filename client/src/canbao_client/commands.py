"""`canbao-client`: keys, pushing from a database or files, file drop, back-fill, and how things stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from canbao_client import keys
from canbao_client.back_filling import back_fill, read_back_fill
from canbao_client.configuration import Configuration, read_configuration
from canbao_client.dropping import drop
from canbao_client.files import enter_file
from canbao_client.outbox import Outbox, alone_with
from canbao_client.polling import begin_from, poll
from canbao_client.pushing import STATES, Pusher, stop_on_signals, told
from canbao_client.sending import send
from canbao_client.translation import Translation
from canbao_client.trouble import ConfigurationTrouble
from canbao_client.watermarks import read_mark

SHOWN = 10

application = typer.Typer(help="参保登记数据交换客户端", add_completion=False, no_args_is_help=True)
key_commands = typer.Typer(help="本系统的密钥", no_args_is_help=True)
application.add_typer(key_commands, name="key")

Page = Annotated[Path, typer.Argument(metavar="CONFIG", help="配置页（YAML），见范例 业务库推送.yaml")]


@key_commands.command("new")
def key_new(file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个新文件")]) -> None:
    """生成密钥；把打印的公钥交给参保登记的管理单位，私钥文件不要给任何人。"""
    keys.make_key(file)
    key_show(file)


@key_commands.command("show")
def key_show(file: Annotated[Path, typer.Argument(metavar="FILE", help="私钥文件")]) -> None:
    """打印公钥和指纹。"""
    key = keys.read_key(file)
    print(keys.public_text(key), end="")
    print(f"指纹：{keys.fingerprint(key.public_key())}")


@application.command("push")
def push(
    config: Page,
    once: Annotated[bool, typer.Option("--once", help="读完、送完就结束")] = False,
    begin: Annotated[str, typer.Option("--from", help="从这个时间或编号起重新读取；未变的行不会重复")] = "",
    of: Annotated[str, typer.Option("--of", help="--from 只用于配置页里这一项")] = "",
) -> None:
    """按配置页读业务库，把变化推送出去；不写 --once 就一直运行，SIGTERM 使它停下。"""
    with _opened(config) as (configuration, outbox):
        if begin:
            _begin_again(configuration, outbox, begin, of)
        stop = stop_on_signals()
        pusher = Pusher(configuration, outbox, configuration.client(stop.wait), stop)
        if not once:
            pusher.for_ever()
        elif troubles := pusher.once():
            raise troubles[0]


@application.command("send")
def send_file(
    config: Page,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv 或 .ndjson 文件")],
    of: Annotated[str, typer.Option("--of", help="按配置页里哪一项对应；只有一项时不用写")] = "",
) -> None:
    """把文件里的行按配置页对应后推送出去；同一文件可以再送，不会重复。"""
    with _opened(config) as (configuration, outbox):
        _enter(configuration, outbox, file, of)
        print(f"已发送：{told(send(outbox, configuration.client(stop_on_signals().wait))) or '没有要发送的'}")


@application.command("drop")
def drop_files(
    config: Page,
    folder: Annotated[Path, typer.Option("--to", help="写到哪个文件夹；再用 SFTP 等送出")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="先收下这个 .csv 或 .ndjson 文件")] = None,
    of: Annotated[str, typer.Option("--of", help="文件按配置页里哪一项对应")] = "",
) -> None:
    """不能联网调用的系统：读业务库（或文件），把要送的行打成签名的文件。"""
    with _opened(config) as (configuration, outbox):
        stop = stop_on_signals()
        if file:
            _enter(configuration, outbox, file, of)
        _read_all(configuration, outbox)
        key = keys.read_key(configuration.path("key"))
        for file in drop(outbox, key, configuration.page.text("partner"), folder):
            print(f"已打包 {file}")
            if stop.is_set():
                break


@application.command("back-fill")
def back_fill_empty(
    config: Page, dry_run: Annotated[bool, typer.Option("--dry-run", help="只问不写，看看能填多少")] = False
) -> None:
    """向登记库查询业务库里空着的项目，只填空的列。"""
    configuration = read_configuration(config)
    given = read_back_fill(configuration)
    outbox = configuration.outbox()
    client = configuration.client(stop_on_signals().wait)
    filled = back_fill(outbox, client, configuration.database(), given, dry_run)
    done = "可以填" if dry_run else "填了"
    print(f"问了 {filled.asked:,} 人，登记库里有 {filled.found:,} 人，{done} {filled.filled:,} 处")


@application.command("status")
def status(config: Page) -> None:
    """发件箱里有多少、服务器收到第几号、哪些没有收下。"""
    configuration = read_configuration(config)
    _say_outbox(configuration.outbox())
    standing = configuration.client(lambda _: True).standing()
    gaps = "、".join(f"{first}–{last}" for first, last in standing.gaps) or "没有"
    print(f"服务器：收到第 {standing.acknowledged:,} 号为止；缺号 {gaps}；等待处理 {standing.waiting:,} 行")


def _say_outbox(outbox: Outbox) -> None:
    counts = outbox.counts()
    print(f"发件箱：待发 {counts.unsent:,} 行，已发（保留中）{counts.sent:,} 行，下一个编号 {counts.next:,}")
    print(f"没有收下或待人工处理 {counts.refused:,} 行；不能对应而跳过 {counts.left_out:,} 行")
    for seq, state, says in outbox.refused(SHOWN):
        print(f"  第 {seq} 号 {STATES.get(state, state)}：{says}")
    for name, reason, count in outbox.left_out(SHOWN):
        print(f"  {name} {count:,} 行：{reason}")


@contextmanager
def _opened(config: Path) -> Iterator[tuple[Configuration, Outbox]]:
    """The configuration and its outbox, which nobody else uses meanwhile."""
    configuration = read_configuration(config)
    with alone_with(configuration.outbox_file):
        outbox = configuration.outbox()
        try:
            yield configuration, outbox
        finally:
            outbox.close()


def _named(configuration: Configuration, name: str) -> Translation:
    named = [one for one in configuration.translations if name in ("", one.name)]
    if len(named) != 1:
        names = "、".join(one.name for one in configuration.translations)
        raise configuration.page.trouble("不知道按哪一项对应", f"请用 --of 写其中一个：{names}", "rows")
    return named[0]


def _enter(configuration: Configuration, outbox: Outbox, file: Path, of: str) -> None:
    new, left_out = enter_file(outbox, _named(configuration, of), file)
    print(f"新收 {new:,} 行，跳过 {len(left_out):,} 行")
    for line in left_out[:SHOWN]:
        print(f"  {line}")


def _begin_again(configuration: Configuration, outbox: Outbox, begin: str, of: str) -> None:
    queries = [query for query in configuration.queries if of in ("", query.name)]
    try:
        for query in queries:
            begin_from(outbox, query, read_mark(begin, query.watermark.timed))
    except ValueError as problem:
        raise ConfigurationTrouble("--from", f"“{begin}”读不懂", "时间请写 2026-01-01，编号请写数字") from problem
    if not queries:
        raise ConfigurationTrouble("--of", f"配置页里没有叫 {of} 的查询", "请核对 rows 里的 name")


def _read_all(configuration: Configuration, outbox: Outbox) -> None:
    for query in configuration.queries:
        while poll(outbox, configuration.database(), query):
            pass
