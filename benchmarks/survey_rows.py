"""A made campaign of one city by SQL alone: tasks, moves, visits and forms handed in, 40 days into its 60.

Nobody stands behind the tasks: what is measured looks at tasks, and people's names are read page by page elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections

CITY = "4406"


def fill(villages: Sequence[str], tasks: int, surveyors: int, by: int) -> int:
    """Fill the survey's tables, all the work of one officer; returns the campaign's key."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_CAMPAIGN, {"city": CITY, "by": by})
        campaign = int(cursor.fetchone()[0])
        said = {"campaign": campaign, "villages": list(villages), "tasks": tasks, "many": surveyors, "by": by}
        for step in (_SURVEYORS, _TASKS, _DONE, *_MOVES, _ENTRIES, _VISITS):
            cursor.execute(step, said)
        cursor.execute("DROP TABLE made_task")
        cursor.execute("VACUUM ANALYZE")
    return campaign


_CAMPAIGN = """
INSERT INTO survey_campaign (area, name, starts_on, ends_on, state, scope, attempts, entry_days, self_filling,
    is_training, form, phone, waiver, drawn_up_by_id, drawn_up_at)
VALUES (%(city)s, '量一量', current_date - 40, current_date + 20, 'running', '{}', 3, 7, false, false, 1, '', '',
    %(by)s, now()) RETURNING id
"""
_SURVEYORS = """
INSERT INTO survey_surveyor (city, place, name, mobile, unit, card_number, valid_from, valid_to, revoked_for,
    sealed_photo, added_by_id, added_at)
SELECT left(town, 4), town, '调查' || number, '13800138000', '', 'K' || number, current_date - 50, current_date + 90,
    '', '', %(by)s, now()
FROM (SELECT DISTINCT left(village, 9) AS town FROM unnest(%(villages)s::text[]) AS village) AS towns,
    generate_series(1, 100) AS each, LATERAL (SELECT row_number() OVER () AS unused) AS row,
    LATERAL (SELECT town || '-' || each AS number) AS named
WHERE each <= greatest(1, %(many)s / (SELECT count(DISTINCT left(village, 9)) FROM unnest(%(villages)s::text[])
    AS village))
"""
_TASKS = """
CREATE TABLE made_task AS
SELECT number, (%(villages)s::text[])[1 + number * 7919 %% cardinality(%(villages)s::text[])] AS place,
    hashint8(number) & 1023 AS lot,
    current_date - interval '1 day' * (1 + number %% 39) + interval '1 minute' * (60 + (hashint8(number + 1) & 511))
        AS submitted
FROM generate_series(1, %(tasks)s) AS number;
WITH workers AS (
    SELECT place AS town, array_agg(id ORDER BY id) AS ids FROM survey_surveyor GROUP BY place
)
INSERT INTO survey_task (campaign_id, person_id, place, state, surveyor_id, form, reason, failed, returned, entries,
    is_clean, collected_at, changed_at, version)
SELECT %(campaign)s, 1000000 + number, made_task.place,
    CASE WHEN lot < 600 THEN 'loaded' WHEN lot < 660 THEN 'archived' WHEN lot < 740 THEN 'submitted'
        WHEN lot < 770 THEN 'returned' WHEN lot < 800 THEN 'closed_by_data' WHEN lot < 880 THEN 'in_field'
        WHEN lot < 960 THEN 'assigned' WHEN lot < 990 THEN 'town' ELSE 'pending' END,
    CASE WHEN lot < 960 THEN workers.ids[1 + number %% cardinality(workers.ids)] END,
    1, '30', lot %% 3, (lot %% 17 = 0)::int, CASE WHEN lot < 770 THEN 1 ELSE 0 END, lot %% 2 = 0, submitted,
    least(now(), submitted + interval '9 hours'), 5
FROM made_task JOIN workers ON workers.town = left(made_task.place, 9)
"""
_DONE = """
ALTER TABLE made_task ADD id bigint;
UPDATE made_task SET id = t.id FROM survey_task AS t WHERE t.person_id = 1000000 + number
"""
_MOVE = """
INSERT INTO survey_taskmove (task_id, move, at, by_id, surveyor_id, place, note)
SELECT t.id, '{move}', {at}, %(by)s, t.surveyor_id, t.place, '{note}' FROM made_task AS m
JOIN survey_task AS t ON t.id = m.id WHERE {which}
"""
_MOVES = tuple(
    _MOVE.format(move=move, at=at, which=which, note=note)
    for move, at, which, note in (
        ("generate", "now() - interval '45 days'", "true", "{}"),
        ("allot", "now() - interval '42 days'", "lot < 990", "{}"),
        ("assign", "now() - interval '41 days'", "lot < 960", "{}"),
        ("start", "submitted - interval '2 hours'", "lot < 880", "{}"),
        ("submit", "submitted", "lot < 770", '{"entry": 1}'),
        ("return", "submitted + interval '5 hours'", "lot %% 17 = 0 AND lot < 770", '{"reasons": ["missing"]}'),
        ("resubmit", "submitted + interval '7 hours'", "lot %% 17 = 0 AND lot < 740", '{"entry": 2}'),
        ("approve", "submitted + interval '9 hours'", "lot < 660", '{"entry": 1}'),
        ("load", "submitted + interval '9 hours'", "lot < 660", "{}"),
    )
)
_ENTRIES = """
INSERT INTO survey_entry (task_id, number, form, answers, kept, reasons, found, method, seconds, surveyor_id, by_id, at)
SELECT t.id, 1, 1, jsonb_build_object('survey_outcome', '1', 'survey_way', '1', 'surveyed_on', submitted::date,
        'respondent', '1', 'signed', (lot %% 50 <> 0)::int::text, 'identity_right', '1', 'residence_address',
        '某路' || number || '号', 'mobile', '138' || lpad((number / CASE WHEN lot %% 40 = 0 THEN 900 ELSE 1 END)::text,
        8, '0'), 'employment_status', '2', 'no_unit_type', (lot %% 7)::text, 'covered_elsewhere', '0',
        'uninsured_reason', (10 + lot %% 9)::text),
    '{}', '{}', CASE WHEN lot %% 30 = 0 THEN '["SF07"]'::jsonb ELSE '[]' END, '2', 20 + lot %% 300, t.surveyor_id,
    %(by)s, submitted
FROM made_task AS m JOIN survey_task AS t ON t.id = m.id WHERE lot < 770
"""
_VISITS = """
INSERT INTO survey_visit (task_id, at, way, outcome, note, latitude, longitude, is_position_faked, surveyor_id, by_id,
    written_at)
SELECT t.id, submitted - interval '1 day' * each, '1', '2', '',
    23 + (hashtext(m.place) & 255) / 500.0 + (lot %% 90) / 20000.0 + (lot = 7)::int * 0.1,
    113 + (hashtext(m.place) & 127) / 300.0 + (hashint8(number) & 1023) / 200000.0, lot = 3, t.surveyor_id, %(by)s,
    submitted
FROM made_task AS m JOIN survey_task AS t ON t.id = m.id, generate_series(1, 3) AS each
WHERE lot < 880 AND each <= lot %% 3
"""
