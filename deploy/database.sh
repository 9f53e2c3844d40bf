#!/bin/sh
# Make the role and the database of the app: the role is no superuser, so PostGIS is made here for it.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DATABASE_PASSWORD" -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
CREATE ROLE locatiewijzer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE locatiewijzer OWNER locatiewijzer;
REVOKE ALL ON DATABASE locatiewijzer FROM PUBLIC;
\connect locatiewijzer
CREATE EXTENSION IF NOT EXISTS postgis;
SQL
