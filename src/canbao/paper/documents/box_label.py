"""盒脊、盒面: the label of an archive box, spine and face on one page of A4, to be cut out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from canbao.paper.documents.contents import Leaf

THINNEST, THICKEST = 20, 60


@dataclass(frozen=True)
class BoxLabel:
    """A box: whose papers, which of them, how long they are kept, where it stands; `spine` is its thickness in mm."""

    holder: str
    county: str
    town: str
    village: str
    year: str
    box: str
    first: str
    last: str
    papers: int
    kept_for: str
    shelf: str = ""
    spine: int = 40


def leaves(label: BoxLabel, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """Spine and face of one box."""
    if not THINNEST <= label.spine <= THICKEST:
        raise ValueError(f"盒脊厚度 {label.spine} 毫米不在 {THINNEST} 到 {THICKEST} 毫米之间")
    yield {
        "title": wording["title"],
        "spine": label.spine,
        "holder": label.holder,
        "places": [label.county, label.town, label.village],
        "year": label.year,
        "box": label.box,
        "fields": [
            ["年　　度", label.year],
            ["盒　　号", label.box],
            ["起止编号", f"{label.first} 至\n{label.last}" if label.first or label.last else ""],
            ["份　　数", f"{label.papers} 份"],
            ["保管期限", label.kept_for],
            ["存放位置", label.shelf],
        ],
        "kept_for": label.kept_for,
    }
