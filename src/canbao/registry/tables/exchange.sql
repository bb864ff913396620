-- Living data: what partners have pushed, what of it stands, which signatures have been used, how far feeds are.

-- Every row that a partner has pushed, once: by its own id. `said` is kept as long as the row waits or lies aside.
CREATE TABLE inbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    partner_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    -- SHA-256 of what was pushed: the same key with another content is a contradiction.
    digest bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    -- kept, taken, same, older, aside, dropped
    state text NOT NULL DEFAULT 'kept',
    says text NOT NULL DEFAULT '',
    person_id bigint,
    said jsonb,
    PRIMARY KEY (partner_id, key)
);
CREATE INDEX inbox_waiting ON inbox (partner_id, id) WHERE state = 'kept';
CREATE INDEX inbox_aside ON inbox (partner_id, id) WHERE state = 'aside';
CREATE INDEX inbox_aside_number ON inbox ((said ->> 'ssn')) WHERE state = 'aside';
CREATE INDEX inbox_outcomes ON inbox (partner_id, id);

-- Which sequence numbers of a partner have come, and when the partner was heard last.
CREATE TABLE inbox_sequence (
    partner_id bigint NOT NULL PRIMARY KEY,
    seen int8multirange NOT NULL DEFAULT '{}',
    heard_at timestamptz NOT NULL DEFAULT now()
);

-- What stands of what was pushed: one row for each thing that a division says of a person. It lies over what the
-- division's packages of an earlier day said (registry.actions.admission.laying).
CREATE TABLE live_fact (
    person_id bigint NOT NULL,
    division_code text COLLATE "C" NOT NULL,
    -- insurance:emp_pension:440103, item:mobile, death …
    subject text COLLATE "C" NOT NULL,
    ssn text COLLATE "C" NOT NULL,
    name text NOT NULL,
    sex text,
    birth_date date,
    at timestamptz NOT NULL,
    rank smallint NOT NULL,
    partner_id bigint NOT NULL,
    seq bigint NOT NULL,
    -- The row's columns by name; null once the partner has said that it no longer holds.
    content jsonb,
    PRIMARY KEY (person_id, division_code, subject)
) PARTITION BY HASH (person_id);
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF live_fact FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                       'live_fact_' || lpad(part::text, 2, '0'), part);
    END LOOP;
END $$;
-- What packages lie under, found as they come: by their numbers.
CREATE INDEX live_fact_division ON live_fact (division_code, ssn);
CALL hide_protected('live_fact', 'person_id');
CALL hide_protected('registry_given', 'person_id');

-- Signatures that have been used; remembered for longer than they would be valid.
CREATE TABLE partner_nonce (
    partner_id bigint NOT NULL,
    nonce text COLLATE "C" NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partner_id, nonce)
);
CREATE INDEX partner_nonce_used ON partner_nonce (used_at);

-- Requests and rows of a partner by the minute: what limits and the watching page count.
CREATE TABLE partner_minute (
    partner_id bigint NOT NULL,
    minute timestamptz NOT NULL,
    service text NOT NULL,
    requests integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    rows bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (partner_id, minute, service)
);

-- The transaction that wrote each line of history: feeds go by it, since it never lets a line appear behind a reader.
ALTER TABLE history ADD COLUMN written xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX history_written ON history (written, person_id, version);
-- Transactions are numbered anew after a restore: cursors of before are of another era.
CREATE TABLE feed_era (era uuid NOT NULL DEFAULT gen_random_uuid());
INSERT INTO feed_era DEFAULT VALUES;
