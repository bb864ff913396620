"""People made for training: nobody's names, numbers that fit nobody, and tasks that never touch the register."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.batch.generator.names import CHARACTERS, SURNAMES
from canbao.core.numbering.resident import check_character
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.models import Campaign, Task, TaskMove
from canbao.survey.tasks import ITEMS

PEOPLE = 60
YOUNGEST, OLDEST = 16, 75
LETTERS = "0123456789X"


def make_tasks(campaign: Campaign, by: Officer) -> int:
    """A campaign's tasks of made people, spread over some villages of its city; returns how many."""
    dice = random.Random(campaign.pk)
    villages = [code for code in places().by_code if len(code) == 12 and code.startswith(campaign.area)]
    chosen = dice.sample(sorted(villages), min(6, len(villages)))
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT -nextval('survey_made_person') FROM generate_series(1, %s)", [PEOPLE])
        keys = [key for (key,) in cursor.fetchall()]
    tasks = [
        Task(
            campaign=campaign, person_id=key, place=village, state="pending", reason="10", changed_at=now,
            form=campaign.form, made=_made(dice, village, at, timezone.localdate()),
        )
        for at, (key, village) in enumerate(zip(keys, chosen * (PEOPLE // len(chosen) + 1), strict=False), 1)
    ]  # fmt: skip
    Task.objects.bulk_create(tasks)
    TaskMove.objects.bulk_create(TaskMove(task=one, move="generate", at=now, by=by, place=one.place) for one in tasks)
    return len(tasks)


def _made(dice: random.Random, village: str, at: int, today: date) -> dict[str, Any]:
    """The items of a made person, as a record has them."""
    birth = today - timedelta(days=dice.randint(YOUNGEST * 366, OLDEST * 365))
    tree = places()
    address = f"{tree.name(village[:6])}{tree.name(village)}培训路{at}号"
    said = {
        "ssn": _number(village[:6], birth, dice.randint(1, 998)),
        "name": dice.choice(SURNAMES) + dice.choice(CHARACTERS),
        "sex": dice.choice("12"),
        "birth_date": birth.isoformat(),
        "hukou_address": address, "residence_address": address,
        "hukou_village_name": tree.name(village), "hukou_town_name": tree.name(village[:9]), "home": village,
        "hukou_division_code": village[:6], "admin_division_code": village[:6],
        "registration_status": "2", "employment_status": "2", "uninsured_reason": "10", "vital_status": "1",
    }  # fmt: skip
    return {**dict.fromkeys(ITEMS), **said, "qualities": 0}


def _number(region: str, birth: date, sequence: int) -> str:
    """A number with a wrong check character: nobody can have it."""
    digits = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return digits + LETTERS[(LETTERS.index(check_character(digits)) + 5) % len(LETTERS)]
