import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { FieldElement } from '../../protocol/index.js';
import { loadFastSponge } from './fast-sponge.js';
import { portableSponge, sponge, SPONGE_RATE, type Sponge } from './poseidon.js';

/** The sponge that a run hashes with, and whether it is the kernel's. */
export type CheckedSponge = { readonly sponge: Sponge; readonly isFast: boolean };

/** What circomlibjs' own WebAssembly makes of 1 to 16 inputs: an element in Montgomery form, which `F` reads. */
type CircomlibPoseidon = {
  (inputs: readonly bigint[]): Uint8Array;
  readonly F: { readonly toObject: (element: Uint8Array) => bigint };
};

/** Two blocks of wide values, the second filled up: every constant is used, and the state is carried on. */
const TESTED: readonly FieldElement[] = Array.from(
  { length: SPONGE_RATE + 1 },
  (_, index) => (BigInt(index + 1) ** 50n % (1n << 250n)) as FieldElement,
);
const TESTED_IV = 7n as FieldElement;

/**
 * The kernel's sponge where it hashes as poseidon-lite does, which is tried at each start; else that of circomlibjs, which
 * takes about twice as long for a hash, and half a second to build.
 */
export async function loadCheckedSponge(
  loadFast: () => Promise<Sponge> = loadFastSponge,
): Promise<CheckedSponge> {
  try {
    const fast = await loadFast();
    if (fast(TESTED_IV, TESTED) === portableSponge(TESTED_IV, TESTED)) return { sponge: fast, isFast: true };
  } catch {
    // A machine that cannot run the kernel is the case that the other is there for.
  }
  return { sponge: await loadCircomlibSponge(), isFast: false };
}

/**
 * The sponge by circomlibjs, built once a process. Its entry requires blake-hash, a native addon that does harm (see `thread-require.ts`): the module
 * of its Poseidon is loaded by its path, which leads to no addon.
 */
export function loadCircomlibSponge(): Promise<Sponge> {
  loaded ??= buildCircomlibSponge();
  return loaded;
}

let loaded: Promise<Sponge> | undefined;

async function buildCircomlibSponge(): Promise<Sponge> {
  const entry = createRequire(import.meta.url).resolve('circomlibjs');
  const path = join(dirname(entry), '..', 'src', 'poseidon_wasm.js');
  const { buildPoseidon } = (await import(pathToFileURL(path).href)) as {
    readonly buildPoseidon: () => Promise<CircomlibPoseidon>;
  };
  const poseidon = await buildPoseidon();
  const hash = (inputs: readonly FieldElement[]) => poseidon.F.toObject(poseidon(inputs)) as FieldElement;
  return (iv, values) => sponge(hash, iv, values);
}
