import { keccak_256 } from '@noble/hashes/sha3.js';

import { concatBytes, encodeUint } from '../../../protocol/index.js';
import { formatWord } from './header.js';
import { formatSlot } from './state.js';

/** Slots of a registry: its head, and those of its mappings by instant. */
export const REGISTRY_SLOTS = { head: formatSlot(0n), manifest: 1, reserves: 2, nextKey: 3 } as const;

/** The slot of an instant in a mapping of a registry: keccak256(be_32(instant) ‖ be_32(slot)). */
export function deriveRegistrySlot(mapping: 'manifest' | 'reserves' | 'nextKey', instantNs: bigint): string {
  return formatWord(
    keccak_256(concatBytes(encodeUint(instantNs, 32), encodeUint(REGISTRY_SLOTS[mapping], 32))),
  );
}
