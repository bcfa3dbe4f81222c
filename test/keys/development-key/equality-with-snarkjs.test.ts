import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeDevelopmentPowers } from '../../../scripts/ceremony/development-powers.js';
import { ELEMENT_BYTES, littleEndianToBigint, readR1cs } from '../../../src/iden3/index.js';
import { JobRunner, runScalarsJob } from '../../../src/keys/development-key/jobs.js';
import { layOutKey } from '../../../src/keys/development-key/key-layout.js';
import type { Trapdoor } from '../../../src/keys/development-key/trapdoor.js';
import { windowShapeFor } from '../../../src/keys/development-key/window-table.js';
import { hashPtau } from '../../../src/keys/powers-of-tau/powers-of-tau.js';
import { BEACON_EXPONENT, snarkjs, splitSections, trapdoorOfBeacons } from './snarkjs.js';
import { compileToy, type ToyCircuit } from './toy-circuit.js';

const TAU_BEACON = '01'.repeat(32);
const DELTA_BEACON = '02'.repeat(32);
/** 2^8 rows are room for the toy and for twice its domain. */
const POWER = 8;

let toy: ToyCircuit;
let theirs: ReadonlyMap<number, Buffer>;
let trapdoor: Trapdoor;

beforeAll(async () => {
  toy = await compileToy();
  const path = (name: string) => join(toy.directory, name);
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  await snarkjs.powersOfTau.newAccumulator(curve, POWER, path('0.ptau'));
  await snarkjs.powersOfTau.beacon(path('0.ptau'), path('1.ptau'), '', TAU_BEACON, BEACON_EXPONENT);
  await snarkjs.powersOfTau.preparePhase2(path('1.ptau'), path('2.ptau'));
  await snarkjs.zKey.newZKey(toy.r1csPath, path('2.ptau'), path('0.zkey'));
  await snarkjs.zKey.beacon(path('0.zkey'), path('1.zkey'), '', DELTA_BEACON, BEACON_EXPONENT);
  theirs = splitSections(await readFile(path('1.zkey')));
  trapdoor = trapdoorOfBeacons(curve, TAU_BEACON, DELTA_BEACON);
});

afterAll(async () => {
  await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  await toy.remove();
});

/** The same steps as in the threads, in this one, with a trapdoor that is given. */
async function writeKeyWith(given: Trapdoor, name: string): Promise<ReadonlyMap<number, Buffer>> {
  const path = join(toy.directory, name);
  const r1cs = readR1cs(toy.r1csPath);
  const { runs, scalars: at } = layOutKey(r1cs);
  const scalars = new SharedArrayBuffer(at.count * ELEMENT_BYTES);
  const file = openSync(path, 'wx');
  runScalarsJob({ kind: 'scalars', r1cs, scalars, file }, given);
  const runner = new JobRunner();
  for (const group of ['G1', 'G2'] as const) {
    const shape = windowShapeFor(group, 64);
    const table = new SharedArrayBuffer(shape.sizeBytes);
    for (let window = 0; window < shape.windowCount; window++) {
      runner.run({ kind: 'window', shape, window, table });
    }
    for (const run of runs.filter((candidate) => candidate.group === group)) {
      runner.run({ kind: 'points', shape, table, scalars, run, file });
    }
  }
  closeSync(file);
  return splitSections(await readFile(path));
}

describe('development powers of tau', () => {
  it('are those that snarkjs makes and prepares of the same secrets, byte for byte', async () => {
    const path = join(toy.directory, 'known.ptau');
    const { tau, alpha, beta } = trapdoor;
    const secrets = {
      tau: littleEndianToBigint(tau),
      alpha: littleEndianToBigint(alpha),
      beta: littleEndianToBigint(beta),
    };
    const blake2b = makeDevelopmentPowers(POWER, path, { secrets });
    expect(blake2b).toBe(await hashPtau(path));
    const [ours, snarkjss] = [
      splitSections(await readFile(path)),
      splitSections(await readFile(join(toy.directory, '2.ptau'))),
    ];
    // All but the list of contributions: these were never contributed to.
    for (const type of [1, 2, 3, 4, 5, 6, 12, 13, 14, 15]) {
      expect(ours.get(type)!.equals(snarkjss.get(type)!), `section ${type}`).toBe(true);
    }
    expect(ours.size).toBe(snarkjss.size);
  });
});

const copyOf = ({ tau, alpha, beta, delta }: Trapdoor): Trapdoor => ({
  tau: tau.slice(),
  alpha: alpha.slice(),
  beta: beta.slice(),
  delta: delta.slice(),
});

describe('a key written straight from the r1cs', () => {
  it('is the key that snarkjs makes of powers of tau with the same trapdoor, byte for byte', async () => {
    const ours = await writeKeyWith(copyOf(trapdoor), 'ours.zkey');
    for (const [type, name] of [
      [1, 'protocol'],
      [2, 'header'],
      [3, 'IC'],
      [4, 'coefficients'],
      [5, 'A'],
      [6, 'B in G1'],
      [7, 'B in G2'],
      [8, 'C'],
      [9, 'H'],
    ] as const) {
      expect(ours.get(type)?.equals(theirs.get(type)!), name).toBe(true);
    }
    expect([...ours.keys()].sort((a, b) => a - b)).toEqual([...theirs.keys()].sort((a, b) => a - b));
  });

  it('says in section 10 that it is for development, and names no contribution', async () => {
    const ours = await writeKeyWith(copyOf(trapdoor), 'marked.zkey');
    const section = ours.get(10)!;
    expect(section.length).toBe(68);
    expect(section.toString('latin1', 0, 64)).toMatch(/^solvent: insecure development key/);
    expect(section.readUInt32LE(64)).toBe(0);
  });

  it.each(['tau', 'alpha', 'beta', 'delta'] as const)('is another key for another %s', async (secret) => {
    const other = copyOf(trapdoor);
    other[secret][0]! ^= 1;
    const ours = await writeKeyWith(other, `other-${secret}.zkey`);
    expect(ours.get(4)!.equals(theirs.get(4)!)).toBe(true);
    const changed = [2, 3, 5, 6, 7, 8, 9].filter((type) => !ours.get(type)!.equals(theirs.get(type)!));
    expect(changed).toEqual(
      { tau: [3, 5, 6, 7, 8, 9], alpha: [2, 3, 8], beta: [2, 3, 8], delta: [2, 8, 9] }[secret],
    );
  });

  it('overwrites the trapdoor that it was made with', async () => {
    const given = copyOf(trapdoor);
    await writeKeyWith(given, 'wiped.zkey');
    for (const secret of Object.values(given)) expect(secret.every((byte) => byte === 0)).toBe(true);
  });
});
