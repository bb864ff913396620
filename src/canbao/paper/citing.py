"""What both books say alike: where an entry comes from, since when it holds, and how sure it is."""

from __future__ import annotations

from canbao.law.models import Cited, InForce
from canbao.law.reader import Law
from canbao.paper import markdown

GENERATED = "> 本书由规则库自动生成，请勿手改：修改 `src/canbao/law/` 中的规则后运行 `./run book` 重写。"

KINDS = {
    "guidance": "业务文件",
    "statute": "法律法规",
    "standard": "标准",
    "interface": "公开接口",
    "decision": "本项目决定",
}


def cited(entry: Cited, law: Law) -> str:
    """The title of the instrument and the clause."""
    return law.citation(entry.source, entry.clause)


def validity(in_force: InForce | None) -> str:
    """`2017-05-09 起`, or both days; an empty text where nothing limits it."""
    if in_force is None:
        return ""
    return f"{in_force.from_} 至 {in_force.to}" if in_force.to else f"{in_force.from_} 起"


def instruments(law: Law) -> str:
    """The documents that the books cite, as a table."""
    rows = [[one.id, one.title, KINDS[one.kind], str(one.issued or ""), one.note] for one in law.instruments.values()]
    return markdown.table(["代号", "名称", "性质", "日期", "说明"], rows)
