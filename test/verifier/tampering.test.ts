import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  bytesToHex,
  encodeBase64url,
  encodeFieldElements,
  encodeInclusion,
  encodeJsonLine,
  encodePoint,
  FIELD_MODULUS,
  fingerprintKey,
  hashCommitments,
  hashToPoint,
  parseFieldElement,
  parseFieldElements,
  parseInclusion,
  parseManifest,
  type Account,
  type InclusionFile,
  type Manifest,
  type Trust,
} from '../../src/protocol/index.js';
import type { ManifestContent } from '../../src/prover/commit/run-seeds.js';
import { makeInclusion, type ProvingCircuit } from '../../src/prover/index.js';
import {
  createPairing,
  verifyBundle,
  verifyInclusion,
  type PairingBackend,
} from '../../src/verifier/index.js';
import { debt, equity } from '../prover/exchange.js';
import {
  proveExchange,
  readBundle,
  sourceOf,
  trustOf,
  type BundleBytes,
  type Exchange,
} from '../prover/fixture.js';
import { proveLies, signAnew } from '../prover/liar.js';
import { makeCircuitKeys } from '../prover/tiny-keys.js';

const LONG_MS = 1_200_000;

/** Two batches of spot-3 and of margin-3 each, and an account of several parts in several circuits. */
const ACCOUNTS: readonly Account[] = [
  ...Array.from({ length: 31 }, (_, user) => ({
    userId: `spot-${user}`,
    holdings: [equity(0, 10n + BigInt(user)), equity(1, 20n), equity(2, 30n)],
  })),
  ...Array.from({ length: 19 }, (_, user) => ({
    userId: `debtor-${user}`,
    holdings: [equity(0, 900_000n + BigInt(user)), debt(1, 5n)],
  })),
  {
    userId: 'both',
    holdings: [
      { assetIndex: 0, equityUnits: 500n, debtUnits: 40n },
      { assetIndex: 1, equityUnits: 50_000n, debtUnits: 7n },
      { assetIndex: 2, equityUnits: 70_000n, debtUnits: 9n },
      equity(3, 11n),
    ],
  },
];

let root: string;
let circuits: readonly ProvingCircuit[];
let trust: Trust;
let pairing: PairingBackend;
let bundle: BundleBytes;
let run: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-rows-'));
  circuits = await makeCircuitKeys();
  trust = trustOf(circuits);
  pairing = await createPairing();
  await proveExchange(exchange('honest'));
  bundle = await readBundle(join(root, 'honest'));
  run = join(root, 'honest');
}, LONG_MS);
afterAll(() => rm(root, { recursive: true, force: true }));

const exchange = (name: string, changes: Partial<Exchange> = {}): Exchange => ({
  directory: join(root, name),
  accounts: ACCOUNTS,
  assetCount: 4,
  circuits,
  ...changes,
});
const check = async (changed: BundleBytes, pinned = trust) =>
  verifyBundle(sourceOf(changed), pinned, { pairing, allowDevelopmentKeys: true });

/** Of a bundle that was found false: nothing that it states is in the report. */
async function refusedWith(changed: BundleBytes, code: string, pinned?: Trust) {
  const report = await check(changed, pinned);
  expect(report).toMatchObject({ valid: false, code, totals: [], holdings: [] });
}

type Line = Record<string, unknown>;

function edit(lines: Uint8Array, change: (lines: Line[]) => unknown): Uint8Array {
  const read = Buffer.from(lines)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  change(read);
  return Buffer.concat(read.map((line) => encodeJsonLine(line)));
}

const plusOne = (text: unknown) => (BigInt(text as string) + 1n).toString();
/** Changes the values z of one line. */
const changeValues = (line: number, change: (values: bigint[]) => void) => (lines: Line[]) => {
  const values: bigint[] = parseFieldElements(lines[line]!.z as string);
  change(values);
  lines[line]!.z = encodeFieldElements(values);
};
const exchangeOf = (lines: Line[], first: number, second: number) => {
  [lines[first], lines[second]] = [lines[second]!, lines[first]!];
};

