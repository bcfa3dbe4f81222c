import { describe, expect, it } from 'vitest';

import {
  bigintToLittleEndian,
  encodeWitnessHeader,
  parseWitness,
  readPublicSignals,
  WITNESS_HEADER_BYTES,
} from '../../src/iden3/index.js';
import { FIELD_MODULUS } from '../../src/protocol/index.js';

const REFUSAL = expect.objectContaining({ code: 'witness-malformed', errorClass: 'proving' }) as Error;

function encodeWitness(wires: readonly bigint[]): Buffer {
  return Buffer.concat([
    encodeWitnessHeader(wires.length),
    ...wires.map((wire) => bigintToLittleEndian(wire, 32)),
  ]);
}

describe('a .wtns file', () => {
  it('is read as it was written, without a copy', () => {
    const witness = encodeWitness([1n, 2n, FIELD_MODULUS - 1n]);
    const values = parseWitness(witness);
    expect(values.buffer).toBe(witness.buffer);
    expect(values.length).toBe(witness.length - WITNESS_HEADER_BYTES);
    expect(readPublicSignals(values, 2)).toEqual([2n, FIELD_MODULUS - 1n]);
  });

  it.each([
    ['another format', 0, 0x7a],
    ['another version', 4, 1],
    ['a section less', 8, 1],
    ['more sections', 8, 3],
    ['another field', 12 + 12 + 4, 2],
    ['another number of wires', 12 + 12 + 36, 2],
  ])('is refused for %s', (_, offset, byte) => {
    const witness = encodeWitness([1n, 2n, 3n]);
    witness[offset] = byte;
    expect(() => parseWitness(witness)).toThrow(REFUSAL);
  });

  it('is refused where it is empty or ends early', () => {
    expect(() => parseWitness(new Uint8Array(0))).toThrow(REFUSAL);
    expect(() => parseWitness(encodeWitness([1n]).subarray(0, -1))).toThrow(REFUSAL);
  });

  it('has no public signals where its first wire is not 1, or one is not below the modulus', () => {
    expect(() => readPublicSignals(parseWitness(encodeWitness([2n, 3n])), 1)).toThrow(REFUSAL);
    expect(() => readPublicSignals(parseWitness(encodeWitness([1n, FIELD_MODULUS])), 1)).toThrow(REFUSAL);
  });
});
