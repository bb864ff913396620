-- The roles of Canbao and its database; run once, as a superuser: sudo -u postgres psql -f roles.sql
-- Set the passwords afterwards with \password canbao_owner and so on: psql sends them hashed, so no log has them.
\set ON_ERROR_STOP on

-- Owns the tables and migrates them. No page is served with it.
CREATE ROLE canbao_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
-- Serves pages and works off jobs, under row-level security. Owns nothing, so it can neither lift it nor alter the audit log.
CREATE ROLE canbao_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
-- Dumps. Sees every row, so its password belongs to the backup alone.
CREATE ROLE canbao_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT pg_read_all_data TO canbao_backup;
-- Streams to the standby. It sees everything too.
CREATE ROLE canbao_standby LOGIN NOSUPERUSER REPLICATION;

CREATE DATABASE canbao OWNER canbao_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE canbao FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE canbao TO canbao_app, canbao_backup;

\connect canbao
SET ROLE canbao_owner;
CREATE EXTENSION pg_trgm;
