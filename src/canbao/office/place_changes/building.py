"""From what a form says to the rows of a change; the codes that follow are proposed, and can be corrected after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from canbao.core.place_changes import Row
from canbao.core.place_changes.proposing import proposed
from canbao.law.places import Place, Places
from canbao.registry.access import Refused
from canbao.registry.places_now import places

Said = dict[str, Any]


def new(place: Place, said: Said, chosen: Sequence[str]) -> tuple[Row, ...]:
    """A place that begins below another."""
    return (Row("", said["code"], said["name"]),)


def rename(place: Place, said: Said, chosen: Sequence[str]) -> tuple[Row, ...]:
    """Another name, another code, or both."""
    return (Row(place.code, said["code"] or place.code, said["name"]),)


def split(place: Place, said: Said, chosen: Sequence[str]) -> tuple[Row, ...]:
    """What is chosen goes to a new place; the rest stays, or goes to a second new one if the place is no more."""
    tree = places()
    if not chosen:
        raise Refused("请勾选划入新区划的下级")
    moved = _below(chosen, said["code"], tree)
    if not said["rest_code"]:
        return (Row("", said["code"], said["name"]), *moved)
    rest = [one.code for one in tree.children(place.code) if one.code not in chosen]
    return (
        Row(place.code, said["rest_code"], said["rest_name"]),
        Row("", said["code"], said["name"]),
        *moved,
        *_below(rest, said["rest_code"], tree),
    )


def merge(place: Place, said: Said, chosen: Sequence[str]) -> tuple[Row, ...]:
    """What is chosen becomes one place, a new one or one that is there."""
    tree, into = places(), said["code"]
    joining = [code for code in chosen if code != into]
    if not joining:
        raise Refused("请勾选要并入的区划")
    below = [one.code for code in joining for one in tree.children(code)]
    name = said["name"] if into not in tree.by_code else ""
    return (*(Row(code, into, name) for code in joining), *_below(below, into, tree))


def transfer(place: Place, said: Said, chosen: Sequence[str]) -> tuple[Row, ...]:
    """What is chosen goes to another place that is there."""
    tree = places()
    if not chosen:
        raise Refused("请勾选要划走的社区（村）")
    if said["code"] not in tree.by_code:
        raise Refused(f"没有区划 {said['code']}；请写现有的街道（乡镇），要新设请用“拆分”")
    return _below(chosen, said["code"], tree)


def _below(codes: Sequence[str], parent: str, tree: Places) -> tuple[Row, ...]:
    return tuple(Row(old, new) for old, new in proposed(codes, parent, tree).items())


BUILDERS = {"new": new, "rename": rename, "split": split, "merge": merge, "transfer": transfer}
"""How the rows of each kind are made from its form."""
