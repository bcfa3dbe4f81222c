import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { solvent } from '../integration/commands.js';
import { startPostgres, type PostgresServer } from '../snapshot/books/postgres-server.js';
import { DAYS, OperationDirectory } from './operation.js';

const [FIRST] = DAYS;
const VARIABLE = 'BOOKS_DATABASE_URL';
/** A public test key and a certificate of it for localhost, which was valid in 2020 alone. */
const EXPIRED = new URL('./expired-certificate.pem', import.meta.url).pathname;
const COMPLETE = 'completeTo: 2026-01-29T00:00:00Z';
const BOOKS = `format: solvent/books/v1
platform: Corner Exchange
quote: USD
cash: balances-total
underwater: fail
isolatedLoss: limited
maxMarkAge: 10m
assets:
  - { symbol: USD, decimals: 2, collateralRatio: 1, maxPriceAge: 10m }
connections: { main: ${VARIABLE} }
sources:
  balances: { connection: main, query: 'SELECT account, asset, amount FROM balances', ${COMPLETE} }
  prices: { connection: main, query: 'SELECT asset, price, at, source FROM prices', ${COMPLETE} }
`;

let server: PostgresServer;
let day: OperationDirectory;
beforeAll(async () => {
  server = await startPostgres();
  await server.runSql(
    'CREATE TABLE balances (account text, asset text, amount numeric)',
    "INSERT INTO balances VALUES ('a@example.com', 'USD', 30), ('b@example.com', 'USD', 5)",
    'CREATE TABLE prices (asset text, price numeric, at timestamptz, source text)',
    "INSERT INTO prices VALUES ('USD', 1, '2026-01-28T23:59:00Z', 'feed')",
    `CREATE ROLE reader LOGIN PASSWORD '${server.password}'`,
    'GRANT SELECT ON balances, prices TO reader',
  );
  day = new OperationDirectory();
  const setup = ['setup', '--profile', 'tiny', '--keys', day.keys, '--development', '--quiet'];
  expect(solvent(...setup)).toMatchObject({ exitCode: 0 });
  writeFileSync(day.at('books.yaml'), BOOKS);
  const text = day.configure().replace(/^balances: .*$/m, 'books: { config: books.yaml }');
  writeFileSync(day.at('operation.yaml'), text);
});
afterAll(async () => {
  day.remove();
  await server.stop();
});

const urlOf = (more = '') => `${server.urlOf('reader')}${more}`;
const run = (url: string) => day.run({ [VARIABLE]: url }, 'run', '--at', FIRST);

/** The code of a refusal that says what to do, names neither URL nor user, and publishes nothing. */
function expectRefused({ exitCode, errors }: ReturnType<typeof run>, code: string, advice: RegExp) {
  expect(errors).toContain(`code: ${code}`);
  expect(errors).toMatch(advice);
  expect(exitCode).toBe(2);
  expect(errors).not.toMatch(/secret-password|127\.0\.0\.1|a@example/);
  expect(existsSync(day.at('public/site'))).toBe(false);
  const status = JSON.parse(day.operate('status', '--json').output) as object;
  expect(status).toMatchObject({ last: null, failure: { code, takenAt: FIRST, step: 'snapshot' } });
}

/** Has the server speak TLS with the certificate, and waits until it does. */
async function startTls(): Promise<void> {
  const key = day.at('server.pem');
  copyFileSync(EXPIRED, key);
  if (process.getuid?.() === 0) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
    );
    chownSync(key, uid!, gid!);
  }
  chmodSync(key, 0o600);
  chmodSync(day.path, 0o755);
  await server.runSql(
    `ALTER SYSTEM SET ssl_cert_file = '${key}'`,
    `ALTER SYSTEM SET ssl_key_file = '${key}'`,
    'ALTER SYSTEM SET ssl = on',
    'SELECT pg_reload_conf()',
  );
  for (;;) {
    const client = new pg.Client({
      connectionString: server.urlOf('postgres'),
      ssl: { rejectUnauthorized: false },
    });
    const isOpen = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end();
    if (isOpen) return;
  }
}

describe('a day whose books are in PostgreSQL', () => {
  it('is refused where the role may no longer read what it needs, by the name of the query', async () => {
    await server.runSql('REVOKE SELECT ON balances FROM reader');
    expectRefused(run(urlOf()), 'permission-denied', /balances/);
  });

  it('is refused where the role may no longer log in', async () => {
    await server.runSql('ALTER ROLE reader NOLOGIN');
    expectRefused(run(urlOf()), 'connection-denied', /correct user, password and database/);
    await server.runSql('ALTER ROLE reader LOGIN', 'GRANT SELECT ON balances TO reader');
  });

  it('is refused where the certificate of the server is over', async () => {
    await startTls();
    const secure = urlOf(`?sslmode=verify-full&sslrootcert=${EXPIRED}`);
    expectRefused(run(secure), 'certificate-invalid', /CERT_HAS_EXPIRED: renew the certificate/);
  });

  it('is published by the same command when the role has back what it needs', () => {
    const ended = run(urlOf());
    expect(ended.exitCode, ended.errors).toBe(0);
    expect(existsSync(day.at('public/site/bundle/manifest.json'))).toBe(true);
  });
});
