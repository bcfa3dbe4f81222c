import { randomFillSync } from 'node:crypto';

import { KERNEL_BYTES, type Kernel } from './kernel.js';

/** The two scalars that hide a witness in its proof, as plain little-endian bytes; each used once. */
export type Blinding = { readonly r: Uint8Array; readonly s: Uint8Array };

/** The bits of the top byte that a scalar below 2^254 has. */
const TOP_BYTE_MASK = 0x3f;

/** Draws fresh blinding from the system's randomness: uniform below the group's order, by rejection. */
export function drawBlinding(kernel: Kernel): Blinding {
  return { r: drawScalar(kernel), s: drawScalar(kernel) };
}

/** Overwrites blinding that has been used. */
export function wipeBlinding({ r, s }: Blinding): void {
  r.fill(0);
  s.fill(0);
}

function drawScalar(kernel: Kernel): Uint8Array {
  const bytes = new Uint8Array(KERNEL_BYTES.words);
  for (;;) {
    randomFillSync(bytes);
    bytes[bytes.length - 1]! &= TOP_BYTE_MASK;
    const isScalar = kernel.scoped(() => kernel.exports.is_scalar(kernel.put(bytes)) === 1);
    if (isScalar) return bytes;
  }
}
