import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { parseStage } from '../../../src/snapshot/database/queries.js';
import {
  createSnapshotFromBooks,
  loadPeriod,
  parseBooksConfig,
  Scratch,
  type Snapshot,
} from '../../../src/snapshot/index.js';
import { writeGoldenBooks, type Change } from '../books/whole/golden-books.js';
import { takeBooksSnapshot } from '../inspect/small-books.js';
import { balances, PLAIN_ASSETS, takeSnapshot } from '../venue.js';
import { makeDirectory } from '../../directory.js';
import { holdBranches, listUnions } from './query-branches.js';

/** The golden books as they are, with a row twice, with a break, without the list of accounts, and with decimals to choose. */
const CHANGES: readonly (readonly Change[])[] = [
  [],
  [{ file: 'opening.csv', from: 'ada,BTC,0.5\n', to: 'ada,BTC,0.5\nada,BTC,0.5\n' }],
  [
    { file: 'opening.csv', from: 'ada,BTC,0.5\n', to: 'ada,BTC,0.25\n' },
    {
      file: 'snapshot.yaml',
      from: 'completeTo: 2026-01-31T00:01:00Z}\n  opening',
      to: "completeTo: 2026-01-31T00:01:00Z, constants: {balance_after: '1'}}\n  opening",
    },
  ],
  [{ file: 'snapshot.yaml', from: '  accounts: {files: [accounts.csv], format: csv}\n', to: '' }],
  [{ file: 'snapshot.yaml', from: 'BTC, decimals: 8', to: 'BTC, decimals: auto' }],
];

/** What of a query may have branches. */
const BRANCHING = /\b(?:CASE|coalesce|UNION|if)\b/;
/** Sections of expressions, which are parts of other queries. */
const EXPRESSIONS = ['values', 'value faults', 'name faults'];

/** The first lines of all queries that have run. */
const seen = new Set<string>();
const mixed: string[] = [];

async function describeTypes(connection: DuckDBConnection, query: string): Promise<[string, string][]> {
  const rows = (await runPlain.call(connection, `DESCRIBE ${query}`)).getRowObjectsJS();
  return (await rows).map((row) => [row.column_name as string, row.column_type as string]);
}

type Method<Name extends 'run' | 'stream'> = (
  this: DuckDBConnection,
  ...parameters: Parameters<DuckDBConnection[Name]>
) => ReturnType<DuckDBConnection[Name]>;

const runPlain = Reflect.get(DuckDBConnection.prototype, 'run') as Method<'run'>;
const streamPlain = Reflect.get(DuckDBConnection.prototype, 'stream') as Method<'stream'>;

/** Holds the branches of each union of a query to one type. */
async function judgeUnions(connection: DuckDBConnection, query: string): Promise<void> {
  for (const branches of listUnions(query)) {
    const types: [string, string][][] = [];
    for (const branch of branches) types.push(await describeTypes(connection, branch.query));
    const isByName = query.includes('UNION ALL BY NAME');
    for (const [index, described] of types.entries()) {
      described.forEach(([name, type], column) => {
        const beside = isByName ? types[0]!.find(([other]) => other === name) : types[0]![column];
        const isLiteral = [0, index].some((at) => branches[at]!.literals.has(column));
        if (!isLiteral && beside![1] !== type)
          mixed.push(`${name}: ${beside![1]} beside ${type} in ${query}`);
      });
    }
  }
}

