import * as lite from 'poseidon-lite';

import type { FieldElement } from '../../protocol/index.js';

/**
 * H_k: Poseidon over BN254 with 1 <= k <= 16 inputs and circomlib's parameters. Functions take one, so that whoever hashes in bulk can bring a faster implementation of the same function.
 */
export type Poseidon = (inputs: readonly FieldElement[]) => FieldElement;

const BY_WIDTH = [
  lite.poseidon1,
  lite.poseidon2,
  lite.poseidon3,
  lite.poseidon4,
  lite.poseidon5,
  lite.poseidon6,
  lite.poseidon7,
  lite.poseidon8,
  lite.poseidon9,
  lite.poseidon10,
  lite.poseidon11,
  lite.poseidon12,
  lite.poseidon13,
  lite.poseidon14,
  lite.poseidon15,
  lite.poseidon16,
] as const;

/** Poseidon in plain JavaScript: portable and dependency-light, for verifying a few hashes. */
export const poseidon: Poseidon = (inputs) => {
  const hash = BY_WIDTH[inputs.length - 1];
  if (hash === undefined) throw new RangeError(`expected 1 to 16 inputs, got ${inputs.length}`);
  return hash([...inputs]) as FieldElement;
};

/** Values that a sponge takes at a time. */
export const SPONGE_RATE = 15;

/** A sponge over H_16: from a first state and values to a hash. */
export type Sponge = (iv: FieldElement, values: readonly FieldElement[]) => FieldElement;

/**
 * `sponge(iv; m_1 … m_n)`: h starts as `iv`; each next 15 values, zero-padded, make h = H_16(h, 15 values).
 * The count of values must be fixed by the caller's context: padding does not tell lengths apart.
 */
export function sponge(hash: Poseidon, iv: FieldElement, values: readonly FieldElement[]): FieldElement {
  let state = iv;
  for (let start = 0; start < values.length; start += SPONGE_RATE) {
    const block = values.slice(start, start + SPONGE_RATE);
    while (block.length < SPONGE_RATE) block.push(0n as FieldElement);
    state = hash([state, ...block]);
  }
  return state;
}

/** The sponge in plain JavaScript: what a faster one is held to. */
export const portableSponge: Sponge = (iv, values) => sponge(poseidon, iv, values);
