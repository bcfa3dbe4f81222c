import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { generateVenue } from '../../../../scripts/generate/venue/venue.js';
import { startPostgres, type PostgresServer } from '../../../../scripts/postgres-server.js';
import { takeSnapshot, type TakenSnapshot } from './snapshots.js';
import { makeDirectory } from '../../../directory.js';

const VARIABLE = 'SOLVENT_TEST_BOOKS_URL';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  process.env[VARIABLE] = server.urlOf('postgres');
});
afterAll(async () => {
  Reflect.deleteProperty(process.env, VARIABLE);
  await server.stop();
});

/** The first of these types that holds every value of a column. */
const TYPES: readonly (readonly [string, RegExp])[] = [
  ['boolean', /^(?:true|false)?$/],
  ['numeric', /^(?:-?[0-9]+(?:\.[0-9]+)?)?$/],
  ['timestamptz', /^(?:[0-9-]{10}T[0-9:.]+Z)?$/],
  ['text', /^/],
];

/** A table of a CSV file of the venue, with its columns typed as databases type them. */
function createTable(name: string, csv: string): string[] {
  const [header, ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const columns = header!.map((column, position) => {
    const [type] = TYPES.find(([, form]) => rows.every((row) => form.test(row[position]!)))!;
    return `"${column}" ${type}`;
  });
  const values = rows.map(
    (row) => `(${row.map((value) => (value === '' ? 'NULL' : `'${value}'`)).join(', ')})`,
  );
  return [
    `CREATE TABLE "${name}" (${columns.join(', ')})`,
    `INSERT INTO "${name}" VALUES ${values.join(', ')}`,
  ];
}

/** The table of a file or pattern: its own name, or that of the directory that its parts are in. */
function tableOf(path: string): string {
  return path.split('/')[0]!.replace('.csv', '');
}

/** Puts every file of a venue into the database, and says so in a configuration beside the first. */
async function moveToDatabase(configPath: string): Promise<string> {
  const directory = dirname(configPath);
  const files = (await readdir(directory, { recursive: true })).map(String);
  const tables = new Map<string, string>();
  for (const file of files.filter((name) => name.endsWith('.csv')).sort()) {
    // PostgreSQL has microseconds.
    const csv = (await readFile(join(directory, file), 'utf8')).replace(/(\.[0-9]{6})[0-9]{3}Z/g, '$1Z');
    await writeFile(join(directory, file), csv);
    const before = tables.get(tableOf(file));
    tables.set(tableOf(file), before === undefined ? csv : before + csv.slice(csv.indexOf('\n') + 1));
  }
  for (const [name, csv] of tables) await server.runSql(...createTable(name, csv));
  const yaml = (await readFile(configPath, 'utf8'))
    .replace(/^sources:$/m, `connections: {main: ${VARIABLE}}\nsources:`)
    .replace(/files: \[(.+?)\], format: csv/g, (_, pattern: string) => {
      return `connection: main, query: 'SELECT * FROM "${tableOf(pattern)}"'`;
    });
  const path = join(directory, 'database.yaml');
  await writeFile(path, yaml);
  return path;
}

const readSealed = ({ snapshot }: TakenSnapshot, name: string) => readFile(join(snapshot.directory, name));

it('a snapshot has the same accounts, statements and prices from PostgreSQL as from files, byte for byte', async () => {
  const { configPath } = await generateVenue({
    users: 60,
    seed: 7,
    directory: await makeDirectory(),
    format: 'csv',
  });
  const databasePath = await moveToDatabase(configPath);
  const fromFiles = await takeSnapshot(configPath);
  const fromDatabase = await takeSnapshot(databasePath);
  for (const name of ['accounts.parquet', 'statements.parquet']) {
    expect((await readSealed(fromDatabase, name)).equals(await readSealed(fromFiles, name))).toBe(true);
  }
  expect(fromDatabase.snapshot.assets).toEqual(fromFiles.snapshot.assets);
  expect(fromDatabase.snapshot.reconciliation).toEqual(fromFiles.snapshot.reconciliation);
  const transactions = fromDatabase.snapshot.sources.map(({ query }) => query!.transaction);
  expect(new Set(transactions).size).toBe(1);
  expect(fromDatabase.snapshot.sources.map(({ rows }) => rows)).toEqual(
    fromFiles.snapshot.sources.map(({ rows }) => rows),
  );
});
