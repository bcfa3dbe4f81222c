import { describe, expect, it } from 'vitest';

import {
  circuitsOf,
  computeNullDigest,
  deriveTag,
  deriveTotalsIv,
  gammaLabel,
  netBitsFor,
  poseidon,
  PROFILES,
  type CircuitParameters,
} from '../../../src/protocol/index.js';
import { compileCircuit, generateMain } from '../../../src/keys/compile/index.js';

const SPOT = {
  kind: 'spot',
  assets: 3,
  indexBits: 2,
  users: 3,
  slots: 2,
  netBits: 0,
  depth: 1,
  arity: 16,
} as const;
const MARGIN = { ...SPOT, kind: 'margin', netBits: netBitsFor(2) } as const;
const AGGREGATE = { kind: 'aggregate', assets: 2, children: 2, arity: 16 } as const;

const refusal = (code: string) => expect.objectContaining({ errorClass: 'artefact', code }) as Error;

describe('the main file of a circuit', () => {
  it('names the template, its constants and its sizes', () => {
    expect(generateMain(SPOT)).toBe(
      `pragma circom 2.2.0;

include "SpotBatch.circom";

component main = SpotBatch(${deriveTag(SPOT)}, ${deriveTotalsIv(3)}, 3, 2, 3, 2, 1);
`,
    );
    expect(generateMain(MARGIN)).toContain(
      `component main = MarginBatch(${deriveTag(MARGIN)}, ${deriveTotalsIv(3)}, ${gammaLabel()}, 3, 2, 3, 2, 130, 1);`,
    );
    const missing = computeNullDigest(poseidon, 2);
    expect(generateMain(AGGREGATE)).toContain(
      `component main {public [context]} = Aggregate(${deriveTag(AGGREGATE)}, ${deriveTotalsIv(2)}, ${missing}, 2, 2);`,
    );
  });

  it('is another for each circuit of each profile', () => {
    const sizes = [...PROFILES.values()].flatMap(circuitsOf);
    const mains = sizes.map(generateMain);
    // Profiles may share a circuit: it is the same one, under the same tag.
    expect(new Set(mains).size).toBe(new Set(sizes.map((size) => JSON.stringify(size))).size);
    expect(new Set(mains).size).toBeGreaterThan(PROFILES.size);
  });

  it.each<[string, CircuitParameters]>([
    ['no assets', { ...SPOT, assets: 0 }],
    ['more assets than indexes', { ...SPOT, assets: 5 }],
    ['no index bits', { ...SPOT, assets: 1, indexBits: 0 }],
    ['more users than leaves', { ...SPOT, users: 17 }],
    ['no users', { ...SPOT, users: 0 }],
    ['no slots', { ...SPOT, slots: 0 }],
    ['no depth', { ...SPOT, depth: 0 }],
    ['a part of a user', { ...SPOT, users: 2.5 }],
    ['a net value without debt', { ...SPOT, netBits: 130 }],
    ['net values too narrow for their slots', { ...MARGIN, netBits: 129 }],
    ['no children', { ...AGGREGATE, children: 0 }],
    ['more children than a node has', { ...AGGREGATE, children: 17 }],
  ])('is refused for %s, before the compiler runs', async (_, parameters) => {
    expect(() => generateMain(parameters)).toThrow(refusal('circuit-parameters-invalid'));
    await expect(compileCircuit(parameters, { cacheDirectory: '/nowhere' })).rejects.toEqual(
      refusal('circuit-parameters-invalid'),
    );
  });
});
