"""Whatever is tried in whatever order, a volume goes only where the law lets it, and every task is counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_desk import as_it_is, second_county_officer, sorted_volume, states, surveyed
from canbao.core.progress import IllegalMove, after, open_moves
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused, acting
from canbao.survey import archiving as archive
from canbao.survey.actions import archive_room, archiving, reviews
from canbao.survey.models import Volume
from canbao.survey.reckoning import FATES, Form, counted, fate
from survey_desk import city_officer, clerk, county_officer, seen

FLOW = read_workflows()["volume"]
WORDS = "按规定办理，两人在场"


@pytest.fixture
def village(people):
    """A volume of four tasks, sorted: three forms on paper and one by phone."""
    campaign, found = surveyed("2223")
    return sorted_volume(campaign), found


def hand_over(volume, found):
    returned = {task.pk for task in map(seen, found) if task.state == "returned"}
    forms = len({*volume.order} - returned)
    archiving.hand_over(volume_id=volume.pk, sheets=2, forms=forms, by=clerk())


def accept(volume, _):
    archive_room.accept(volume_id=volume.pk, sheets=2, forms=len(volume.order), shelf="1", by=county_officer())


def accept_wrongly(volume, _):
    archive_room.accept(volume_id=volume.pk, sheets=2, forms=len(volume.order) + 1, shelf="1", by=county_officer())


def refuse(volume, _):
    archive_room.refuse(volume_id=volume.pk, words=WORDS, by=county_officer())


def shelve(volume, _):
    archive_room.shelve(volume_id=volume.pk, box="2", shelf="2", by=county_officer())


def supplement(volume, found):
    archive_room.supplement(volume_id=volume.pk, marks={found[0].pk: "there"}, by=county_officer())


def destroy(volume, _):
    archive_room.destroy(volume_id=volume.pk, words=WORDS, by=second_county_officer())


def grow_old(volume, _):
    Volume.objects.filter(pk=volume.pk).exclude(destroy_on=None).update(
        destroy_on=timezone.localdate() - timedelta(days=1)
    )


def reopen(_, found):
    task = seen(found[0])
    reviews.reopen(task_id=task.pk, version=task.version, words=WORDS, by=city_officer())


def mark(volume, found):
    archiving.mark(volume_id=volume.pk, marks={found[1].pk: "lost"}, by=clerk())


STEPS: dict[str, Callable] = {
    "hand_over": hand_over, "accept": accept, "accept_wrongly": accept_wrongly, "refuse": refuse, "shelve": shelve,
    "supplement": supplement, "destroy": destroy, "grow_old": grow_old, "reopen": reopen, "mark": mark,
}  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=8))
def test_any_sequence_keeps_to_the_law(village, steps):
    volume, found = village
    with transaction.atomic():
        for step in steps:
            before = as_it_is(volume)
            moves = before.moves.count()
            try:
                STEPS[step](before, found)
                is_done = True
            except (Refused, IllegalMove):
                is_done = False
            keeps_to_the_law(before, as_it_is(volume), step, is_done, moves)
            adds_up(volume, found)
        transaction.set_rollback(True)


def keeps_to_the_law(before: Volume, now: Volume, step: str, is_done: bool, moves: int) -> None:
    """The state is the law's, and what was refused has left nothing."""
    is_move = step in {move.id for move in FLOW.moves}
    if is_done and is_move:
        assert step in {move.id for move in open_moves(FLOW, before.state)}
        assert now.state == after(FLOW, before.state, step) and now.moves.count() == moves + 1
    else:
        assert now.state == before.state and now.moves.count() == moves
    assert not (step == "accept_wrongly" and is_done)
    state = None
    for move in now.moves.order_by("pk").values_list("move", flat=True):
        state = after(FLOW, state, move)
    assert state == now.state


def adds_up(volume: Volume, found: list) -> None:
    """Every task is counted once; none is archived before the county has the volume, then all but those sent back."""
    officer = county_officer()
    with acting(officer.area, officer):
        now = as_it_is(volume)
        fates = archive.fates_of(now, [form for _, form in archive.forms_of(archive.tasks_of(now))])
    assert sorted(fates) == sorted(task.pk for task in found)
    assert counted(fates.values()).tasks == len(found)
    are = set(states(found))
    assert are <= ({"archived", "returned"} if now.state in ("accepted", "destroyed") else {"loaded", "returned"})
    if now.state in ("accepted", "destroyed"):
        assert "missing" not in fates.values()


FORMS = st.builds(
    Form,
    task=st.integers(1, 30),
    state=st.sampled_from(sorted(read_workflows()["task"].states)),
    method=st.sampled_from(["", "2", "3", "4"]),
    has_paper=st.booleans(),
    returned=st.integers(0, 2),
)
TASKS = st.sets(st.integers(1, 30))


@given(st.lists(FORMS, unique_by=lambda one: one.task), st.sampled_from(["", *FLOW.states]), TASKS, TASKS)
def test_no_paper_form_is_forgotten(forms, state, there, absent):
    fates = {one.task: fate(one, state, there, absent) for one in forms}
    assert set(fates.values()) <= set(FATES) and counted(fates.values()).tasks == len(forms)
    for one in forms:
        if one.needs_paper:
            assert fates[one.task] in ("there", "absent", "missing", "late")
        if state in ("accepted", "destroyed"):
            assert (fates[one.task] == "late") >= (one.state == "loaded")
