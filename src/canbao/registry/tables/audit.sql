-- The log of look-ups, decisions, exports and refusals. Rows are only ever added, each bound to the one before by its
-- hash; `details` is the very text that was hashed. Nothing in it tells who the insured are: objects are surrogate keys.

CREATE TABLE audit_log (
    number bigint NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    officer_id bigint,
    account text NOT NULL,
    person_name text NOT NULL,
    duty text NOT NULL,
    area text NOT NULL,
    origin text NOT NULL,
    action text NOT NULL,
    purpose text NOT NULL,
    decision text NOT NULL,
    objects text[] NOT NULL,
    details text NOT NULL,
    algorithm text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX audit_log_objects ON audit_log USING gin (objects);
CREATE INDEX audit_log_officer ON audit_log (officer_id, at);
CREATE INDEX audit_log_at ON audit_log (at);

-- Whoever adds a line adds the next one, now, behind the last: no gap, no second branch, no old date, not even by hand.
CREATE FUNCTION follow_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(x'63616E62616F'::bigint);
    SELECT number, hash INTO last FROM audit_log ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.previous <> coalesce(last.hash, ''::bytea) THEN
        RAISE EXCEPTION 'line % does not follow on line %', NEW.number, coalesce(last.number, 0);
    END IF;
    IF NEW.at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() THEN
        RAISE EXCEPTION 'line % is dated %, and it is %', NEW.number, NEW.at, clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$;

CREATE TRIGGER audit_log_follows_on BEFORE INSERT ON audit_log
    FOR EACH ROW EXECUTE FUNCTION follow_on();
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_is_not_emptied BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Also for a session that plays a replica (session_replication_role), which other triggers sleep through.
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_follows_on;
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_only_grows;
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_is_not_emptied;
ALTER TABLE history ENABLE ALWAYS TRIGGER history_only_grows;
ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_not_emptied;
-- Checkpoints ask for what history gained since the last one.
CREATE INDEX history_at ON history USING brin (at);
