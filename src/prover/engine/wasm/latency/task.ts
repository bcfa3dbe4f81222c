import type { SharedProvingKey } from '../../engine.js';
import type { Group } from '../kernel.js';
import type { PointKind } from '../key.js';
import type { WindowRange } from '../multi-scalar.js';
import type { Polynomial } from '../quotient.js';

/** A part of one proof that a thread works on alone. What it reads and writes of more than a few points is shared. */
export type ProofPart =
  | {
      /** The values of a polynomial on the coset, as a vector of the kernel. */
      readonly kind: 'values';
      readonly polynomial: Polynomial;
      readonly wires: SharedArrayBuffer;
      readonly result: SharedArrayBuffer;
    }
  | {
      /** A·B - C of three vectors of values, as plain scalars that end the result. */
      readonly kind: 'join';
      readonly values: Readonly<Record<Polynomial, SharedArrayBuffer>>;
      readonly result: SharedArrayBuffer;
    }
  | {
      /** Sums of some windows of one slice of points. */
      readonly kind: 'windows';
      readonly points: PointKind;
      readonly slice: number;
      readonly windows: WindowRange;
      readonly windowBits: number;
      readonly scalars: SharedArrayBuffer;
    };

/** What a thread is told besides parts, in the order sent: which key the parts are of, or that no more will come. */
export type ThreadOrder =
  { readonly kind: 'key'; readonly key: SharedProvingKey } | { readonly kind: 'rest' };

/** What a thread answers to a part. */
export type PartResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'sums'; readonly sums: Readonly<Partial<Record<Group, Uint8Array>>> }
  /** The index of a scalar that is not below the group's order. */
  | { readonly kind: 'refused'; readonly scalar: number };
