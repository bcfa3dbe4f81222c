import { POINT_BYTES, refuseProtocol, type FieldElement } from '../../protocol/index.js';
import { KERNEL_BYTES } from '../engine/wasm/kernel.js';

/** What a point opens to. */
export type PointOpening = { readonly values: readonly FieldElement[]; readonly blind: FieldElement };

/** The 32 bytes of a point from its plain coordinates, little-endian: as `encodePoint` makes them. */
export function encodePacked(packed: Uint8Array): Uint8Array {
  if (packed.every((byte) => byte === 0)) {
    throw refuseProtocol('point-at-infinity', { expected: 'a point other than infinity', found: 'infinity' });
  }
  const bytes = packed.slice(0, POINT_BYTES).reverse();
  if ((packed[KERNEL_BYTES.words]! & 1) === 1) bytes[0]! |= 0x80;
  return bytes;
}
