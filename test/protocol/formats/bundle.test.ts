import { describe, expect, it } from 'vitest';

import { encodeCanonicalJson, encodeJsonLine, FIELD_MODULUS } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { inclusionOf, makeRun, MARGIN, SPOT, WIDE } from '../rows/honest-run.js';

const RUN = makeRun();
const refusal = (code: string) => expect.objectContaining({ code, errorClass: 'format' }) as Error;
const PROOF = {
  a: ['1', '2'],
  b: [
    ['1', '2'],
    ['3', '4'],
  ],
  c: ['5', '6'],
};
const POINT = rows.encodeBase64url(rows.encodePoint(RUN.points[0]!));
const R = FIELD_MODULUS.toString();

describe('a commitment of a batch', () => {
  const line = { circuit: 'spot-2', digest: '1', list: '2' };

  it('comes back byte for byte, and the lines of a run are such', () => {
    const lines = RUN.commitments
      .trimEnd()
      .split('\n')
      .map((text) => new TextEncoder().encode(text));
    expect(lines).toHaveLength(RUN.batches.length);
    for (const bytes of lines) expect(encodeCanonicalJson(rows.parseBatchCommitment(bytes))).toEqual(bytes);
  });

  it.each<[string, object]>([
    ['a digest of r', { ...line, digest: R }],
    ['a list of 2^248', { ...line, list: String(1n << 248n) }],
    ['a list with a leading zero', { ...line, list: '02' }],
    ['no list', { circuit: 'spot-2', digest: '1' }],
    ['a field too many', { ...line, rho: '1' }],
    ['a circuit with no name', { ...line, circuit: '' }],
  ])('is refused with %s', (_, value) => {
    expect(() => rows.parseBatchCommitment(encodeCanonicalJson(value))).toThrow(refusal('schema-violated'));
  });
});

describe('weighted totals', () => {
  const value = { points: RUN.points.map((point) => rows.encodeBase64url(rows.encodePoint(point))), zW: '5' };

  it('come back byte for byte', () => {
    const bytes = encodeJsonLine(value);
    expect(encodeJsonLine(rows.parseWeightedTotals(bytes))).toEqual(bytes);
  });

  it.each<[string, object]>([
    ['no points', { ...value, points: [] }],
    ['2,050 points', { ...value, points: new Array<string>(2050).fill(POINT) }],
    ['a point of 31 bytes', { ...value, points: [POINT, POINT, POINT.slice(1)] }],
    ['zW of r', { ...value, zW: R }],
    ['x', { ...value, x: '1' }],
  ])('are refused with %s', (_, changed) => {
    expect(() => rows.parseWeightedTotals(encodeJsonLine(changed))).toThrow(refusal('schema-violated'));
  });
});

describe('a proof', () => {
  const zOf = (count: number) => rows.encodeFieldElements(new Array<bigint>(count).fill(7n));
  const spot = { L: '1', proof: PROOF, z: zOf(3) };
  const margin = { K: '2', L: '1', proof: PROOF, z: zOf(2) };

  it('comes back byte for byte', () => {
    for (const [layout, value] of [
      [SPOT, spot],
      [MARGIN, margin],
      [WIDE, { ...margin, z: zOf(3) }],
    ] as const) {
      const bytes = encodeCanonicalJson(value);
      expect(encodeCanonicalJson(rows.parseBatchProof(bytes, layout))).toEqual(bytes);
    }
  });

  it.each<[string, rows.RowLayout, object]>([
    ['K in a spot line', SPOT, { ...spot, K: '2' }],
    ['no K in a margin line', MARGIN, { L: '1', proof: PROOF, z: zOf(2) }],
    ['one z more', SPOT, { ...spot, z: zOf(4) }],
    ['one z fewer', SPOT, { ...spot, z: zOf(2) }],
    ['z + r', SPOT, { ...spot, z: rows.encodeFieldElements([7n, 7n, FIELD_MODULUS + 7n]) }],
    ['z of r', SPOT, { ...spot, z: rows.encodeFieldElements([FIELD_MODULUS, 7n, 7n]) }],
    ['z in decimal', SPOT, { ...spot, z: ['7', '7', '7'] }],
    ['z with padding', MARGIN, { ...margin, z: `${zOf(2)}==` }],
    ['z with bits too many', MARGIN, { ...margin, z: zOf(2).replace(/.$/, 'd') }],
    ['z in the other alphabet', SPOT, { ...spot, z: zOf(3).replace(/^../, '+/') }],
    ['a character of z more', SPOT, { ...spot, z: `${zOf(3)}A` }],
    ['no z', SPOT, { ...spot, z: '' }],
    ['L of r', SPOT, { ...spot, L: R }],
    ['rho', SPOT, { ...spot, rho: '1' }],
    [
      'a coordinate of p',
      SPOT,
      {
        ...spot,
        proof: {
          ...PROOF,
          a: ['1', '21888242871839275222246405745257275088696311157297823662689037894645226208583'],
        },
      },
    ],
  ])('is refused with %s', (_, layout, value) => {
    expect(() => rows.parseBatchProof(encodeCanonicalJson(value), layout)).toThrow(
      refusal('schema-violated'),
    );
  });

  it('is read with as many values as the widest circuit has', () => {
    const wide = { ...WIDE, indexBits: 10, rows: 1, slots: 2048 };
    const bytes = encodeCanonicalJson({
      ...margin,
      z: rows.encodeFieldElements(new Array<bigint>(610).fill(FIELD_MODULUS - 1n)),
    });
    const values = rows.parseFieldElements(rows.parseBatchProof(bytes, wide).z);
    expect(values).toEqual(new Array<bigint>(610).fill(FIELD_MODULUS - 1n));
  });
});

