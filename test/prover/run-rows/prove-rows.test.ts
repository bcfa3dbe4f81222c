import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp } from 'node:fs/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../../src/system/index.js';
import {
  proveRows,
  openFinishedRun,
  makeRowInclusion,
  type RowProvingCircuit,
} from '../../../src/prover/run-rows/index.js';
import { claimOf, debt, equity } from './exchange.js';
import { makeRowKeys } from './tiny-row-keys.js';

let circuits: RowProvingCircuit[];
beforeAll(async () => {
  circuits = await makeRowKeys();
}, 600_000);

describe('x', () => {
  it('y', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const signer = {
      publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex'),
      sign: (m: Uint8Array) => sign(null, m, privateKey),
    };
    const accounts = [
      { userId: 'alice', holdings: [equity(0, 500n), equity(1, 7n), debt(2, 40n)] },
      { userId: 'bob', holdings: [equity(0, 5n), equity(2, 7n)] },
      { userId: 'carol', holdings: [] },
    ];
    const directory = await mkdtemp(join(tmpdir(), 'rows-'));
    const t = Date.now();
    const hash = await proveRows({
      directory,
      snapshot: claimOf(accounts, 4),
      accounts,
      profile: 'tiny',
      circuits,
      signer,
      workers: 2,
      engine: 'wasm',
      cacheDirectory: cacheDirectory(),
      onProgress: (p) => console.log(Date.now() - t, JSON.stringify(p)),
    });
    console.log(hash, directory);
    const run = await openFinishedRun(directory);
    console.log((await makeRowInclusion(run, 'alice')).length);
    expect((await readFile(join(directory, 'bundle', 'proofs.ndjson'))).length).toBeGreaterThan(0);
  }, 600_000);
});
