# A PostgreSQL of one's own in a temporary folder, durable (fsync on), from the installed binaries; sourced by the programs
# here. Sets `folder`, `bin`, and `database NAME`, which makes a database and prints its address. Everything is gone when
# the program ends.
folder=$(mktemp -d)
pg_user=""
if [ "$(id -u)" = 0 ]; then pg_user=postgres; chown postgres "$folder"; fi
as() { if [ -n "$pg_user" ]; then setpriv --reuid "$pg_user" --regid "$pg_user" --clear-groups "$@"; else "$@"; fi; }
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)}
server=""
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$folder" "$folder.log"' EXIT
as "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C >/dev/null
as "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c shared_buffers=512MB -c max_wal_size=4GB \
   >"$folder.log" 2>&1 &
server=$!
until "$bin/psql" -h "$folder" -U postgres -c 'select 1' postgres >/dev/null 2>&1; do sleep 0.2; done
database() {
  "$bin/psql" -h "$folder" -U postgres -qc "create database $1" postgres
  echo "postgres://postgres@localhost/$1?host=$folder"
}
liannong=${LIANNONG:-}
if [ -z "$liannong" ]; then
  cargo build --quiet --release --bin liannong --config 'profile.release.package.liannong.opt-level=3'
  liannong="${CARGO_TARGET_DIR:-target}/release/liannong"
fi
