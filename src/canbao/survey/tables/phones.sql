-- What came from phones is locked by the place in which their surveyor works, and like tasks by whom it is about.
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['survey_device', 'survey_stream', 'survey_phoneaction', 'survey_picture'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept);
        EXECUTE format('CREATE POLICY %I ON %I USING (acting_area() = ''44'' OR starts_with(place, acting_area()))',
                       kept || '_in_area', kept);
    END LOOP;
END $$;
ALTER TABLE survey_parcel ENABLE ROW LEVEL SECURITY;
CREATE POLICY survey_parcel_in_area ON survey_parcel
    USING (EXISTS (SELECT FROM survey_device WHERE survey_device.id = device_id));
CALL hide_protected('survey_phoneaction', 'person_id');
CALL hide_protected('survey_picture', 'person_id');
