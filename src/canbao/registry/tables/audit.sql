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

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$;

CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
