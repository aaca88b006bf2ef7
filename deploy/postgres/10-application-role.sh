#!/usr/bin/env bash
# Run once by the database's image: the role of all services. It is no superuser, so row-level security binds it.
set -euo pipefail
# The password comes from the environment inside psql: an argument would show in the list of processes.
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password ZHONGTAI_DATABASE_PASSWORD
CREATE ROLE zhongtai LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE zhongtai OWNER zhongtai;
REVOKE CONNECT ON DATABASE zhongtai FROM PUBLIC;
SQL
