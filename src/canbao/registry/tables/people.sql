-- The people of a province: what each source says of them (facts), and the one true record that follows.
--
-- Built for 120 million people and 300 million insurance rows. Everything about a person hangs from `person_id` and is
-- divided by its hash, so that one person's rows lie together and joins stay within a division (and, one day, within a
-- server). Only person_identifier is divided by the number itself: it is where a look-up begins, and what makes a
-- number unique.

CREATE SEQUENCE person_number;

CREATE TABLE person (
    id bigint NOT NULL PRIMARY KEY,
    ssn text COLLATE "C" NOT NULL,
    name text,
    sex text,
    birth_date date,
    admin_division_code text COLLATE "C",
    ethnicity text,
    hukou_address text,
    hukou_division_code text COLLATE "C",
    hukou_town_name text,
    hukou_town_code text COLLATE "C",
    hukou_village_name text,
    hukou_village_code text COLLATE "C",
    residence_address text,
    mobile text,
    vital_status text,
    death_date date,
    personal_status text,
    employment_status text,
    no_unit_type text,
    registration_status text,
    uninsured_reason text,
    unit_no text,
    unit_name text,
    unit_type text,
    emp_pension_contrib_status text,
    emp_pension_benefit_status text,
    emp_pension_enrol_date date,
    emp_pension_region_code text COLLATE "C",
    res_pension_contrib_status text,
    res_pension_benefit_status text,
    res_pension_enrol_date date,
    res_pension_region_code text COLLATE "C",
    emp_medical_contrib_status text,
    emp_medical_benefit_status text,
    emp_medical_enrol_date date,
    emp_medical_region_code text COLLATE "C",
    res_medical_contrib_status text,
    res_medical_benefit_status text,
    res_medical_enrol_date date,
    res_medical_region_code text COLLATE "C",
    unemployment_contrib_status text,
    unemployment_benefit_status text,
    unemployment_enrol_date date,
    unemployment_region_code text COLLATE "C",
    work_injury_contrib_status text,
    work_injury_benefit_status text,
    work_injury_enrol_date date,
    work_injury_region_code text COLLATE "C",
    maternity_contrib_status text,
    maternity_benefit_status text,
    maternity_enrol_date date,
    maternity_region_code text COLLATE "C",
    wi_disability_allowance_status text,
    wi_survivor_pension_status text,
    is_household boolean NOT NULL,
    disposition text,
    operator_name text,
    operated_at timestamptz,
    reviewer_name text,
    reviewed_at timestamptz,
    employment_status_rule text,
    no_unit_type_rule text,
    registration_status_rule text,
    uninsured_reason_rule text,
    wi_disability_allowance_status_rule text,
    wi_survivor_pension_status_rule text,
    disposition_rule text,
    qualities bigint NOT NULL,
    open_conflict boolean NOT NULL,
    judged_on date NOT NULL,
    -- The places whose officers may see the person, each after a bar: |440103001002|4403.
    areas text COLLATE "C" NOT NULL,
    -- The finest known place of the household register, else the managing division: what lists by place go by.
    home text COLLATE "C" NOT NULL,
    version integer NOT NULL
) PARTITION BY HASH (id);

-- Every number that a person has or had; a number leads to one person.
CREATE TABLE person_identifier (
    ssn text COLLATE "C" NOT NULL PRIMARY KEY,
    person_id bigint NOT NULL,
    is_current boolean NOT NULL DEFAULT true
) PARTITION BY HASH (ssn);

