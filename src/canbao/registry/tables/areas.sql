-- The second lock: whatever the application forgets, its role sees the rows of its officer's area and no others.
--
-- `canbao.area` is set for one transaction by registry.access and holds the leading digits of a place (44, 4401 …).
-- Unset or empty, nothing is seen. The role that owns the tables is not the one that the application signs in with.

CREATE FUNCTION acting_area() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('canbao.area', true), '') $$;

CREATE FUNCTION area_is_seen(areas text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(strpos(areas, '|' || nullif(current_setting('canbao.area', true), '')) > 0, false) $$;

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_in_area ON person USING (area_is_seen(areas)) WITH CHECK (area_is_seen(areas));

DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['person_identifier', 'person_fact', 'insurance_fact', 'evidence', 'history'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept);
        EXECUTE format(
            'CREATE POLICY %I ON %I USING (acting_area() = ''44'' OR EXISTS '
            '(SELECT FROM person WHERE person.id = %I.person_id))', kept || '_in_area', kept, kept);
    END LOOP;
END $$;

-- Findings are their city's own; those about one person are seen by whoever may see the person.
ALTER TABLE finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY finding_in_area ON finding USING (acting_area() = '44' OR EXISTS (
    SELECT FROM registry_package WHERE registry_package.id = finding.package_id
    AND left(registry_package.division_code, 4) = acting_area())
    OR EXISTS (SELECT FROM person_identifier AS known WHERE known.ssn = finding.ssn));

-- Names are searched by an index that row-level security would switch off (its operators are not leakproof), so the
-- search looks at the area itself; it gives ids only, and reading the rows goes through the lock again.
CREATE FUNCTION people_named(pattern text, within text, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$
    SELECT id FROM public.person
    WHERE name LIKE pattern AND starts_with(home, within) AND public.area_is_seen(areas)
    ORDER BY name, id LIMIT most
$$;
REVOKE ALL ON FUNCTION people_named FROM PUBLIC;
