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
const PROOF_WORDS = 8;

/**
 * A finished proof as some hundred bytes, from which its values and points are made anew each time: a run holds all of its proofs
 * to the end, and as objects they would be most of its memory.
 * @param given.publicSignals as `listPublicSignals` makes them for the layout.
 */
export function packProof(
  layout: RowLayout,
  given: { readonly publicSignals: readonly FieldElement[]; readonly proof: Proof },
): FinishedProof {
  const { a, b, c } = given.proof;
  const words: readonly bigint[] = [...given.publicSignals, ...[...a, ...b.flat(), ...c].map(BigInt)];
  const bytes = Buffer.allocUnsafe(words.length * WORD_BYTES);
  words.forEach((word, index) => bytes.set(encodeUint(word, WORD_BYTES), index * WORD_BYTES));
  const count = given.publicSignals.length;
  return {
    get values() {
      return readBatchSignals(layout, readWords(bytes, 0, count).map(toFieldElement))!.values;
    },
    get proof() {
      const [ax, ay, bx0, bx1, by0, by1, cx, cy] = readWords(bytes, count, PROOF_WORDS).map(
        String,
      ) as Coordinates;
      return {
        a: [ax, ay],
        b: [
          [bx0, bx1],
          [by0, by1],
        ],
        c: [cx, cy],
      };
    },
  };
}

type Coordinates = [string, string, string, string, string, string, string, string];

function readWords(bytes: Buffer, first: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) =>
    decodeUint(bytes.subarray((first + index) * WORD_BYTES, (first + index + 1) * WORD_BYTES)),
  );
}
