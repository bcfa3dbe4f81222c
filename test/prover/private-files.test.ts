import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { FieldElement, Proof, RowLayout } from '../../src/protocol/index.js';
import {
  loadBatch,
  loadBatchPoints,
  saveBatch,
  type StoredBatch,
} from '../../src/prover/commit/batch-file.js';
import { findAccount, loadAccounts, saveAccounts } from '../../src/prover/inclusion/account-list.js';
import { loadProof, saveProof } from '../../src/prover/proof-file.js';
import { ensurePrivateDirectory } from '../../src/prover/run/own-files.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { inTemporaryDirectory } from './fixture.js';

const PROOF: Proof = {
  a: ['1', '2'],
  b: [
    ['3', '4'],
    ['5', '6'],
  ],
  c: ['7', '8'],
};
const SIGNALS = [9n, 10n] as FieldElement[];
const LAYOUT: RowLayout = { kind: 'margin', indexBits: 10, rows: 3, slots: 3, netBits: 126, groupRows: 2 };

/** Every file that is one byte shorter, or has one bit of one of some bytes changed. */
function damages(bytes: Uint8Array): Uint8Array[] {
  const positions = [0, 5, 30, Math.floor(bytes.length / 2), bytes.length - 1];
  return [
    bytes.subarray(0, -1),
    new Uint8Array(),
    ...positions.map((position) => Uint8Array.from(bytes, (byte, at) => (at === position ? byte ^ 1 : byte))),
  ];
}

describe('the file of a batch', () => {
  const bytesOf = (value: number) => new Uint8Array(32).fill(value);
  const ids = [1, 2, 3].map(bytesOf);
  const most = (1n << 64n) - 1n;
  const batch: StoredBatch = {
    rows: [
      { slots: [], netValue: 0n, id: ids[0]! },
      { slots: [{ amountUnits: most, assetIndex: 1023, side: 1 }], netValue: 0n, id: ids[1]! },
      { slots: [{ amountUnits: 1n, assetIndex: 0, side: 0 }], netValue: (1n << 126n) - 1n, id: ids[2]! },
    ],
    seed: { seed: bytesOf(9), totalMask: 77n as FieldElement },
    points: {
      entries: ids.map((id, row) => ({ point: bytesOf(row + 4), id })),
      maskPoints: [bytesOf(7), bytesOf(8)],
    },
  };

  it('gives back its rows, its points and its seed, and only to its owner', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'batch');
      await saveBatch(path, LAYOUT, batch);
      const { rows, seed, points } = await loadBatch(path, LAYOUT);
      const plain = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
      expect(rows.map(({ id, ...row }) => ({ ...row, id: plain(id) }))).toEqual(
        batch.rows.map(({ id, ...row }) => ({ ...row, id: plain(id) })),
      );
      expect([plain(seed.seed), seed.totalMask]).toEqual([plain(batch.seed.seed), 77n]);
      expect(points.entries.map(({ point }) => plain(point))).toEqual(
        batch.points.entries.map(({ point }) => plain(point)),
      );
      expect(points.maskPoints.map(plain)).toEqual(batch.points.maskPoints.map(plain));
      // What commits to it can be had without its rows.
      const committed = await loadBatchPoints(path, LAYOUT);
      expect(plain(committed.seed)).toBe(plain(seed.seed));
      expect(committed.rowPoints.map(plain)).toEqual(points.entries.map(({ point }) => plain(point)));
      expect(committed.maskPoints.map(plain)).toEqual(points.maskPoints.map(plain));
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
  });

  it('is refused where it is damaged, gone, or of another circuit', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'batch');
      await saveBatch(path, LAYOUT, batch);
      const refusal = { code: 'run-file-malformed', errorClass: 'artefact' };
      await expect(loadBatch(path, { ...LAYOUT, rows: 4 })).rejects.toMatchObject(refusal);
      for (const damaged of damages(await readFile(path))) {
        await writeFile(path, damaged);
        await expect(loadBatch(path, LAYOUT)).rejects.toMatchObject(refusal);
        await expect(loadBatchPoints(path, LAYOUT)).rejects.toMatchObject(refusal);
      }
      await expect(loadBatch(join(directory, 'none'), LAYOUT)).rejects.toMatchObject(refusal);
    });
  });
});

describe('the list of accounts', () => {
  it('finds every user by their id, among many, and nobody else', async () => {
    await inTemporaryDirectory(async (directory) => {
      const paths = runPaths(directory);
      await ensurePrivateDirectory(paths.private);
      const accounts = Array.from({ length: 300 }, (_, user) => ({
        userId: user % 7 === 0 ? `zoë "${user}" 例え.jp` : `user-${(user * 37) % 301}`,
        statement: user % 3 === 0 ? null : { start: user, sizeBytes: 5 },
        // One of them has a line that is longer than what is read at once.
        positions: Array.from({ length: user === 150 ? 2048 : 1 + (user % 4) }, (__, row) => ({
          batch: user + 16_000_000,
          row,
        })),
      }));
      await saveAccounts(paths, accounts);
      expect((await stat(paths.accounts)).mode & 0o777).toBe(0o600);
      for (const account of accounts) {
        expect(await findAccount(paths, account.userId)).toEqual(account);
      }
      for (const other of ['', '!', 'user', 'user-1x', 'zoë', '\u{10ffff}']) {
        expect(await findAccount(paths, other)).toBeUndefined();
      }
      const byId = (a: { userId: string }, b: { userId: string }) =>
        Buffer.compare(Buffer.from(a.userId), Buffer.from(b.userId));
      expect(await loadAccounts(paths)).toEqual([...accounts].sort(byId));
      await saveAccounts(paths, accounts.slice(0, 1));
      expect(await findAccount(paths, accounts[0]!.userId)).toEqual(accounts[0]);
      expect(await findAccount(paths, accounts[1]!.userId)).toBeUndefined();
    });
  });
});

describe('a stored proof', () => {
  it('comes back for its own public signals alone, and not where it is damaged or gone', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'proof.json');
      await saveProof(path, { publicSignals: SIGNALS, proof: PROOF });
      expect(await loadProof(path, SIGNALS)).toEqual(PROOF);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await loadProof(path, [...SIGNALS].reverse())).toBeUndefined();
      expect(await loadProof(path, SIGNALS.slice(0, 1))).toBeUndefined();
      expect(await loadProof(join(directory, 'none'), SIGNALS)).toBeUndefined();
      for (const damaged of damages(await readFile(path)).slice(0, 4)) {
        await writeFile(path, damaged);
        expect(await loadProof(path, SIGNALS)).toBeUndefined();
      }
    });
  });
});
