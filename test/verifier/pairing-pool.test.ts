import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { parseFieldElement } from '../../src/protocol/index.js';
import type { ProofClaim } from '../../src/verifier/index.js';
import { createPairingPool } from '../../src/verifier/node/pairing-pool.js';
import { simulateKey, startSimulation } from '../../conformance/adversary/simulated-key.js';

await startSimulation();
// A worker thread runs compiled code only.
const entry = pathToFileURL(resolve(import.meta.dirname, '../../dist/src/verifier/node/worker.js'));
const { key, prove } = simulateKey('pool', 1);
const claims: ProofClaim[] = Array.from({ length: 700 }, (_, index) => {
  const publicSignals = [parseFieldElement(String(index % 3))];
  return { keyIndex: 0, publicSignals, proof: prove(publicSignals, '') };
});
const lie = { ...claims[0]!, publicSignals: [parseFieldElement('9')] };

describe('pairings in threads', () => {
  it('have their compiled worker', () => {
    expect(existsSync(entry)).toBe(true);
  });

  it('find no fault in true proofs, and name false ones by their place among all', async () => {
    const pool = await createPairingPool({ threads: 2, entry });
    expect(await pool.verifyProofs([key], claims)).toEqual([]);
    const faults = await pool.verifyProofs([key], claims.with(3, lie).with(650, lie));
    const found = faults.map(({ claimIndex }) => claimIndex).sort((a, b) => a - b);
    expect(found).toEqual([3, 650]);
  });

  it('answer for few proofs without any thread', async () => {
    const pool = await createPairingPool({ threads: 8, entry: new URL('file:///nowhere.js') });
    expect(await pool.verifyProofs([key], claims.slice(0, 100))).toEqual([]);
    expect(await pool.verifyProofs([key], [lie])).toHaveLength(1);
  });

  it('reject, rather than answer, where a thread cannot start or fails', async () => {
    const pool = await createPairingPool({ threads: 2, entry: new URL('file:///nowhere.js') });
    await expect(pool.verifyProofs([key], claims)).rejects.toMatchObject({ code: 'verifier-thread-failed' });
    const broken = await createPairingPool({ threads: 2, entry });
    const unanswerable = claims.with(500, { ...claims[0]!, publicSignals: [] });
    await expect(broken.verifyProofs([key], unanswerable)).rejects.toMatchObject({
      code: 'verifier-thread-failed',
    });
  });
});
