import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { poseidon, type FieldElement, type Proof } from '../../src/protocol/index.js';
import { encodeAccount } from '../../src/prover/batch/account-record.js';
import {
  encodeAccountRow,
  encodeBatchFile,
  encodeDummyRow,
  loadBatchRows,
} from '../../src/prover/batch/batch-file.js';
import { commitBatch } from '../../src/prover/batch/commitment.js';
import { loadBatchTree, saveBatchTree } from '../../src/prover/batch/tree-file.js';
import type { BatchCircuit } from '../../src/prover/circuits.js';
import { loadProof, saveProof } from '../../src/prover/proof-file.js';
import { batchParameters, pricesOf, sampleAccounts, sealSnapshot, SECRET, tagBatches } from './exchange.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const [CIRCUIT, WIDER] = tagBatches({
  batches: [batchParameters('margin', 20, 4), batchParameters('margin', 21, 4)],
}) as [BatchCircuit, BatchCircuit];
const ACCOUNTS = sampleAccounts(18, 4);
const ROWS = [...ACCOUNTS.map((account) => ({ account })), { dummy: 1 }, { dummy: 0 }];
const PROOF: Proof = {
  a: ['1', '2'],
  b: [
    ['3', '4'],
    ['5', '6'],
  ],
  c: ['7', '8'],
};
const SIGNALS = [9n, 10n] as FieldElement[];

/** Every file that is one byte shorter, or has one bit of one of some bytes changed. */
function damages(bytes: Uint8Array): Uint8Array[] {
  const places = [0, 5, 30, Math.floor(bytes.length / 2), bytes.length - 1];
  return [
    bytes.subarray(0, -1),
    new Uint8Array(),
    ...places.map((place) => Uint8Array.from(bytes, (byte, at) => (at === place ? byte ^ 1 : byte))),
  ];
}

describe('the file of a batch', () => {
  it('gives back its rows, ids beyond ASCII and the largest amounts included', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'batch');
      const most = (1n << 64n) - 1n;
      const holdings = [{ assetIndex: 3, equityUnits: most, debtUnits: most }];
      const rows = [
        { account: { userId: 'zoë@例え.jp', holdings } },
        { dummy: 4_000_000_000 },
        { account: { userId: 'ann', holdings, statement: Buffer.from('{"lines":["ü"]}') } },
        { account: { userId: 'bob', holdings: [], statement: Buffer.from('{}') } },
        ...ROWS,
      ];
      const encoded = rows.map((row) =>
        'account' in row ? encodeAccountRow(encodeAccount(row.account)) : encodeDummyRow(row.dummy),
      );
      await writeFile(path, encodeBatchFile(encoded));
      expect(await loadBatchRows(path, rows.length)).toEqual(rows);
      await expect(loadBatchRows(path, rows.length + 1)).rejects.toMatchObject({
        code: 'run-file-malformed',
      });
    });
  });

  it('is refused where it is damaged or gone, since only the snapshot can make it again', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'batch');
      for (const damaged of damages(encodeBatchFile([encodeDummyRow(0), encodeDummyRow(1)]))) {
        await writeFile(path, damaged);
        await expect(loadBatchRows(path, 2)).rejects.toMatchObject({ code: 'run-file-malformed' });
      }
      await expect(loadBatchRows(join(directory, 'none'), 2)).rejects.toMatchObject({
        code: 'run-file-malformed',
      });
    });
  });
});

describe('the tree file of a batch', () => {
  it('gives back the tree, and nothing where it is damaged, gone, or of another circuit', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'tree');
      const prices = pricesOf(sealSnapshot([]));
      const context = { circuit: CIRCUIT, index: 3, secret: SECRET, platform: 'Example', prices };
      const { levels, totals, totalsHash, root, digest } = commitBatch(poseidon, ROWS, context);
      const tree = { levels, totals, totalsHash, root, digest };
      await saveBatchTree(path, tree);
      expect(await loadBatchTree(path, CIRCUIT)).toEqual(tree);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await loadBatchTree(path, WIDER)).toBeUndefined();
      expect(await loadBatchTree(join(directory, 'none'), CIRCUIT)).toBeUndefined();
      for (const damaged of damages(await readFile(path))) {
        await writeFile(path, damaged);
        expect(await loadBatchTree(path, CIRCUIT)).toBeUndefined();
      }
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
