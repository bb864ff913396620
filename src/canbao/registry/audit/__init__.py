"""The audit log: who looked at what, why and with what result, in a chain that shows every change made to it."""

from canbao.registry.audit.chain import append
from canbao.registry.audit.checkpoints import checkpoint, make_checkpoint_key, read_checkpoints
from canbao.registry.audit.entry import Entry
from canbao.registry.audit.patterns import Deed, Unusual, unusual, what_did, who_saw

__all__ = [
    "Deed",
    "Entry",
    "Unusual",
    "append",
    "checkpoint",
    "make_checkpoint_key",
    "read_checkpoints",
    "unusual",
    "what_did",
    "who_saw",
]
