-- Survey answers are seen by those who see the person, and hidden with the person.
ALTER TABLE registry_surveyanswers ENABLE ROW LEVEL SECURITY;
CREATE POLICY answers_of_person ON registry_surveyanswers
    USING (acting_area() = '44' OR EXISTS (SELECT FROM person WHERE person.id = person_id));
CALL hide_protected('registry_surveyanswers', 'person_id');

-- Whether there are any in force at all, whoever asks: where nobody was surveyed, deriving records costs no more.
CREATE FUNCTION anybody_surveyed() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT FROM public.registry_surveyanswers WHERE withdrawn_at IS NULL) $$;
