import { encodeBase64url, encodePoint, FIELD_MODULUS, hashToPoint } from '../../src/protocol/index.js';
import { publish } from './world.js';
import { asAttack, batches, lie, publishBatches, type BundleCase } from './case.js';
import { spotBatches, spotOnly } from './totals.js';

const POINT = encodePoint(hashToPoint('any'));

/** Weighted totals that are not 2A + 1 points in their one form. */
export const WEIGHT_CASES: readonly BundleCase[] = [
  lie('weights: a point less', 'weights-form', () =>
    publishBatches(batches, { points: (points) => points.slice(0, -1) }),
  ),
  lie('weights: a point more', 'weights-form', () =>
    publishBatches(batches, { points: (points) => [...points, POINT] }),
  ),
  lie('weights: three points', 'weights-form', () =>
    publishBatches(batches, { points: (points) => points.slice(0, 3) }),
  ),
  lie('weights: no point', 'schema-violated', () => publishBatches(batches, { points: () => [] })),
  {
    name: 'weights: some in a run without debts',
    code: 'weights-form',
    attack: ({ weights }) => ({
      ...asAttack({ ...publish(spotOnly, spotBatches), weights }),
      trust: spotOnly.trust,
    }),
  },
  ...Object.entries({
    'of zeros': new Uint8Array(32),
    'with bit 254 set': Uint8Array.from(POINT, (byte, index) => (index === 0 ? byte | 0x40 : byte)),
    'of a coordinate that is p or more': new Uint8Array(32).fill(0x3f),
    'of no point of the curve': Uint8Array.from(new Uint8Array(32), (_, index) => (index === 31 ? 4 : 0)),
    'of ones': new Uint8Array(32).fill(0xff),
  }).map(([name, point]) =>
    lie(`weights: a point ${name}`, 'point-form', () =>
      publishBatches(batches, { points: ([first, , ...rest]) => [first!, point, ...rest] }),
    ),
  ),
  ...Object.entries({
    'with padding': (text: string) => `${text}=`,
    'with bits too many': (text: string) =>
      `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(42) + 1)}`,
    'in the other alphabet': (text: string) => `+/${text.slice(2)}`,
    'a character less': (text: string) => text.slice(1),
    'a character more': (text: string) => `A${text}`,
    'that is empty': () => '',
    'with a space': (text: string) => ` ${text.slice(1)}`,
  }).map(([name, respell]): BundleCase => ({
    name: `weights: a point as text ${name}`,
    code: 'schema-violated',
    attack: ({ weights }) => {
      weights!.points[1] = respell(encodeBase64url(POINT));
      return undefined;
    },
  })),
  {
    name: 'weights: zW plus the field’s modulus',
    code: 'schema-violated',
    attack: ({ weights }) => {
      weights!.zW = (BigInt(weights!.zW) + FIELD_MODULUS).toString();
      return undefined;
    },
  },
  {
    name: 'weights: of another run',
    code: 'proof',
    attack: (published) => {
      const other = publishBatches(batches, { manifest: (manifest) => (manifest.quote = 'EUR') });
      published.weights = other.weights;
      return undefined;
    },
  },
  {
    name: 'weights: two points exchanged after the proofs',
    code: 'proof',
    attack: ({ weights }) => {
      weights!.points.unshift(weights!.points.pop()!);
      return undefined;
    },
  },
];
