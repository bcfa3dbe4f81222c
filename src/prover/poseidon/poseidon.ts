import { createRequire } from 'node:module';

import type { FieldElement } from '../../protocol/index.js';

/**
 * H_k: Poseidon over BN254 with 1 <= k <= 16 inputs and circomlib's parameters. Functions take one, so that whoever hashes in bulk can bring a faster implementation of the same function.
 */
export type Poseidon = (inputs: readonly FieldElement[]) => FieldElement;

/** Inputs that circomlib has constants for. */
const MAX_INPUTS = 16;

const load = createRequire(import.meta.url);
const loaded = new Map<number, Poseidon>();

/** The constants of all widths take a tenth of a second to read: each width is loaded for whoever hashes with it. */
function loadPoseidon(width: number): Poseidon {
  const found = loaded.get(width);
  if (found !== undefined) return found;
  const name = `poseidon${width}` as 'poseidon16';
  const hash = (load(`poseidon-lite/${name}`) as typeof import('poseidon-lite'))[name];
  const typed: Poseidon = (inputs) => hash([...inputs]) as FieldElement;
  loaded.set(width, typed);
  return typed;
}

/** Poseidon in plain JavaScript: portable and dependency-light, for verifying a few hashes. */
export const poseidon: Poseidon = (inputs) => {
  const width = inputs.length;
  if (width < 1 || width > MAX_INPUTS) throw new RangeError(`expected 1 to 16 inputs, got ${width}`);
  return loadPoseidon(width)(inputs);
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
