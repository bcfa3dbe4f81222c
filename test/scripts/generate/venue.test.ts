import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PLANTS } from '../../../scripts/generate/venue/plants.js';
import {
  generateVenue,
  type GeneratedVenue,
  type VenueOptions,
} from '../../../scripts/generate/venue/venue.js';

let directory: string;
let venue: GeneratedVenue;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-venue-'));
  venue = await generate('venue', { format: 'csv' });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const root = (name: string) => join(directory, name);

function generate(name: string, options: Partial<VenueOptions> = {}): Promise<GeneratedVenue> {
  return generateVenue({ users: 200, seed: 5, directory: root(name), ...options });
}

type Rows = readonly Readonly<Record<string, string>>[];

/** The rows of a source, in the order of its files. No text of the venue has a comma in it. */
async function readSource(role: string, name = 'venue'): Promise<Rows> {
  const files =
    role === 'ledger'
      ? (await readdir(root(`${name}/ledger`))).sort().map((file) => `ledger/${file}`)
      : [`${role}.csv`];
  const rows: Record<string, string>[] = [];
  for (const file of files) {
    const [header, ...lines] = (await readFile(root(`${name}/${file}`), 'utf8')).trim().split('\n');
    const columns = header!.split(',');
    for (const line of lines) {
      rows.push(Object.fromEntries(line.split(',').map((value, column) => [columns[column]!, value])));
    }
  }
  return rows;
}

/** A signed decimal in units of 10^-18. */
function parseE18(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(18, '0'));
  return text.startsWith('-') ? -units : units;
}

function sumBy(rows: Rows, key: (row: Rows[number]) => string, amount: string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0n) + parseE18(row[amount]!));
  return sums;
}

const isInTime = ({ at }: Rows[number]) => at! <= '2026-01-31T00:00:00.000000000Z';
const byHolding = (row: Rows[number]) => `${row.account_id!} ${row.currency!}`;

