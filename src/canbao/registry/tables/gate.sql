-- Some of the people whom a dry run of a package's admission would touch, so that somebody can look before deciding.
--
-- Who is registered already is named by key alone; of who would be new there are number and name, masked for good.
-- `changes` has codes by item: what is registered, and what would be; of other items only that they would change.
CREATE TABLE rehearsed_person (
    package_id bigint NOT NULL,
    place integer NOT NULL,
    effect text NOT NULL,
    person_id bigint,
    areas text COLLATE "C" NOT NULL,
    home text COLLATE "C" NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    changes jsonb NOT NULL,
    PRIMARY KEY (package_id, place)
);
ALTER TABLE rehearsed_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY rehearsed_person_in_area ON rehearsed_person USING (area_is_seen(areas)) WITH CHECK (area_is_seen(areas));
