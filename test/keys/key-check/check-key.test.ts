import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeDevelopmentPowers, DEVELOPMENT_SECRETS } from '../../../scripts/ceremony/development-powers.js';
import { writeKnownKey } from '../../../scripts/ceremony/development-initial-key.js';
import {
  bigintToLittleEndian,
  littleEndianToBigint,
  rootOfUnity,
  ZKEY_SECTION,
  type Group,
} from '../../../src/iden3/index.js';
import { readKeyContributions } from '../../../src/keys/ceremony/key-contributions.js';
import { checkSmallKey, type KeyPart, type KeySource } from '../../../src/keys/key-check/check-key.js';
import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../../../src/protocol/index.js';
import { hashFile } from '../../../src/system/index.js';
import { snarkjs } from '../development-key/snarkjs.js';
import { compileToy, type ToyCircuit } from '../development-key/toy-circuit.js';
import {
  addMultiple,
  addTorsion,
  KeyBytes,
  LEAST_COFACTOR_PRIME,
  multiply,
  subtractMultiple,
} from './key-bytes.js';

const POWER = 8;
const DELTA = 0x1234567890abcdef1234567890abcdefn;
const SECTIONS = [
  ['IC', ZKEY_SECTION.ic, 'G1'],
  ['A', ZKEY_SECTION.pointsA, 'G1'],
  ['B1', ZKEY_SECTION.pointsB1, 'G1'],
  ['B2', ZKEY_SECTION.pointsB2, 'G2'],
  ['L', ZKEY_SECTION.pointsC, 'G1'],
  ['H', ZKEY_SECTION.pointsH, 'G1'],
] as const satisfies readonly (readonly [KeyPart, number, Group])[];
/** Where the points of the header stand in its section. */
const HEADER = { alpha1: [84, 64], beta1: [148, 64], beta2: [212, 128], gamma2: [340, 128] } as const;
const DELTA_1 = [468, 64] as const;
const DELTA_2 = [532, 128] as const;

let toy: ToyCircuit;
let source: KeySource;
let count = 0;

beforeAll(async () => {
  toy = await compileToy();
  const at = (name: string) => join(toy.directory, name);
  const ptauPath = at('powers.ptau');
  makeDevelopmentPowers(POWER, ptauPath);
  await writeKnownKey({ r1csPath: toy.r1csPath, ptauPath, delta: DELTA }, at('honest.zkey'));
  source = { name: 'toy', r1csPath: toy.r1csPath, ptauPath, zkeyPath: at('honest.zkey') };
});
afterAll(async () => {
  await (await snarkjs.curves.getCurveFromName('bn128')).terminate();
  await toy.remove();
});

/** A copy of the honest key that a test changed. */
function spoil(change: (key: KeyBytes) => void): KeySource {
  const key = new KeyBytes(source.zkeyPath);
  change(key);
  return { ...source, zkeyPath: key.save(join(toy.directory, `spoiled-${count++}.zkey`)) };
}

const refusal = (part: KeyPart) =>
  expect.objectContaining({
    code: 'ceremony-key-invalid',
    errorClass: 'artefact',
    details: { circuit: 'toy', part },
  }) as Error;

async function expectRefusal(spoiled: KeySource, part: KeyPart): Promise<void> {
  await expect(checkSmallKey(spoiled)).rejects.toThrow(refusal(part));
}

describe('a key that follows from its circuit and the powers of tau', () => {
  it('passes, and shows the hashes of the initial key that snarkjs makes', async () => {
    const initial = join(toy.directory, 'initial.zkey');
    await snarkjs.zKey.newZKey(source.r1csPath, source.ptauPath, initial);
    const hashes = await checkSmallKey(source);
    expect(hashes.initialSha256).toBe(await hashFile(initial));
    expect(hashes.circuitHash).toBe((await readKeyContributions(initial)).circuitHash);
    // Before anyone contributed as well as after.
    expect(await checkSmallKey({ ...source, zkeyPath: initial })).toEqual(hashes);
  });
});

