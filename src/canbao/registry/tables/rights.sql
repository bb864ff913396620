-- What the application may do: work with the people's rows, only add to history, never change the shape of a table.

GRANT USAGE ON SCHEMA public TO canbao_app;
GRANT SELECT, INSERT, UPDATE ON person, person_identifier TO canbao_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON person_fact, insurance_fact, evidence TO canbao_app;
GRANT SELECT, INSERT ON history, quality_bit TO canbao_app;
GRANT SELECT, INSERT, DELETE ON finding TO canbao_app;
GRANT SELECT, INSERT ON person_seen TO canbao_app;
GRANT USAGE ON SEQUENCE person_number TO canbao_app;
GRANT EXECUTE ON FUNCTION people_named TO canbao_app;
