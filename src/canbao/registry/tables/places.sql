-- What is needed when places change: today's code of any code, and whom a split can't tell apart.

-- A row may also say that a village's town has another name, while its own code and name stay.
ALTER TABLE place_now DROP CONSTRAINT place_now_check,
    ADD CONSTRAINT place_now_check CHECK (new_code <> old_code OR name <> '' OR town_name <> '');

-- The code that has taken a place's over; one that nobody knows goes with the smallest known place it lies in.
CREATE FUNCTION place_today(code text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(
        (SELECT new_code FROM place_now WHERE old_code = code),
        (SELECT new_code || substr(code, 10) FROM place_now WHERE old_code = left(code, 9)),
        (SELECT new_code || substr(code, 7) FROM place_now WHERE old_code = left(code, 6)), code)
$$;
CREATE FUNCTION areas_today(areas text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$
    SELECT coalesce(string_agg('|' || place_today(area), '' ORDER BY number), areas)
    FROM unnest(string_to_array(substr(areas, 2), '|')) WITH ORDINALITY AS each (area, number)
$$;

-- People of whom only the place that was split is known: they went to its successor, rightly or not.
CREATE TABLE place_unclear (
    change_id bigint NOT NULL,
    person_id bigint NOT NULL,
    PRIMARY KEY (change_id, person_id)
);
ALTER TABLE place_unclear ENABLE ROW LEVEL SECURITY;
CREATE POLICY place_unclear_in_area ON place_unclear USING (acting_area() = '44' OR EXISTS
    (SELECT FROM person WHERE person.id = place_unclear.person_id));