-- What one division says of a person: the items of its cleaned record, without what follows from them.
CREATE TABLE person_fact (
    person_id bigint NOT NULL,
    division_code text COLLATE "C" NOT NULL,
    ssn text COLLATE "C" NOT NULL,
    name text,
    sex text,
    birth_date date,
    admin_division_code text COLLATE "C",
    ethnicity text,
    hukou_address text,
    hukou_division_code text COLLATE "C",
    hukou_town_name text,
    hukou_town_code text COLLATE "C",
    hukou_village_name text,
    hukou_village_code text COLLATE "C",
    residence_address text,
    mobile text,
    vital_status text,
    death_date date,
    unit_no text,
    unit_name text,
    unit_type text,
    is_household boolean NOT NULL,
    qualities bigint NOT NULL,
    open_conflict boolean NOT NULL,
    -- Held out until an officer has decided whether it is the same person.
    is_held boolean NOT NULL,
    content text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (person_id, division_code)
) PARTITION BY HASH (person_id);

CREATE TABLE insurance_fact (
    person_id bigint NOT NULL,
    division_code text COLLATE "C" NOT NULL,
    insurance_type text NOT NULL,
    contrib_status text,
    benefit_status text,
    enrol_date date,
    region_code text COLLATE "C",
    payer_category text,
    personal_status text,
    unit_no text,
    unit_name text,
    unit_type text,
    mobile text,
    updated_at timestamp,
    source text NOT NULL,
    row bigint NOT NULL
) PARTITION BY HASH (person_id);

CREATE TABLE evidence (
    person_id bigint NOT NULL,
    division_code text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    quality text,
    source text NOT NULL,
    row bigint NOT NULL
) PARTITION BY HASH (person_id);

-- Which bit of `qualities` stands for which quality of the law; a bit once given keeps its meaning.
CREATE TABLE quality_bit (quality text PRIMARY KEY, bit integer NOT NULL UNIQUE CHECK (bit BETWEEN 0 AND 62));

-- Every change of a record: which items, from what to what, by which package or officer. Rows are only ever added.
CREATE TABLE history (
    person_id bigint NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    package_id bigint,
    officer_id bigint,
    changes jsonb NOT NULL,
    -- SHA-256 of the record after the change, so that an edit behind the application shows.
    digest bytea NOT NULL,
    PRIMARY KEY (person_id, version)
) PARTITION BY HASH (person_id);

-- What cleaning found, package by package; the packages' own lists, for their cities to work off.
CREATE TABLE finding (
    package_id bigint NOT NULL,
    severity text NOT NULL,
    rule text NOT NULL,
    source text,
    row bigint,
    ssn text COLLATE "C",
    field text,
    value text,
    message text
) PARTITION BY HASH (package_id);

DO $$
DECLARE divided text; part integer;
BEGIN
    FOREACH divided IN ARRAY ARRAY['person', 'person_identifier', 'person_fact', 'insurance_fact', 'evidence', 'history',
                                   'finding']
    LOOP
        FOR part IN 0..15 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                           divided || '_' || lpad(part::text, 2, '0'), divided, part);
        END LOOP;
    END LOOP;
END $$;

CREATE INDEX person_home ON person (home);
-- What was added last lies in a list (in each of sixteen divisions) that every search reads through: at the usual 4 MB
-- that costs a search a fifth of a second, at 2 MB a tenth; at 256 kB each admission pays for it.
CREATE INDEX person_name ON person USING gin (name gin_trgm_ops) WITH (gin_pending_list_limit = 2048);
CREATE INDEX person_identifier_person ON person_identifier (person_id);
CREATE INDEX person_fact_division ON person_fact (division_code, ssn);
CREATE INDEX insurance_fact_person ON insurance_fact (person_id);
CREATE INDEX evidence_person ON evidence (person_id);
CREATE INDEX finding_package ON finding (package_id, rule);
CREATE INDEX finding_number ON finding (ssn);

-- Which people an officer has seen on a day: what daily quotas count.
CREATE TABLE person_seen (
    officer_id bigint NOT NULL,
    day date NOT NULL,
    person_id bigint NOT NULL,
    PRIMARY KEY (officer_id, day, person_id)
);

-- Records that nobody has a reason to look at: whoever does raises an alarm. Which they are, the auditors say.
CREATE TABLE canary (
    person_id bigint NOT NULL PRIMARY KEY,
    marked_by bigint NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT now()
);