describe.each(SECTIONS)('the points %s of a key', (part, section, group) => {
  it('are refused where one is another', async () => {
    await expectRefusal(
      spoil((key) => {
        addMultiple(key.finitePoints(section, group)[1]!, group, 5n);
      }),
      part,
    );
  });

  it('are refused where two change places', async () => {
    await expectRefusal(
      spoil((key) => {
        const [first, second] = key.finitePoints(section, group);
        const kept = Buffer.from(first!);
        first!.set(second!);
        second!.set(kept);
      }),
      part,
    );
  });

  it('are refused where two are wrong by as much, one more and one less', async () => {
    await expectRefusal(
      spoil((key) => {
        const [first, second] = key.finitePoints(section, group);
        addMultiple(first!, group, 7n);
        subtractMultiple(second!, group, 7n);
      }),
      part,
    );
  });

  it('are refused where one is at infinity', async () => {
    await expectRefusal(
      spoil((key) => key.finitePoints(section, group)[0]!.fill(0)),
      part,
    );
  });

  it('are refused where one is off its curve, or a coordinate is not below the modulus', async () => {
    await expectRefusal(
      spoil((key) => {
        key.finitePoints(section, group)[0]![0]! ^= 1;
      }),
      part,
    );
    await expectRefusal(
      spoil((key) => {
        const coordinate = key.finitePoints(section, group)[0]!.subarray(0, 32);
        coordinate.set(bigintToLittleEndian(littleEndianToBigint(coordinate) + BASE_FIELD_MODULUS, 32));
      }),
      part,
    );
  });
});

describe('points B2 outside the subgroup', () => {
  it('are refused, also where what they have too much adds up to nothing, or the key is one of them throughout', async () => {
    for (const spoilAll of [
      (points: Buffer[]) => {
        addTorsion(points[0]!);
      },
      (points: Buffer[]) => {
        addTorsion(points[0]!);
        addTorsion(points[1]!, LEAST_COFACTOR_PRIME - 1n);
      },
      (points: Buffer[]) => {
        for (const point of points) addTorsion(point);
      },
    ]) {
      await expectRefusal(
        spoil((key) => {
          spoilAll(key.finitePoints(ZKEY_SECTION.pointsB2, 'G2'));
        }),
        'B2',
      );
    }
  });
});

describe('the header of a key', () => {
  it.each(Object.entries(HEADER))('is refused with another %s', async (_, [offset, sizeBytes]) => {
    const group = sizeBytes === 64 ? 'G1' : 'G2';
    await expectRefusal(
      spoil((key) => {
        addMultiple(key.at(ZKEY_SECTION.header, offset, sizeBytes), group, 3n);
      }),
      'header',
    );
  });

  it('is refused where delta is not one in both groups, or is no point of its group', async () => {
    for (const change of [
      (delta1: Buffer) => {
        addMultiple(delta1, 'G1', 1n);
      },
      (_: Buffer, delta2: Buffer) => {
        addMultiple(delta2, 'G2', 1n);
      },
      (_: Buffer, delta2: Buffer) => {
        addTorsion(delta2);
      },
      (delta1: Buffer) => delta1.fill(0),
    ]) {
      await expectRefusal(
        spoil((key) => {
          change(key.at(ZKEY_SECTION.header, ...DELTA_1), key.at(ZKEY_SECTION.header, ...DELTA_2));
        }),
        'delta',
      );
    }
  });

  it('is refused with a delta that the points were not divided by, in both sections that are', async () => {
    const otherDelta = (key: KeyBytes) => {
      multiply(key.at(ZKEY_SECTION.header, ...DELTA_1), 'G1', 3n);
      multiply(key.at(ZKEY_SECTION.header, ...DELTA_2), 'G2', 3n);
    };
    const third = powerOfThree();
    await expect(checkSmallKey(spoil(otherDelta))).rejects.toMatchObject({ code: 'ceremony-key-invalid' });
    const divide = (key: KeyBytes, section: number) => {
      for (const point of key.finitePoints(section, 'G1')) multiply(point, 'G1', third);
    };
    await expectRefusal(
      spoil((key) => {
        otherDelta(key);
        divide(key, ZKEY_SECTION.pointsH);
      }),
      'L',
    );
    await expectRefusal(
      spoil((key) => {
        otherDelta(key);
        divide(key, ZKEY_SECTION.pointsC);
      }),
      'H',
    );
    // All of it at once is a contribution of 3, which the check of contributions must refuse.
    await checkSmallKey(
      spoil((key) => {
        otherDelta(key);
        divide(key, ZKEY_SECTION.pointsC);
        divide(key, ZKEY_SECTION.pointsH);
      }),
    );
  });
});

