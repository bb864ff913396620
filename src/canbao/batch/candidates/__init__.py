"""Candidates for one person under two numbers: pairs of records, each with a score and reasons. Nothing is merged.

`propose` reads a table of registered people and writes the pairs; `read_pairs` reads them again; `train` fits the
model anew. Splink is imported when `propose` or `train` runs, not before.
"""

from canbao.batch.candidates.pairs import PAIRS, Pair, read_pairs
from canbao.batch.candidates.proposing import Proposed, propose
from canbao.batch.candidates.settings import Settings, read_settings
from canbao.batch.candidates.training import train

__all__ = ["PAIRS", "Pair", "Proposed", "Settings", "propose", "read_pairs", "read_settings", "train"]
