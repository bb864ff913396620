-- The survey's second lock: whatever the application forgets, its role sees the tasks of its officer's area and no
-- others, none of people protected from that officer, and what hangs from a task goes with it.

ALTER TABLE survey_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY task_in_area ON survey_task
    USING (acting_area() = '44' OR starts_with(place, acting_area()))
    WITH CHECK (acting_area() = '44' OR starts_with(place, left(acting_area(), 6)));
-- A task may be moved to another town of the same county by whoever holds it; beyond it by nobody below the province.
CALL hide_protected('survey_task', 'person_id');

DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['survey_taskmove', 'survey_visit', 'survey_entry', 'survey_draft', 'survey_selfcode',
                                'survey_sampletask'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept);
        EXECUTE format('CREATE POLICY %I ON %I USING (EXISTS (SELECT FROM survey_task WHERE survey_task.id = %I.task_id))',
                       kept || '_in_area', kept, kept);
    END LOOP;
END $$;
ALTER TABLE survey_comment ENABLE ROW LEVEL SECURITY;
CREATE POLICY survey_comment_in_area ON survey_comment
    USING (EXISTS (SELECT FROM survey_entry WHERE survey_entry.id = survey_comment.entry_id));

-- Which tasks an officer has opened, taken away or printed on a day: what the daily quota counts.
CREATE TABLE survey_task_seen (
    officer_id bigint NOT NULL,
    day date NOT NULL,
    task_id bigint NOT NULL,
    PRIMARY KEY (officer_id, day, task_id)
);

-- People made for training have keys of their own, below nought.
CREATE SEQUENCE survey_made_person;
CREATE INDEX survey_entry_mobile ON survey_entry ((answers ->> 'mobile'));