/** 1/3 modulo the order of the groups. */
function powerOfThree(): bigint {
  for (let k = 1n; k <= 2n; k++)
    if ((k * FIELD_MODULUS + 1n) % 3n === 0n) return (k * FIELD_MODULUS + 1n) / 3n;
  throw new Error('expected an order that 3 does not divide');
}

describe('the coefficients of a key', () => {
  it.each([
    ['a value', 4 + 12],
    ['a wire', 4 + 8],
    ['a row', 4 + 4],
    ['a matrix', 4],
  ])('are refused with %s changed', async (_, offset) => {
    await expectRefusal(
      spoil((key) => {
        key.at(ZKEY_SECTION.coefficients, offset, 1)[0]! ^= 1;
      }),
      'coefficients',
    );
  });
});

describe('a key of something else', () => {
  it('is refused for a circuit whose first constraint says nothing, or that has other sizes', async () => {
    const r1cs = readFileSync(toy.r1csPath);
    const silenced = join(toy.directory, 'silenced.r1cs');
    writeFileSync(silenced, silenceFirst(r1cs));
    await expect(checkSmallKey({ ...source, r1csPath: silenced })).rejects.toMatchObject({
      code: 'ceremony-key-invalid',
    });
    const more = await compileToy(21);
    try {
      await expectRefusal({ ...source, r1csPath: more.r1csPath }, 'sizes');
    } finally {
      await more.remove();
    }
  });

  it('is refused for powers of another tau, alpha or beta', async () => {
    for (const name of ['tau', 'alpha', 'beta'] as const) {
      const ptauPath = join(toy.directory, `other-${name}.ptau`);
      makeDevelopmentPowers(5, ptauPath, { secrets: { ...DEVELOPMENT_SECRETS, [name]: 12345n } });
      await expect(checkSmallKey({ ...source, ptauPath })).rejects.toMatchObject({
        code: 'ceremony-key-invalid',
      });
    }
  });

  it('is refused where a file is cut short, by the name of that file', async () => {
    for (const [name, code] of [
      ['zkeyPath', 'zkey-malformed'],
      ['ptauPath', 'powers-of-tau-malformed'],
      ['r1csPath', 'r1cs-malformed'],
    ] as const) {
      const cut = join(toy.directory, `cut-${name}`);
      copyFileSync(source[name], cut);
      truncateSync(cut, readFileSync(cut).length - 40);
      await expect(checkSmallKey({ ...source, [name]: cut })).rejects.toMatchObject({ code });
    }
  });
});

describe('points H that are wrong by multiples of one point, each by its root of unity times it', () => {
  it('pass snarkjs, whose polynomials have a degree less, and are refused here', async () => {
    const initial = join(toy.directory, 'initial-2.zkey');
    await snarkjs.zKey.newZKey(source.r1csPath, source.ptauPath, initial);
    const key = new KeyBytes(initial);
    const root = rootOfUnity(6);
    let power = root;
    for (const point of key.finitePoints(ZKEY_SECTION.pointsH, 'G1')) {
      addMultiple(point, 'G1', power);
      power = (((power * root) % FIELD_MODULUS) * root) % FIELD_MODULUS;
    }
    const zkeyPath = key.save(join(toy.directory, 'roots.zkey'));
    expect(await snarkjs.zKey.verifyFromInit(initial, source.ptauPath, zkeyPath)).toBe(true);
    await expectRefusal({ ...source, zkeyPath }, 'H');
  });
});

/** Makes the first constraint say 0 · 0 = 0. */
function silenceFirst(r1cs: Buffer): Buffer {
  const changed = Buffer.from(r1cs);
  let at = 12;
  while (changed.readUInt32LE(at) !== 2) at += 12 + Number(changed.readBigUInt64LE(at + 4));
  at += 12;
  for (let sum = 0; sum < 3; sum++) {
    const terms = changed.readUInt32LE(at);
    at += 4;
    for (let term = 0; term < terms; term++, at += 36) changed.fill(0, at + 4, at + 36);
  }
  return changed;
}