/** The same bundle under a manifest with one thing changed, which the platform signs. */
function resealed(change: (manifest: Manifest) => Manifest, from = bundle): BundleBytes {
  return { ...from, ...signAnew(change(parseManifest(from.manifest))) };
}

/** Commitments with one thing changed, which the manifest then pins. */
function recommitted(change: (lines: Line[]) => unknown): BundleBytes {
  const commitments = edit(bundle.commitments, change);
  const commitmentsHash = bytesToHex(hashCommitments(commitments));
  return { ...resealed((manifest) => ({ ...manifest, commitmentsHash })), commitments };
}

const lowerFirst = (totals: Manifest['totals']) =>
  totals.map((total, index) =>
    index === 0 ? { ...total, equity: (BigInt(total.equity) - 1n).toString() } : total,
  );

describe('a bundle', () => {
  it('is valid as it was made', async () => {
    expect(await check(bundle)).toMatchObject({ valid: true, code: 'valid' });
  });

  it.each<[string, string, (lines: Line[]) => unknown]>([
    ['a line left out', 'line-count', (lines) => lines.pop()],
    ['a line twice', 'line-count', (lines) => lines.push(lines[0]!)],
    [
      'two lines of one circuit exchanged',
      'proof',
      (lines) => {
        exchangeOf(lines, 1, 2);
      },
    ],
    ['L changed', 'proof', (lines) => (lines[0]!.L = plusOne(lines[0]!.L))],
    ['K changed', 'proof', (lines) => (lines[3]!.K = plusOne(lines[3]!.K))],
    ['a z changed', 'proof', changeValues(1, (z) => (z[0] = (z[0]! + 1n) % FIELD_MODULUS))],
    ['L and L exchanged', 'proof', (lines) => ([lines[0]!.L, lines[1]!.L] = [lines[1]!.L, lines[0]!.L])],
    ['K and K exchanged', 'proof', (lines) => ([lines[3]!.K, lines[4]!.K] = [lines[4]!.K, lines[3]!.K])],
    ['K in a spot line', 'schema-violated', (lines) => (lines[0]!.K = '1')],
    ['K left out', 'schema-violated', (lines) => delete lines[3]!.K],
    ['a z more', 'schema-violated', changeValues(0, (z) => z.push(1n))],
    ['a z fewer', 'schema-violated', changeValues(0, (z) => z.pop())],
    ['z + r', 'schema-violated', changeValues(0, (z) => (z[0]! += FIELD_MODULUS))],
    [
      'L + r',
      'schema-violated',
      (lines) =>
        (lines[0]!.L = (
          BigInt(lines[0]!.L as string) +
          21888242871839275222246405745257275088548364400416034343698204186575808495617n
        ).toString()),
    ],
  ])('with %s among the proofs is refused as %s', async (_, code, change) => {
    await refusedWith({ ...bundle, proofs: edit(bundle.proofs, change) }, code);
  });

  it.each<[string, string, (lines: Line[]) => unknown]>([
    ['a list changed', 'commitments-hash', (lines) => (lines[0]!.list = plusOne(lines[0]!.list))],
    [
      'two lines exchanged',
      'commitments-hash',
      (lines) => {
        exchangeOf(lines, 1, 2);
      },
    ],
    [
      'two circuits exchanged',
      'line-count',
      (lines) => {
        exchangeOf(lines, 0, 1);
      },
    ],
    ['a line left out', 'line-count', (lines) => lines.pop()],
    ['a digest twice', 'digest-repeated', (lines) => (lines[2]!.digest = lines[1]!.digest)],
  ])('with %s among the commitments is refused as %s', async (_, code, change) => {
    await refusedWith({ ...bundle, commitments: edit(bundle.commitments, change) }, code);
  });

  it('is refused where commitments change and the manifest with them, since its challenges are others', async () => {
    await refusedWith(
      recommitted((lines) => (lines[0]!.list = plusOne(lines[0]!.list))),
      'proof',
    );
    await refusedWith(
      recommitted((lines) => {
        exchangeOf(lines, 1, 2);
      }),
      'proof',
    );
  });

  it('is refused where totals or prices are changed after it was sealed, under a new signature', async () => {
    await refusedWith(
      resealed((manifest) => ({ ...manifest, totals: lowerFirst(manifest.totals) })),
      'proof',
    );
    await refusedWith(
      resealed(({ assets, ...rest }) => ({
        ...rest,
        assets: assets.map((asset, index) => (index === 0 ? { ...asset, price: '2' } : asset)),
      })),
      'proof',
    );
    await refusedWith(
      resealed((manifest) => ({ ...manifest, takenAt: '2026-11-27T00:00:00Z' })),
      'proof',
    );
  });

  it('is refused under a signature of another manifest, another key, platform or hash', async () => {
    const other = resealed((manifest) => ({ ...manifest, quote: 'EUR' }));
    await refusedWith({ ...bundle, signature: other.signature }, 'signature-invalid');
    await refusedWith(bundle, 'signing-key-not-pinned', { ...trust, signingKey: '00'.repeat(32) });
    await refusedWith(bundle, 'platform-not-pinned', { ...trust, platform: 'Another Exchange' });
    const report = await verifyBundle(sourceOf(bundle), trust, {
      pairing,
      allowDevelopmentKeys: true,
      manifestHash: 'ab'.repeat(32),
    });
    expect(report).toMatchObject({ valid: false, code: 'manifest-hash-differs', totals: [] });
  });

  it('is refused with weighted totals that were changed, lost or lengthened', async () => {
    const weights = (change: (lines: Line[]) => unknown) => ({
      ...bundle,
      weights: edit(bundle.weights!, change),
    });
    const point = encodeBase64url(encodePoint(hashToPoint('another')));
    await refusedWith(
      weights(([read]) => (read!.zW = plusOne(read!.zW))),
      'cover',
    );
    await refusedWith(
      weights(([read]) => ((read!.points as string[])[1] = point)),
      'proof',
    );
    await refusedWith(
      weights(([read]) => (read!.points as string[]).push(point)),
      'weights-form',
    );
    await refusedWith(
      weights(([read]) => (read!.points as string[]).pop()),
      'weights-form',
    );
    await refusedWith(
      weights(([read]) => ((read!.points as string[])[0] = encodeBase64url(new Uint8Array(32).fill(0xff)))),
      'point-form',
    );
    const { weights: lost, ...without } = bundle;
    expect(lost).toBeDefined();
    expect(await check(without)).toMatchObject({
      outcome: 'unverifiable',
      code: 'weights-missing',
      totals: [],
    });
  });

  it('is refused with keys of another length, layout or fingerprint than were pinned', async () => {
    const longer = circuits.map((circuit, index) => {
      if (index !== 0) return circuit;
      const key = { ...circuit.verificationKey };
      const verificationKey = { ...key, ic: [...key.ic, key.alpha] };
      return {
        ...circuit,
        verificationKey,
        fingerprint: fingerprintKey(parseFieldElement(circuit.tag), verificationKey),
      };
    });
    const withLonger = resealed((manifest) => ({
      ...manifest,
      circuits: manifest.circuits.map((circuit, index) => ({
        ...circuit,
        fingerprint: longer[index]!.fingerprint,
        verificationKey: longer[index]!.verificationKey,
      })),
    }));
    await refusedWith(withLonger, 'key-fingerprint-differs');
    await refusedWith(withLonger, 'key-signal-count-differs', trustOf(longer));
    await refusedWith(bundle, 'circuit-not-pinned', trustOf(circuits.slice(1)));
  });
});

