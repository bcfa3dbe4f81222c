import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, it } from 'vitest';

import {
  BASE_FIELD_MODULUS,
  encodeFieldElements,
  encodeJsonLine,
  parseFieldElements,
  utf8ToBytes,
  type BatchProof,
} from '../../src/protocol/index.js';
import { createPairing, parseTrust, verifyBundle, type BundleSource } from '../../src/verifier/index.js';
import { OUTSIDE_SUBGROUP } from '../../src/verifier/pairing/curve.js';

// The golden bundles are two manifests of one platform under the same keys, with real proofs: what the simulated ones of
// the adversary are refused for, these must be as well.
const GOLDEN = resolve(import.meta.dirname, '../../conformance/bundles/v2');
const trust = parseTrust(readFileSync(join(GOLDEN, 'trust.json')));
const pairing = await createPairing();

const read = (bundle: string, name: string) => readFileSync(join(GOLDEN, bundle, 'bundle', name));
const readProofs = (bundle: string) =>
  read(bundle, 'proofs.ndjson')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BatchProof);
const CIRCUITS = read('balances', 'commitments.ndjson')
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => (JSON.parse(line) as { circuit: string }).circuit);

/** The bundle of balances with other proofs. */
async function judge(change: (proofs: BatchProof[], others: BatchProof[]) => void): Promise<string> {
  const proofs = readProofs('balances');
  change(proofs, readProofs('books'));
  const source: BundleSource = {
    manifest: read('balances', 'manifest.json'),
    signature: read('balances', 'manifest.sig.json'),
    commitments: [read('balances', 'commitments.ndjson')],
    weights: read('balances', 'weights.json'),
    proofs: [utf8ToBytes(proofs.map((proof) => Buffer.from(encodeJsonLine(proof)).toString()).join(''))],
  };
  const { code } = await verifyBundle(source, trust, { pairing, allowDevelopmentKeys: true });
  return code;
}

const negate = (coordinate: string) => (BASE_FIELD_MODULUS - BigInt(coordinate)).toString();
const negateA = ({ proof: { a } }: BatchProof) => {
  a[1] = negate(a[1]);
};
const negateB = ({ proof: { b } }: BatchProof) => {
  b[1] = [negate(b[1][0]), negate(b[1][1])];
};

it('takes real proofs, and each of them in another form of the same statement', async () => {
  expect(await judge(() => undefined)).toBe('valid');
  // Groth16 proofs can be re-randomised: their bytes are no identity.
  const rerandomise = (proofs: BatchProof[]) => {
    proofs.forEach(negateA);
    proofs.forEach(negateB);
  };
  expect(await judge(rerandomise)).toBe('valid');
});

it.each(CIRCUITS.map((circuit, line) => [circuit, line] as const))(
  'refuses a real proof of %s that is another manifest’s, another batch’s, or of other points (line %i)',
  async (circuit, line) => {
    const replay = (whole: boolean) =>
      judge((proofs, others) => {
        const other = others[line]!;
        proofs[line] = whole ? other : { ...proofs[line]!, proof: other.proof };
      });
    expect([await replay(true), await replay(false)]).toEqual(['proof', 'proof']);
    const next = (line + 1) % CIRCUITS.length;
    const exchange = await judge((proofs) => {
      [proofs[line], proofs[next]] = [
        { ...proofs[line]!, proof: proofs[next]!.proof },
        { ...proofs[next]!, proof: proofs[line]!.proof },
      ];
    });
    expect([circuit, exchange]).toEqual([circuit, 'proof']);
    expect(
      await judge((proofs) => {
        negateA(proofs[line]!);
      }),
    ).toBe('proof');
    expect(
      await judge((proofs) => {
        negateB(proofs[line]!);
      }),
    ).toBe('proof');
    expect(
      await judge((proofs) => {
        proofs[line]!.proof.b = OUTSIDE_SUBGROUP;
      }),
    ).toBe('proof');
    expect(
      await judge((proofs) => {
        proofs[line]!.proof.c = proofs[next]!.proof.c;
      }),
    ).toBe('proof');
    expect(
      await judge((proofs) => {
        const [taken] = parseFieldElements(proofs[next]!.z);
        const [, ...kept] = parseFieldElements(proofs[line]!.z);
        proofs[line]!.z = encodeFieldElements([taken!, ...kept]);
      }),
    ).toBe('proof');
  },
);
