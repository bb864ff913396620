-- Duplicates are seen where a cover is, where one is reported, and where the person is. The person is not looked up: a list
-- goes through many of them, and would go through all people of the province for those that it may not show.
ALTER TABLE registry_duplicate ENABLE ROW LEVEL SECURITY;
CREATE POLICY duplicate_of_area ON registry_duplicate USING (acting_area() = '44' OR area_is_seen(seen_by));
CALL hide_protected('registry_duplicate', 'person_id');
