"""What a decision does once two officers have made it, by its kind; within the transaction of the decision."""

from __future__ import annotations

from collections.abc import Callable

from canbao.registry.actions.effects.agreements import agree, end_agreement
from canbao.registry.actions.effects.corrections import correct, uncorrect
from canbao.registry.actions.effects.doubtful_packages import accept
from canbao.registry.actions.effects.merges import merge, unmerge
from canbao.registry.actions.effects.places import change_places, unchange_places
from canbao.registry.actions.effects.protections import change_readers, protect, unprotect
from canbao.registry.actions.effects.splits import split, unsplit
from canbao.registry.actions.effects.withdrawals import withdraw
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, Request

Effect = Callable[[Request, Officer, Note], None]
EFFECTS: dict[str, Effect] = {
    "merge": merge,
    "unmerge": unmerge,
    "split": split,
    "unsplit": unsplit,
    "correction": correct,
    "uncorrection": uncorrect,
    "objection": correct,
    "withdrawal": withdraw,
    "place_change": change_places,
    "place_list": change_places,
    "unplace_change": unchange_places,
    "doubtful_package": accept,
    "protection": protect,
    "protection_readers": change_readers,
    "unprotection": unprotect,
    "agreement": agree,
    "unagreement": end_agreement,
}
