"""The one true record that follows from all facts: the law's tables, compiled for PostgreSQL."""

from canbao.registry.derivation.deciding import judged
from canbao.registry.derivation.reading import Judging
from canbao.registry.derivation.stating import state

__all__ = ["Judging", "judged", "state"]
