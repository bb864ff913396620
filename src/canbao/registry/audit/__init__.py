"""The audit log: who looked at what, why and with what result, in a chain that shows every change made to it."""

from canbao.registry.audit.chain import append
from canbao.registry.audit.entry import Entry
from canbao.registry.audit.patterns import ALARMS, alarms, unusual, what_did, who_saw
from canbao.registry.audit.watching import state

__all__ = [
    "ALARMS",
    "Entry",
    "alarms",
    "append",
    "state",
    "unusual",
    "what_did",
    "who_saw",
]
