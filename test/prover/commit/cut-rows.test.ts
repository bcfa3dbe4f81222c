import { describe, expect, it } from 'vitest';

import {
  type Account,
  authenticateLabelled,
  bytesToHex,
  concatBytes,
  deriveCircuitTag,
  derivePriceTable,
  encodeUint,
  utf8ToBytes,
  deriveBatchSecrets,
  EMPTY_ROW,
  PROFILES,
  ZERO,
} from '../../../src/protocol/index.js';
import { cutRows, type CutRun, CircuitRows } from '../../../src/prover/commit/cut-rows.js';

import { computeBatchDigest } from '../../../src/prover/commit/commit-batch.js';
import { loadFastSponge } from '../../../src/prover/poseidon/fast-sponge.js';
import { portableSponge } from '../../../src/prover/poseidon/poseidon.js';
import { claimOf, equity, exchangeAccounts } from '../exchange.js';

const LAYOUTS = PROFILES.get('tiny')!.layouts;
const SECRET = new Uint8Array(32).fill(7);
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

function cut(
  accounts: readonly Account[],
  { secret = SECRET, stated = accounts }: { secret?: Uint8Array; stated?: readonly Account[] } = {},
): Promise<CutRun> {
  const snapshot = claimOf(stated, 64);
  const { prices } = derivePriceTable(snapshot.assets);
  const keepStatement = () => ({ start: 0, sizeBytes: 0 });
  return cutRows(accounts, { layouts: LAYOUTS, prices, secret, orderKey: SECRET, snapshot, keepStatement });
}

describe('rows of accounts', () => {
  const accounts = exchangeAccounts();

  it('stand where the index of accounts says, all others being dummies', async () => {
    const { batches, accounts: cutAccounts, batchCounts } = await cut(accounts);
    expect(batchCounts).toEqual([1, 2, 2, 1]);
    batches.forEach(({ layout, rows }) => {
      expect(rows).toHaveLength(layout.rows);
    });
    const taken = new Set<string>();
    for (const [index, { userId, positions }] of cutAccounts.entries()) {
      expect(userId).toBe(accounts[index]!.userId);
      const slots = positions.flatMap(({ batch, row }) => {
        taken.add(`${batch}/${row}`);
        return batches[batch]!.rows[row]!.slots;
      });
      const units = slots.reduce((sum, { amountUnits }) => sum + amountUnits, 0n);
      const held = accounts[index]!.holdings.reduce(
        (sum, { equityUnits, debtUnits }) => sum + equityUnits + debtUnits,
        0n,
      );
      expect(units).toBe(held);
    }
    expect(taken.size).toBe(cutAccounts.reduce((sum, { positions }) => sum + positions.length, 0));
    batches.forEach(({ rows }, batch) => {
      rows.forEach((row, index) => {
        if (!taken.has(`${batch}/${index}`)) expect(row).toMatchObject(EMPTY_ROW);
      });
    });
  });

  it('have distinct ids and stand side by side in each circuit', async () => {
    const { batches, accounts: cutAccounts } = await cut(accounts);
    const ids = batches.flatMap(({ rows }) => rows.map(({ id }) => id.join()));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { positions } of cutAccounts) {
      for (const [circuit, layout] of LAYOUTS.entries()) {
        const first = batches.findIndex((batch) => batch.circuit === circuit);
        const inCircuit = positions
          .filter(({ batch }) => batches[batch]!.circuit === circuit)
          .map(({ batch, row }) => (batch - first) * layout.rows + row);
        expect(inCircuit).toEqual(inCircuit.map((_, index) => inCircuit[0]! + index));
      }
    }
  });

  it('are the same for the same secret, and in another order with other ids for another', async () => {
    const [one, same] = [await cut(accounts), await cut(accounts)];
    expect(same).toEqual(one);
    const other = await cut(accounts, { secret: new Uint8Array(32).fill(8) });
    expect(other.batchCounts).toEqual(one.batchCounts);
    expect(other.accounts.map(({ positions }) => positions)).not.toEqual(
      one.accounts.map(({ positions }) => positions),
    );
  });

  it('do not stand in one order in two circuits', async () => {
    // Each has a row of three slots and one of one.
    const both = Array.from({ length: 20 }, (_, user) => ({
      userId: `user-${user}`,
      holdings: [1, 2, 3, 4].map((asset) => equity(asset, 5n)),
    }));
    const { batches, accounts: cutAccounts } = await cut(both);
    const order = (circuit: number) =>
      cutAccounts
        .map(({ userId, positions }) => ({
          userId,
          row: positions.find(({ batch }) => batches[batch]!.circuit === circuit)!.row,
        }))
        .sort((a, b) => a.row - b.row)
        .map(({ userId }) => userId);
    expect(order(0)).not.toEqual(order(1));
  });

  it.each<[string, readonly Account[], readonly Account[] | undefined]>([
    ['no-accounts', [], undefined],
    ['account-doubled', [accounts[0]!, accounts[0]!], undefined],
    ['account-malformed', [{ ...accounts[0]!, userId: ' x' }], undefined],
    ['snapshot-mismatch', accounts.slice(1), accounts],
    ['statement-mismatch', [{ ...accounts[0]!, statement: Buffer.from('{}') }], undefined],
    [
      'account-not-covered',
      [{ userId: 'x', holdings: [{ assetIndex: 0, equityUnits: 0n, debtUnits: 1n }] }],
      undefined,
    ],
  ])('are refused as %s', async (code, given, stated) => {
    await expect(cut(given, { stated: stated ?? given })).rejects.toThrow(refusal(code));
  });
});

