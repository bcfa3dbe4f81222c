import { FIELD_MODULUS } from '../../protocol/index.js';

const ELEMENT_BYTES = 32;
const VERSION = 2;
const SECTION_COUNT = 2;
/** Element size, modulus, number of wires. */
const FIELD_SECTION_BYTES = 4 + ELEMENT_BYTES + 4;

/** Bytes before the first wire: the file's header, the field's section, and the header of the wires' section. */
export const WITNESS_HEADER_BYTES = 12 + 12 + FIELD_SECTION_BYTES + 12;

/**
 * The head of a .wtns file of `wireCount` wires over BN254's scalar field; 32 little-endian bytes a wire follow.
 * Format: iden3's binary files, `wtns ‖ version ‖ sections`, each section `number u32 ‖ size u64 ‖ payload`.
 */
export function encodeWitnessHeader(wireCount: number): Uint8Array {
  const bytes = Buffer.alloc(WITNESS_HEADER_BYTES);
  let at = bytes.write('wtns', 'latin1');
  const u32 = (value: number) => (at = bytes.writeUInt32LE(value, at));
  const u64 = (value: bigint) => (at = bytes.writeBigUInt64LE(value, at));
  u32(VERSION);
  u32(SECTION_COUNT);
  u32(1);
  u64(BigInt(FIELD_SECTION_BYTES));
  u32(ELEMENT_BYTES);
  for (let limb = 0n; limb < 4n; limb++) u64(BigInt.asUintN(64, FIELD_MODULUS >> (64n * limb)));
  u32(wireCount);
  u32(2);
  u64(BigInt(wireCount) * BigInt(ELEMENT_BYTES));
  return bytes;
}