describe('a run of a prover that lies from the start', () => {
  it('is refused as totals where one is a unit low, though every proof holds', async () => {
    const content = (stated: ManifestContent) => ({ ...stated, totals: lowerFirst(stated.totals) });
    const lowered = await proveLies(exchange('low'), { content });
    await refusedWith(lowered, 'totals');
    // A prover that looks finds it before anybody else does.
    await expect(proveLies(exchange('low'), { content, isChecked: true })).rejects.toThrow(
      expect.objectContaining({
        code: 'bundle-refused',
        cause: expect.objectContaining({ code: 'totals' }) as Error,
      }) as Error,
    );
    // The proofs of the one hold in no other run of the same accounts.
    await refusedWith({ ...bundle, proofs: lowered.proofs }, 'proof');
  }, 600_000);

  it('is refused as cover where rows state more value than they have', async () => {
    const richer = await proveLies(exchange('rich'), {
      rows: ({ batches, ...rest }) => ({
        ...rest,
        // One row seven up, and the same row of the next batch seven down.
        batches: batches.map((batch, index) => ({
          ...batch,
          rows: batch.rows.map((row, position) =>
            position === 3 && (index === 3 || index === 4)
              ? { ...row, netValue: row.netValue + 1_000n + (index === 3 ? 7n : -7n) }
              : row,
          ),
        })),
      }),
    });
    await refusedWith(richer, 'cover');
  }, 600_000);
});

