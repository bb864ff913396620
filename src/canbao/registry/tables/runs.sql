-- Rows of departments' lists: what each says until it is handed on (registry.streams.listing), then what became of it.
CREATE TABLE exchange_run_row (
    run_id bigint NOT NULL,
    -- As a spreadsheet counts it; people who are on a complete list no more come after the list's last row.
    row bigint NOT NULL,
    ends boolean NOT NULL DEFAULT FALSE,
    -- Kept until the run is over.
    ssn text COLLATE "C",
    digest bytea,
    said jsonb,
    -- taken, older, unknown, other_name, aside, refused; empty as long as it isn't known
    outcome text NOT NULL DEFAULT '',
    says text NOT NULL DEFAULT '',
    person_id bigint,
    PRIMARY KEY (run_id, row)
);
CREATE INDEX exchange_run_row_outcome ON exchange_run_row (run_id, outcome, row);
CREATE INDEX exchange_run_row_ssn ON exchange_run_row (run_id, ssn) WHERE ssn IS NOT NULL;
CALL hide_protected('exchange_run_row', 'person_id');
CALL hide_protected('exchange_run_row', 'ssn', '(SELECT ssn FROM hidden_numbers()) AS hidden');
