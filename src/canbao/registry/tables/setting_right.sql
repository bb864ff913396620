-- What setting the register right needs: which numbers are one person, what a package replaced, where places went.
--
-- Facts never move when people are merged: they hang from the number they were stated under, and `merged` says for whom
-- they count. So taking a merge back restores both people, whatever came in between.

-- The numbers whose facts count for another one; follows from registry_link, with chains followed to their end.
CREATE TABLE merged (person_id bigint NOT NULL PRIMARY KEY, into_id bigint NOT NULL CHECK (into_id <> person_id));
CREATE INDEX merged_into ON merged (into_id);

-- Since which package a division calls the person so, and which package brought the statement as it is.
ALTER TABLE person_fact ADD COLUMN named_since bigint, ADD COLUMN package_id bigint;
ALTER TABLE history ADD COLUMN request_id bigint;
ALTER TABLE person_identifier DROP COLUMN is_current;

-- The statements that a package replaced or dropped, whole: what comes back when it is withdrawn.
CREATE TABLE statement_past (
    ssn text COLLATE "C" NOT NULL,
    division_code text COLLATE "C" NOT NULL,
    replaced_by bigint NOT NULL,
    fact jsonb NOT NULL,
    covers jsonb NOT NULL,
    evidence jsonb NOT NULL,
    PRIMARY KEY (ssn, division_code, replaced_by)
) PARTITION BY HASH (ssn);
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF statement_past FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                       'statement_past_' || lpad(part::text, 2, '0'), part);
    END LOOP;
END $$;
CREATE INDEX statement_past_package ON statement_past (replaced_by, ssn);
ALTER TABLE statement_past ENABLE ROW LEVEL SECURITY;
CREATE POLICY statement_past_in_province ON statement_past USING (acting_area() = '44');

-- Codes that are no more, and the ones that have taken their place; `town_name` where a village changed its town.
CREATE TABLE place_now (
    old_code text COLLATE "C" NOT NULL PRIMARY KEY,
    new_code text COLLATE "C" NOT NULL CHECK (new_code <> old_code OR name <> ''),
    name text NOT NULL,
    town_name text NOT NULL DEFAULT ''
);

-- Requests and their papers are seen where they were made and where they are decided.
ALTER TABLE registry_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY request_in_area ON registry_request
    USING (starts_with(area, acting_area()) OR starts_with(asked_area, acting_area()));
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['registry_requestmove', 'registry_paper'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept);
        EXECUTE format('CREATE POLICY %I ON %I USING (EXISTS (SELECT FROM registry_request '
                       'WHERE registry_request.id = %I.request_id))', kept || '_of_request', kept, kept);
    END LOOP;
END $$;