describe('an inclusion file', () => {
  const read = async (userId: string) => parseInclusion((await makeInclusion(run, userId)).bytes);
  const checkFile = async (file: InclusionFile, userId: string, from = bundle) => {
    const { padding, ...rest } = file;
    expect(padding).toMatch(/^0*$/);
    const bytes = encodeInclusion(rest);
    return verifyInclusion(bytes, sourceOf(from), trust, { pairing, allowDevelopmentKeys: true, userId });
  };

  it('of an account in several circuits shows all of it', async () => {
    const report = await checkFile(await read('both'), 'both');
    expect(report).toMatchObject({ valid: true, code: 'valid' });
    expect(report.holdings.map(({ equity: held, debt: owed }) => [held, owed])).toEqual([
      ['500', '40'],
      ['50000', '7'],
      ['70000', '9'],
      ['11', '0'],
    ]);
    expect((await read('both')).batches.length).toBeGreaterThan(1);
  });

  it.each<[string, string, (file: InclusionFile, other: InclusionFile) => InclusionFile]>([
    ['a part left out', 'part-missing', (file) => ({ ...file, parts: file.parts.slice(0, -1) })],
    ['the rows of another user', 'id-commitment', (file, other) => ({ ...other, userId: file.userId })],
    [
      'another manifest',
      'inclusion-of-other-snapshot',
      (file) => ({ ...file, manifestHash: 'ab'.repeat(32) }),
    ],
    [
      'another amount',
      'opening',
      ({ parts, ...file }) => ({
        ...file,
        parts: parts.map((part, index) =>
          index === 0
            ? { ...part, slots: part.slots.map((slot) => ({ ...slot, amount: plusOne(slot.amount) })) }
            : part,
        ),
      }),
    ],
    [
      'the opening of a group changed',
      'group-opening',
      ({ groups, ...file }) => ({
        ...file,
        groups: groups.map((group) => ({ ...group, blindOpening: plusOne(group.blindOpening) })),
      }),
    ],
    [
      'the id of a neighbour changed',
      'group-hash',
      ({ groups, ...file }) => ({
        ...file,
        groups: groups.map((group) => ({
          ...group,
          entries: group.entries.map((entry, index) =>
            file.parts.some((part) => part.batch === group.batch && part.row % 32 === index)
              ? entry
              : { ...entry, id: encodeBase64url(new Uint8Array(32)) },
          ),
        })),
      }),
    ],
  ])('with %s is refused as %s', async (_, code, change) => {
    const report = await checkFile(change(await read('both'), await read('debtor-0')), 'both');
    expect(report).toMatchObject({ valid: false, code, holdings: [], totals: [] });
  });

  it('is refused for another id than its own, and against a bundle whose proofs do not hold', async () => {
    expect(await checkFile(await read('both'), 'spot-1')).toMatchObject({
      valid: false,
      code: 'id-commitment',
    });
    const proofs = edit(bundle.proofs, (lines) => (lines[5]!.L = plusOne(lines[5]!.L)));
    expect(await checkFile(await read('spot-1'), 'spot-1', { ...bundle, proofs })).toMatchObject({
      valid: false,
      code: 'proof',
      holdings: [],
    });
  });
});