describe('the digest of a batch', () => {
  it('is the same by the fast Poseidon as by the readable one', async () => {
    const { batches } = await cut(exchangeAccounts());
    const fast = await loadFastSponge();
    for (const { layout, rows } of batches) {
      const { masks } = deriveBatchSecrets(layout, SECRET, ZERO);
      expect(computeBatchDigest(fast, layout, { masks, rows })).toBe(
        computeBatchDigest(portableSponge, layout, { masks, rows }),
      );
    }
  });
});

describe('the rows of a circuit', () => {
  const layout = LAYOUTS[0]!;
  const row = (value: number) => ({ ...EMPTY_ROW, id: new Uint8Array(32).fill(value) });

  it('are sorted by the keys of accounts and dummies, rows of one account side by side', () => {
    const rows = new CircuitRows(layout, SECRET);
    const tag = encodeUint(deriveCircuitTag(layout), 32);
    const expected: { key: string; ids: number[]; account: number | undefined }[] = [];
    for (let account = 0; account < 40; account++) {
      const userId = `user-${account}`;
      const ids = [2 * account, 2 * account + 1];
      rows.add(
        userId,
        account,
        ids.map((id, part) => ({ row: row(id), part })),
      );
      const mac = authenticateLabelled(
        SECRET,
        'solvent/row-shuffle/v2',
        concatBytes(tag, utf8ToBytes(userId)),
      );
      expected.push({ key: bytesToHex(mac), ids, account });
    }
    for (let index = 0; index < 40; index++) {
      rows.addDummy(row(100 + index), index);
      const message = concatBytes(tag, encodeUint(index, 4));
      const mac = authenticateLabelled(SECRET, 'solvent/dummy-row-shuffle/v2', message);
      expected.push({ key: bytesToHex(mac), ids: [100 + index], account: undefined });
    }
    expected.sort((a, b) => (a.key < b.key ? -1 : 1));
    const order = [...rows.sort()];
    expect(order.map((index) => rows.rowAt(index).id[0])).toEqual(expected.flatMap(({ ids }) => ids));
    expect(order.map((index) => rows.ownerOf(index)?.account)).toEqual(
      expected.flatMap(({ ids, account }) => ids.map(() => account)),
    );
  });

  it('are kept as they are, and refused where a record would hold another', () => {
    const margin = LAYOUTS.find(({ kind }) => kind === 'margin')!;
    const rows = new CircuitRows(margin, SECRET);
    const slots = [
      { amountUnits: (1n << 64n) - 1n, assetIndex: 3, side: 0 as const },
      { amountUnits: 1n, assetIndex: 1023, side: 1 as const },
    ];
    const kept = { slots, netValue: (1n << 126n) - 1n, id: new Uint8Array(32).fill(255) };
    rows.add('user', 0, [{ row: kept, part: 7 }]);
    expect(rows.rowAt(0)).toEqual(kept);
    expect(rows.ownerOf(0)).toEqual({ account: 0, part: 7 });
    const wide = { ...kept, slots: [{ ...slots[0]!, amountUnits: 1n << 64n }] };
    expect(() => {
      rows.add('other', 1, [{ row: wide, part: 0 }]);
    }).toThrow(refusal('slot-amount-out-of-range'));
    expect(() => {
      rows.add('other', 1, [{ row: { ...kept, netValue: 1n << 126n }, part: 0 }]);
    }).toThrow(refusal('net-value-out-of-range'));
  });
});
