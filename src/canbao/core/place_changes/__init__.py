"""Places that change: what a change says, whether it can be, what the tree is after it, and which code leads where.

A change is rows `old → new`; an old code that is empty is a place that begins, a new code that equals the old one is
another name. Whatever lies below a place goes with it unless a row says otherwise.
"""

from canbao.core.place_changes.checking import KINDS, ChangeRefused, checked
from canbao.core.place_changes.following import Followed, follow, today_of
from canbao.core.place_changes.rows import Row, expanded, successors, tree_after

__all__ = [
    "KINDS",
    "ChangeRefused",
    "Followed",
    "Row",
    "checked",
    "expanded",
    "follow",
    "successors",
    "today_of",
    "tree_after",
]
