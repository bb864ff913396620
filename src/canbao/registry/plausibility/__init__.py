"""The gate before admission: whether a package as a whole can be true, held against the last one and the register."""

from canbao.registry.plausibility.found import Found, is_doubtful
from canbao.registry.plausibility.gate import examine

__all__ = ["Found", "examine", "is_doubtful"]
