import {
  decodeUint,
  encodeUint,
  readBatchSignals,
  toFieldElement,
  type FieldElement,
  type Proof,
  type RowLayout,
} from '../../protocol/index.js';
import type { FinishedProof } from './task.js';

const WORD_BYTES = 32;
/** Coordinates of a proof. */
export const PROOF_WORDS = 8;

/**
 * A finished proof as some hundred bytes, from which its values and points are made anew each time: a run holds all of its proofs
 * to the end, and as objects they would be most of its memory.
 * @param given.publicSignals as `listPublicSignals` makes them for the layout.
 */
export function packProof(
  layout: RowLayout,
  given: { readonly publicSignals: readonly FieldElement[]; readonly proof: Proof },
): FinishedProof {
  const words: readonly bigint[] = [...given.publicSignals, ...listProofWords(given.proof)];
  const bytes = Buffer.allocUnsafe(words.length * WORD_BYTES);
  for (const [index, word] of words.entries()) bytes.set(encodeUint(word, WORD_BYTES), index * WORD_BYTES);
  const count = given.publicSignals.length;
  return {
    get values() {
      return readBatchSignals(layout, readWords(bytes, 0, count).map(toFieldElement))!.values;
    },
    get proof(): Proof {
      return readProofWords(readWords(bytes, count, PROOF_WORDS));
    },
  };
}

/** The coordinates of a proof in their order: a, b, c. */
export function listProofWords({ a, b, c }: Proof): bigint[] {
  return [...a, ...b.flat(), ...c].map(BigInt);
}

/** The proof of eight coordinates. */
export function readProofWords(words: readonly bigint[]): Proof {
  const pair = (first: number): [string, string] => [String(words[first]), String(words[first + 1])];
  return { a: pair(0), b: [pair(2), pair(4)], c: pair(6) };
}

function readWords(bytes: Buffer, first: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) =>
    decodeUint(bytes.subarray((first + index) * WORD_BYTES, (first + index + 1) * WORD_BYTES)),
  );
}