describe('a group of a batch', () => {
  const group = inclusionOf(RUN, 'alice').groups[0]!;

  it('is taken as it is', () => {
    expect(rows.groupRecord.parse(group)).toEqual(group);
  });

  it.each<[string, object]>([
    ['no rows', { ...group, entries: [] }],
    ['an id of 31 bytes', { ...group, entries: [{ id: POINT.slice(1), point: POINT }] }],
    ['an opening of r', { ...group, blindOpening: R }],
    ['a batch of 2^24', { ...group, batch: 2 ** 24 }],
  ])('is refused with %s', (_, value) => {
    expect(rows.groupRecord.safeParse(value).success).toBe(false);
  });
});

describe('a signature', () => {
  const value = {
    format: 'solvent/signature/v2',
    algorithm: 'ed25519',
    publicKey: 'ab'.repeat(32),
    signature: 'cd'.repeat(64),
  };

  it('comes back byte for byte, and is one of the manifest hash', () => {
    expect(encodeJsonLine(rows.parseSignature(encodeJsonLine(value)))).toEqual(encodeJsonLine(value));
    const message = rows.signedMessage(RUN.manifestHash);
    expect(new TextDecoder().decode(message.subarray(0, 20))).toBe('solvent/signature/v2');
    expect([...message.subarray(20)]).toEqual([0, ...RUN.manifestHash]);
  });

  it('is refused in the format before', () => {
    const old = { ...value, format: 'solvent/signature/v1' };
    expect(() => rows.parseSignature(encodeJsonLine(old))).toThrow(refusal('format-unknown'));
    const short = { ...value, signature: 'cd'.repeat(63) };
    expect(() => rows.parseSignature(encodeJsonLine(short))).toThrow(refusal('schema-violated'));
  });
});

describe('a trust file', () => {
  const { platform, profile, indexBits } = RUN.manifest;
  const circuits = RUN.manifest.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
    name,
    parameters,
    tag,
    fingerprint,
    provenance,
  }));
  const value = {
    format: 'solvent/trust/v2',
    platform,
    profile,
    indexBits,
    circuits,
    signingKey: 'ab'.repeat(32),
  };

  it('comes back byte for byte', () => {
    expect(encodeJsonLine(rows.parseTrust(encodeJsonLine(value)))).toEqual(encodeJsonLine(value));
  });

  it.each<[string, object]>([
    ['no platform', { ...value, platform: '' }],
    ['a circuit of other index bits', { ...value, indexBits: 5 }],
    ['a circuit twice', { ...value, circuits: [circuits[0], circuits[0]] }],
    ['a tag twice', { ...value, circuits: [circuits[0], { ...circuits[0]!, name: 'spot-x' }] }],
    ['no circuit', { ...value, circuits: [] }],
    ['a key', { ...value, circuits: [RUN.manifest.circuits[0]] }],
  ])('is refused with %s', (_, changed) => {
    expect(() => rows.parseTrust(encodeJsonLine(changed))).toThrow(refusal('schema-violated'));
  });
});
