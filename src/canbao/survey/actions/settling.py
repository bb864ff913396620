"""People leave the list by themselves when data settle them: insured, dead, moved away, or another number's person.

The register says so; this looks at open tasks again and again, after each admission and every few minutes, and at those
of certain people as soon as data about them have changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from canbao.registry.access import PROVINCE, working
from canbao.registry.audit import Entry, append
from canbao.registry.database import Cursor
from canbao.survey.moving import move_many, states_before

REASONS = {
    "insured": "已经参保",
    "dead": "已经死亡",
    "moved": "户籍已迁出本市",
    "evidence": "参军、出国或判刑（部门数据）",
    "merged": "与另一号码是同一人",
    "gone": "登记库已没有这个人的户籍",
}
PIECE = 5_000
OPEN_FOR_ALL = sorted(states_before("settle") & states_before("cancel"))
"""The states from which every reason closes a task: one that none could close would be found again and again."""


def settle(people: Sequence[int] | None = None) -> dict[str, int]:
    """Close the open tasks whose people data have settled; returns how many by reason. Again, it does nothing.

    `people` are keys of people, those of all their numbers: only theirs are looked at.
    """
    counts: dict[str, int] = {}
    query = _settled("" if people is None else _OF_PEOPLE)
    while True:
        with working(), connection.cursor() as cursor:
            cursor.execute(query, {"open": OPEN_FOR_ALL, "piece": PIECE, "people": people})
            found = cursor.fetchall()
            if not found:
                return counts
            for reason, many in _written(cursor, found).items():
                counts[reason] = counts.get(reason, 0) + many


def _written(cursor: Cursor, found: list[tuple[int, str]]) -> dict[str, int]:
    by_reason: dict[str, list[int]] = {}
    for task, reason in found:
        by_reason.setdefault(reason, []).append(task)
    for reason, tasks in by_reason.items():
        move_many(tasks, "cancel" if reason == "merged" else "settle", None, note={"why": reason})
    counts = {reason: len(tasks) for reason, tasks in by_reason.items()}
    append(cursor, Entry(action="task.settle", area=PROVINCE, details=counts))
    return counts


_OF_PEOPLE = (
    "AND (task.person_id = ANY(%(people)s) OR task.person_id IN (SELECT person_id FROM merged "
    "WHERE into_id = ANY(%(people)s)))"
)


def _settled(whose: str) -> str:
    """The query for tasks that data have settled, with the reason."""
    return f"""
SELECT task.id, CASE
    WHEN merged.person_id IS NOT NULL AND EXISTS (SELECT FROM survey_task AS other
        WHERE other.campaign_id = task.campaign_id AND other.person_id = merged.into_id) THEN 'merged'
    WHEN person.vital_status = '2' THEN 'dead'
    WHEN person.registration_status IN ('1', '3') THEN 'insured'
    WHEN person.registration_status IS NULL THEN 'gone'
    WHEN NOT starts_with(person.home, left(campaign.area, 4)) THEN 'moved'
    ELSE 'evidence' END AS reason
FROM survey_task AS task JOIN survey_campaign AS campaign ON campaign.id = task.campaign_id
LEFT JOIN merged ON merged.person_id = task.person_id
JOIN person ON person.id = coalesce(merged.into_id, task.person_id)
WHERE task.state = ANY(%(open)s) AND NOT campaign.is_training AND campaign.state IN ('prepared', 'announced', 'running',
    'auditing') AND (person.vital_status = '2' OR person.registration_status IS DISTINCT FROM '2'
    OR NOT starts_with(person.home, left(campaign.area, 4))
    OR (person.uninsured_reason_rule IN ('UR1', 'UR2', 'UR3'))
    OR (merged.person_id IS NOT NULL AND EXISTS (SELECT FROM survey_task AS other
        WHERE other.campaign_id = task.campaign_id AND other.person_id = merged.into_id))) {whose}
ORDER BY task.id LIMIT %(piece)s FOR UPDATE OF task SKIP LOCKED
"""
