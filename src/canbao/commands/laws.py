"""`canbao law check | export` and `canbao book`: the rules, checked, exported and printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from canbao.commands.screen import command_line, screen

if TYPE_CHECKING:
    from canbao.law.reader import Law

BOOKS = Path("docs/book")


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    law = typer.Typer(no_args_is_help=True, help="规则库：检查、导出。")
    law.command("check")(check)
    law.command("export")(export)
    application.add_typer(law, name="law", rich_help_panel="规则")
    application.command("book", rich_help_panel="规则")(book)


def check() -> int:
    """检查规则库和调查指南：每条有出处、代码和字段都认得、有效期不重叠，全部示例算对。

    例：canbao law check
    """
    from canbao.law.guide import read_guide
    from canbao.law.places import read_places
    from canbao.law.reader import read_law

    law = read_law()
    chapters = read_guide().chapters.values()
    pages = sum(len(one.pages) for one in chapters)
    wrong = wrong_cases(law)
    for line in wrong:
        screen.print(f"不符 {line}", style="red")
    places = len(read_places().by_code)
    screen.print(
        f"规则库：{len(law.tables)} 张决策表，{len(law.fields)} 个指标项，{len(law.codes)} 个代码表，"
        f"{places:,} 个地名，调查指南 {len(chapters)} 章 {pages} 页，"
        f"{len(law.cases)} 个示例，{f'{len(wrong)} 处不符' if wrong else '全部相符'}"
    )
    return 1 if wrong else 0


def wrong_cases(law: Law) -> list[str]:
    """The worked cases whose answer is not the expected one."""
    from canbao.core.registration import register

    wrong = []
    for case in law.cases:
        for profile in case.profiles:
            items = register(case.rows, law=law, profile=profile, as_of=case.as_of).items
            differing = {item: items.get(item) for item in case.expects if items.get(item) != case.expects[item]}
            if differing:
                wrong.append(f"{case.id}（{profile}）：应为 {dict(case.expects)}，算得 {differing}")
    return wrong


def export(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="写到文件；不写则输出到屏幕")] = None,
) -> int:
    """把规则库和调查指南导出为一个 JSON 文件，供手机等离线端使用。

    例：canbao law export --out law.json
    """
    from canbao.core.export import exported_law
    from canbao.law.guide import read_guide
    from canbao.law.reader import read_law

    law = read_law()
    document = {**exported_law(law), "guide": read_guide().exported(law)}
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        screen.print(f"已写出 {out}")
    return 0


def book(
    folder: Annotated[Path, typer.Option("--out", "-o", help="写到哪个文件夹")] = BOOKS,
    only_check: Annotated[bool, typer.Option("--check", help="只检查是否与规则库一致")] = False,
) -> int:
    """由规则库生成《数据字典》和《规则手册》。

    例：canbao book

    例：canbao book --check
    """
    from canbao.law.reader import read_law
    from canbao.paper.book import stale_books, write_books

    law = read_law()
    if only_check:
        stale = stale_books(folder, law)
        for name in stale:
            screen.print(f"过时 {folder / name}；请运行 {command_line('book', '--out', folder)}", style="red")
        return 1 if stale else 0
    for file in write_books(folder, law):
        screen.print(f"已写出 {file}")
    return 0
