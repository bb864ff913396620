-- What supervision looks at is locked like the tasks it is made from: by place, and marks by their person too.
ALTER TABLE survey_daycount ENABLE ROW LEVEL SECURITY;
CREATE POLICY day_count_in_area ON survey_daycount USING (acting_area() = '44' OR starts_with(place, acting_area()));
ALTER TABLE survey_reviewcount ENABLE ROW LEVEL SECURITY;
CREATE POLICY review_count_in_area ON survey_reviewcount
    USING (acting_area() = '44' OR starts_with(place, acting_area()));
ALTER TABLE survey_mark ENABLE ROW LEVEL SECURITY;
CREATE POLICY mark_in_area ON survey_mark USING (acting_area() = '44' OR starts_with(place, acting_area()));
CALL hide_protected('survey_mark', 'person_id');
