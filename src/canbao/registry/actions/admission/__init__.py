"""Admission: facts in, one true record per person out; packages and messages come in by the same door."""

from canbao.registry.actions.admission.answers import Answers, admit_answers, withdraw_answers
from canbao.registry.actions.admission.delivery import Delivery
from canbao.registry.actions.admission.package import Announce, Cancelled, Overtaken, admit
from canbao.registry.actions.admission.rehearsing import Rehearsal, rehearse
from canbao.registry.actions.admission.withdrawing import take_out

__all__ = [
    "Announce", "Answers", "Cancelled", "Delivery", "Overtaken", "Rehearsal", "admit", "admit_answers", "rehearse",
    "take_out", "withdraw_answers",
]  # fmt: skip