describe('the books of the made-up venue', () => {
  it('have a ledger that adds up to every stated balance from its opening on', async () => {
    const ledger = (await readSource('ledger')).filter(isInTime);
    const sums = sumBy(ledger, byHolding, 'amount');
    for (const { account, asset, amount } of await readSource('opening')) {
      const holding = `${account!} ${asset!}`;
      sums.set(holding, (sums.get(holding) ?? 0n) + parseE18(amount!));
    }
    const stated = sumBy(await readSource('balances'), byHolding, 'amount');
    expect(stated.size).toBeGreaterThan(400);
    expect(sums).toEqual(new Map([...stated].map(([holding, amount]) => [holding, amount])));
  });

  it('state the running balance in every row of the ledger, whose rows are in the order of time', async () => {
    const ledger = await readSource('ledger');
    const running = sumBy(
      (await readSource('opening')).map(({ account, asset, amount }) => ({
        account_id: account!,
        currency: asset!,
        amount: amount!,
      })),
      byHolding,
      'amount',
    );
    let last = '';
    for (const row of ledger) {
      const balance = (running.get(byHolding(row)) ?? 0n) + parseE18(row.amount!);
      expect(balance).toBe(parseE18(row.balance_after!));
      running.set(byHolding(row), balance);
      expect(row.at! >= last).toBe(true);
      last = row.at!;
    }
    expect(ledger.some((row) => !isInTime(row))).toBe(true);
    expect(new Set(ledger.map(({ reference }) => reference)).size).toBe(ledger.length);
  });

  it('have control accounts with the sums of all balances, and fees and trades with another side', async () => {
    const balances = sumBy(await readSource('balances'), ({ currency }) => currency!, 'amount');
    const control = sumBy(await readSource('control'), ({ asset }) => asset!, 'amount');
    expect(control).toEqual(balances);
    const inside = (await readSource('ledger')).filter(
      (row) => isInTime(row) && row.kind !== 'deposit' && row.kind !== 'withdrawal',
    );
    const flows = sumBy(inside, ({ kind, currency }) => `${kind!} ${currency!}`, 'amount');
    expect(flows.size).toBeGreaterThan(40);
    expect([...flows.values()].every((flow) => flow === 0n)).toBe(true);
  });

  it('have as many longs as shorts in every netted instrument, and in the other not', async () => {
    const netted = new Map((await readSource('instruments')).map((row) => [row.instrument!, row.netted]));
    const positions = (await readSource('positions')).filter(isInTime);
    const sums = sumBy(positions, ({ instrument }) => instrument!, 'contracts');
    expect(sums.size).toBe(netted.size);
    for (const [instrument, sum] of sums) expect(sum === 0n).toBe(netted.get(instrument) === 'true');
  });

  it('have users with several accounts, each user under one address', async () => {
    const accounts = await readSource('accounts');
    const users = accounts.filter((row) => row.class === 'user');
    expect(users).toHaveLength(venue.accountCount);
    expect(new Set(users.map((row) => row.user_id)).size).toBe(200);
    expect(new Set(accounts.map((row) => row.class))).toEqual(new Set(['user', 'house', 'insurance', 'fee']));
    expect(users.map((row) => row.user_id)).toContain(venue.busiestUserId);
  });

  it('are the same for the same seed, byte for byte, and others for another', async () => {
    await generate('again', { format: 'csv' });
    await generate('other', { format: 'csv', seed: 6 });
    for (const file of ['balances.csv', 'positions.csv', 'ledger/001.csv', 'snapshot.yaml']) {
      expect(await readFile(root(`again/${file}`), 'utf8')).toBe(
        await readFile(root(`venue/${file}`), 'utf8'),
      );
    }
    expect(await readSource('balances', 'other')).not.toEqual(await readSource('balances'));
  });

  it('say the same in every format', async () => {
    await generate('columnar', { format: 'parquet' });
    await generate('lines', { format: 'ndjson' });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const read = async (relation: string) => {
      const query = `SELECT account_id, currency, sum(amount::DECIMAL(38, 18))::VARCHAR AS amount FROM ${relation} AS ledger
        WHERE ledger.at::TIMESTAMP_NS <= '2026-01-31'::TIMESTAMP_NS GROUP BY ALL ORDER BY ALL`;
      return (await connection.run(query)).getRowsJson();
    };
    const csv = await read(`read_csv('${root('venue/ledger/*.csv')}', all_varchar = true)`);
    const columnTypes = "{account_id: 'VARCHAR', currency: 'VARCHAR', amount: 'VARCHAR', \"at\": 'VARCHAR'}";
    expect(csv.length).toBeGreaterThan(400);
    expect(await read(`read_parquet('${root('columnar/ledger/*.parquet')}')`)).toEqual(csv);
    expect(await read(`read_json('${root('lines/ledger/*.ndjson')}', columns = ${columnTypes})`)).toEqual(
      csv,
    );
    instance.closeSync();
  });

  it('state less where balances are without what open orders hold', async () => {
    await generate('available', { format: 'csv', cash: 'balances-available' });
    const total = sumBy(await readSource('balances'), byHolding, 'amount');
    const available = sumBy(await readSource('balances', 'available'), byHolding, 'amount');
    for (const { account, asset, reserved } of (await readSource('orders')).filter(isInTime)) {
      const holding = `${account!} ${asset!}`;
      available.set(holding, available.get(holding)! + parseE18(reserved!));
    }
    expect(available).toEqual(total);
  });

  it('can be without balances, where the ledger is the cash', async () => {
    const made = await generate('ledger', { format: 'csv', cash: 'ledger' });
    expect(made.rows.has('balances')).toBe(false);
    expect(await readdir(root('ledger'))).not.toContain('balances.csv');
    expect(await readFile(made.configPath, 'utf8')).not.toContain('balances:');
  });

  it('have one user, where one is asked for', async () => {
    const made = await generate('least', { users: 1, assets: 4, format: 'csv' });
    const [user] = (await readSource('accounts', 'least')).filter((row) => row.class === 'user');
    expect(made).toMatchObject({ userCount: 1, accountCount: 1, busiestUserId: user!.user_id });
  });

  it.each(PLANTS)('say where the break %s was planted, and differ from sound ones', async (plant) => {
    const { planted } = await generate(plant, { format: 'csv', plants: [plant] });
    expect(planted).toMatchObject([{ plant }]);
    expect(Object.keys(planted[0]!)).toEqual(['plant', 'account', 'asset', 'instrument']);
    const names = (await readdir(root('venue'))).filter((name) => name !== 'ledger');
    const texts = async (name: string) => [
      JSON.stringify(await readSource('ledger', name)),
      ...(await Promise.all(names.map((file) => readFile(root(`${name}/${file}`), 'utf8')))),
    ];
    const [sound, broken] = [await texts('venue'), await texts(plant)];
    expect(broken.filter((text, file) => text !== sound[file])).toHaveLength(1);
  });

  it.each([
    { users: 0 },
    { users: 1.5 },
    { seed: -1 },
    { assets: 3 },
    { assets: 65 },
    { ledgerRows: 1 },
    { users: 1, plants: ['ledger-row-dropped'] as const },
  ])('refuse %o', async (options) => {
    await expect(generate('refused', options)).rejects.toThrow(RangeError);
  });
});
