-- Protected people: seen by officers who are named, and by the register itself while it works.
--
-- `canbao.officer` is set for one transaction by registry.access, beside the area: an officer's key, or `machine`. Unset
-- or anything else, protected people are hidden. Each lock here is RESTRICTIVE: whatever else lets a row be seen, it is
-- not if its person is hidden. A new table with people in it is locked by calling hide_protected in its migration.

-- The numbers of protected people, each with the protections that hold for it; follows from registry_protection and
-- `merged`. The application has no right to it: it asks the functions below.
CREATE TABLE protected_number (
    person_id bigint NOT NULL,
    protection_id bigint NOT NULL,
    ssn text COLLATE "C" NOT NULL,
    PRIMARY KEY (person_id, protection_id)
);
CREATE INDEX protected_number_ssn ON protected_number (ssn);

-- The keys of protected people whom whoever acts may not see. Asked once for each scan, not for each row.
CREATE FUNCTION hidden_numbers() RETURNS TABLE (person_id bigint, ssn text)
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE COST 1 ROWS 100 SET search_path = pg_catalog, public AS
$$
BEGIN
    IF current_setting('canbao.officer', true) = 'machine' THEN RETURN; END IF;
    RETURN QUERY SELECT number.person_id, number.ssn FROM public.protected_number AS number
    JOIN public.registry_protection AS protection ON protection.id = number.protection_id
    WHERE (protection.until IS NULL OR protection.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
    AND NOT EXISTS (SELECT FROM public.registry_protectionreader AS reader WHERE reader.protection_id = protection.id
        AND reader.officer_id::text = current_setting('canbao.officer', true));
END $$;
CREATE FUNCTION hidden_keys() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE COST 1 ROWS 100 SET search_path = pg_catalog, public AS
$$
BEGIN
    IF current_setting('canbao.officer', true) = 'machine' THEN RETURN; END IF;
    RETURN QUERY SELECT hidden.person_id FROM public.hidden_numbers() AS hidden;
END $$;

-- Whether asking for these raises an alarm: the protections that hold for some keys or numbers, and no more than that.
CREATE FUNCTION protections_of(keys bigint[], numbers text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
    SELECT DISTINCT protection.id FROM public.protected_number AS number
    JOIN public.registry_protection AS protection ON protection.id = number.protection_id
    WHERE (number.person_id = ANY (keys) OR number.ssn = ANY (numbers))
    AND (protection.until IS NULL OR protection.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY 1
$$;

CREATE FUNCTION follow_protections() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
BEGIN
    WITH due AS (
        SELECT DISTINCT number.id, protection.id AS protection_id FROM public.registry_protection AS protection
        LEFT JOIN public.merged ON merged.person_id = protection.person_id
        CROSS JOIN LATERAL (SELECT coalesce(merged.into_id, protection.person_id) AS id UNION ALL
            SELECT other.person_id FROM public.merged AS other
            WHERE other.into_id = coalesce(merged.into_id, protection.person_id)) AS number
        WHERE protection.since IS NOT NULL AND protection.revoked_by_id IS NULL
    ), over AS (
        DELETE FROM public.protected_number AS number WHERE NOT EXISTS (
            SELECT FROM due WHERE due.id = number.person_id AND due.protection_id = number.protection_id)
    )
    INSERT INTO public.protected_number SELECT due.id, due.protection_id, known.ssn FROM due
    JOIN public.person_identifier AS known ON known.person_id = due.id
    WHERE NOT EXISTS (SELECT FROM public.protected_number AS number
        WHERE number.person_id = due.id AND number.protection_id = due.protection_id);
    RETURN NULL;
END $$;
CREATE TRIGGER protections_follow_merges AFTER INSERT OR UPDATE OR DELETE ON merged
    FOR EACH STATEMENT EXECUTE FUNCTION follow_protections();
CREATE TRIGGER protections_follow_decisions AFTER INSERT OR UPDATE OR DELETE ON registry_protection
    FOR EACH STATEMENT EXECUTE FUNCTION follow_protections();

-- Lock a table: rows whose expression is among the hidden are not there. `IS NOT TRUE`, since NULL is nobody's.
CREATE PROCEDURE hide_protected(locked regclass, expression text, hidden text DEFAULT 'hidden_keys()')
LANGUAGE plpgsql AS
$$
BEGIN
    IF NOT (SELECT relrowsecurity FROM pg_class WHERE oid = locked) THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', locked);
        EXECUTE format('CREATE POLICY %I ON %s USING (true)', locked::text || '_open', locked);
    END IF;
    EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE USING ((%s IN (SELECT * FROM %s)) IS NOT TRUE)',
                   left(locked::text, 40) || '_of_protected_' || substr(md5(expression), 1, 6), locked, expression, hidden);
END $$;

-- A protection itself is seen by those who see its person.
ALTER TABLE registry_protection ENABLE ROW LEVEL SECURITY;
CREATE POLICY protection_of_person ON registry_protection
    USING (acting_area() = '44' OR EXISTS (SELECT FROM person WHERE person.id = person_id));
ALTER TABLE registry_protectionreader ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader_of_protection ON registry_protectionreader
    USING (EXISTS (SELECT FROM registry_protection WHERE registry_protection.id = protection_id));

CALL hide_protected('person', 'id');
CALL hide_protected('person_identifier', 'person_id');
CALL hide_protected('person_fact', 'person_id');
CALL hide_protected('insurance_fact', 'person_id');
CALL hide_protected('evidence', 'person_id');
CALL hide_protected('history', 'person_id');
CALL hide_protected('finding', 'ssn', '(SELECT ssn FROM hidden_numbers()) AS hidden');
CALL hide_protected('statement_past', 'ssn', '(SELECT ssn FROM hidden_numbers()) AS hidden');
CALL hide_protected('merged', 'person_id');
CALL hide_protected('merged', 'into_id');
CALL hide_protected('canary', 'person_id');
CALL hide_protected('registry_conflict', 'person_id');
CALL hide_protected('registry_link', 'person_id');
CALL hide_protected('registry_link', 'into_id');
CALL hide_protected('registry_assignment', 'person_id');
CALL hide_protected('registry_assignment', 'ssn', '(SELECT ssn FROM hidden_numbers()) AS hidden');
CALL hide_protected('registry_assignment', 'number', '(SELECT ssn FROM hidden_numbers()) AS hidden');
CALL hide_protected('registry_correction', 'person_id');
CALL hide_protected('registry_handover', 'person_id');
CALL hide_protected('rehearsed_person', 'person_id');
CALL hide_protected('place_unclear', 'person_id');
CALL hide_protected('registry_candidate', 'left_id');
CALL hide_protected('registry_candidate', 'right_id');
CALL hide_protected('registry_protection', 'person_id');
CALL hide_protected('registry_emergencylook', 'person_id');
CALL hide_protected('registry_request', 'person_id');
CALL hide_protected('registry_request', $$(content ->> 'keep')$$, '(SELECT key::text FROM hidden_keys() AS key) AS hidden');
CALL hide_protected('registry_request', $$(content ->> 'other')$$, '(SELECT key::text FROM hidden_keys() AS key) AS hidden');
CALL hide_protected('registry_request', $$(content ->> 'number')$$, '(SELECT ssn FROM hidden_numbers()) AS hidden');

-- As in areas.sql; the search looks at the protection itself too, before it counts.
CREATE OR REPLACE FUNCTION people_named(pattern text, within text, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
    SELECT id FROM public.person
    WHERE name LIKE pattern AND starts_with(home, within) AND public.area_is_seen(areas)
    AND id NOT IN (SELECT * FROM public.hidden_keys())
    ORDER BY name, id LIMIT most
$$;
REVOKE ALL ON FUNCTION follow_protections FROM PUBLIC;
REVOKE ALL ON PROCEDURE hide_protected FROM PUBLIC;