beforeEach(() => {
  mixed.length = 0;
  vi.spyOn(DuckDBConnection.prototype, 'run').mockImplementation(async function (
    this: DuckDBConnection,
    query,
    ...rest
  ) {
    seen.add(query.split('\n')[0]!);
    await judgeUnions(this, query);
    return runPlain.call(this, holdBranches(query), ...rest);
  });
  vi.spyOn(DuckDBConnection.prototype, 'stream').mockImplementation(async function (
    this: DuckDBConnection,
    query,
    ...rest
  ) {
    seen.add(query.split('\n')[0]!);
    await judgeUnions(this, query);
    return streamPlain.call(this, holdBranches(query), ...rest);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Queries with branches that none of the snapshots here has run. */
function listUnseen(): string[] {
  const directory = 'src/snapshot/sql';
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .flatMap((path) => {
      const { queries, sections } = parseStage(readFileSync(join(directory, path), 'utf8'));
      const expressions = EXPRESSIONS.flatMap((section) => sections.get(section) ?? []);
      return [...queries]
        .filter(([name, text]) => {
          const [first, ...rest] = text.split('\n');
          const code = rest.filter((line) => !line.startsWith('--')).join('\n');
          return BRANCHING.test(code) && !seen.has(first!) && !expressions.includes(name);
        })
        .map(([name]) => `${path}: ${name}`);
    });
}

/** Reads the ledger of the golden books between two instants, as an attribution does. */
async function readPeriod(): Promise<void> {
  const configPath = await writeGoldenBooks(join(await makeDirectory(), 'books'), []);
  const outDirectory = join(await makeDirectory(), 'snapshot');
  const taken: Snapshot = await createSnapshotFromBooks({
    ...{ configPath, outDirectory, takenAt: '2026-01-31T00:00:00Z' },
  });
  const scratch = await Scratch.open(join(await makeDirectory(), 'scratch'));
  const at = (instant: string) => BigInt(Date.parse(instant)) * 1_000_000n;
  const period = await loadPeriod(scratch, await parseBooksConfig(configPath), {
    ...{ fromNs: at('2026-01-12T00:00:00Z'), toNs: at(taken.takenAt) },
    sealed: taken.sources.find(({ role }) => role === 'ledger')!,
  });
  await period.stepLedger('ledger_period');
  scratch.close();
}

describe('the queries of a snapshot', () => {
  it('have branches of one type each: DuckDB rounds a fine decimal beside a coarse one', async () => {
    const codes: string[] = [];
    const rows = balances('ann,AAA,1.5,0.5', 'bob,BBB,1,0');
    await takeSnapshot({ balances: rows });
    await takeSnapshot({ balances: rows, assets: PLAIN_ASSETS.replace('AAA,2', 'AAA,auto') });
    await takeBooksSnapshot();
    for (const changes of CHANGES) {
      const configPath = await writeGoldenBooks(join(await makeDirectory(), 'books'), changes);
      const outDirectory = join(await makeDirectory(), 'snapshot');
      const taking = createSnapshotFromBooks({ configPath, outDirectory, takenAt: '2026-01-31T00:00:00Z' });
      const code = await taking.then(
        () => 'sealed',
        (error: unknown) => (error as { code: string }).code,
      );
      codes.push(code);
    }
    await readPeriod();
    expect(codes).toEqual(['sealed', 'row-doubled', 'books-do-not-reconcile', 'sealed', 'sealed']);
    expect(mixed).toEqual([]);
    expect(listUnseen()).toEqual([]);
  });
});

describe('branches of two types', () => {
  const FINE = "'1.23456789'::DECIMAL(38, 18)";
  const COARSE = '2::DECIMAL(38, 2)';

  it.each([
    `SELECT CASE WHEN n > 1 THEN ${FINE} ELSE ${COARSE} END FROM range(3) AS t (n)`,
    `SELECT coalesce(${FINE}, ${COARSE})`,
    `SELECT if(n > 1, ${FINE}, (${COARSE})) FROM range(3) AS t (n)`,
    `SELECT coalesce(NULL, CASE WHEN true THEN NULL WHEN false THEN ${FINE} ELSE ${COARSE} END)`,
  ])('do not bind: %s', async (query) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await expect(runPlain.call(connection, query)).resolves.toBeDefined();
    await expect(runPlain.call(connection, holdBranches(query))).rejects.toThrow(/Binder Error/);
  });

  it.each([
    `SELECT ${FINE} AS a UNION ALL SELECT ${COARSE}`,
    `WITH x AS (SELECT ${FINE} AS a), y AS (SELECT a FROM x UNION SELECT ${COARSE}) SELECT * FROM y`,
    `SELECT sum(a) FROM (SELECT ${FINE} AS a UNION ALL BY NAME SELECT ${COARSE} AS a)`,
  ])('are found in a union: %s', async (query) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await judgeUnions(connection, query);
    expect(mixed).toHaveLength(1);
    expect(mixed[0]).toContain('DECIMAL(38,18) beside DECIMAL(38,2)');
  });
});
