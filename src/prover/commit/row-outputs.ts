import { bn254 } from '@noble/curves/bn254.js';

import {
  codeOf,
  FIELD_MODULUS,
  groupSize,
  packWords,
  type FieldElement,
  type Poseidon,
  type Row,
} from '../../protocol/index.js';
import type { RowBatch, RowChallenges } from './row-batch.js';
import { computeRowDigest } from './row-digest.js';

const { Fr } = bn254.fields;

/** What a circuit of rows outputs. */
export type RowOutputs = {
  readonly digest: FieldElement;
  readonly L: FieldElement;
  /** Of margin circuits alone. */
  readonly K?: FieldElement;
  /** z_(g,i): W values for each group. */
  readonly z: readonly (readonly FieldElement[])[];
};

/** The public signals of a proof, in the circuit's order: digest, L, [K,] z by group and word, rho, x, [gamma]. */
export function orderRowSignals(
  { digest, L, K, z }: RowOutputs,
  { rho, x, gamma }: RowChallenges,
): readonly FieldElement[] {
  return K === undefined ? [digest, L, ...z.flat(), rho, x] : [digest, L, K, ...z.flat(), rho, x, gamma];
}

/**
 * What the circuit of a batch outputs, by the protocol's formulas: with T_u = sum of amount / (x - code) over row u,
 * `L = maskL + sum T_u`, `K = maskK / (x + 1) + sum gamma^(u+1) (T_u + V_u)` and
 * `z_(g,i) = mask_(g,i) + sum rho^t w_(row t of g, i)`.
 * @throws SolventError as `computeRowDigest`.
 */
export function computeRowOutputs(hash: Poseidon, batch: RowBatch, challenges: RowChallenges): RowOutputs {
  const digest = computeRowDigest(hash, batch);
  const shares = computeRowShares(batch, challenges.x);
  const L = reduce(shares.reduce((sum, share) => sum + share, batch.masks.maskL));
  const z = combineWords(batch, challenges.rho);
  if (batch.masks.maskK === undefined) return { digest, L, z };
  return { digest, L, K: computeCover(batch, shares, challenges), z };
}

/** T_u of every row. One inversion serves all slots. */
function computeRowShares({ layout, rows }: RowBatch, x: FieldElement): bigint[] {
  const distances = rows.flatMap(({ slots }) => slots.map((slot) => x - codeOf(layout.indexBits, slot)));
  const inverses = Fr.invertBatch(distances).values();
  return rows.map(({ slots }) =>
    slots.reduce((sum, { amountUnits }) => sum + amountUnits * inverses.next().value!, 0n),
  );
}

function computeCover(
  { rows, masks }: RowBatch,
  shares: readonly bigint[],
  { x, gamma }: RowChallenges,
): FieldElement {
  const weighted = evaluate(
    rows.map(({ netValue }, row) => shares[row]! + netValue),
    gamma,
  );
  return reduce(masks.maskK! * Fr.inv(Fr.create(x + 1n)) + weighted);
}

function combineWords({ layout, rows, masks }: RowBatch, rho: FieldElement): FieldElement[][] {
  return masks.groups.map((group, g) => {
    const first = g * layout.groupRows;
    const words = rows
      .slice(first, first + groupSize(layout, g))
      .map((row: Row) => packWords(layout, row.slots));
    return group.map((mask, i) =>
      reduce(
        mask +
          evaluate(
            words.map((row) => row[i]!),
            rho,
          ),
      ),
    );
  });
}

/** The sum of point^t * value_t, t from 1, by Horner's rule. */
function evaluate(values: readonly bigint[], point: FieldElement): FieldElement {
  return values.reduceRight<FieldElement>((sum, value) => reduce(point * (sum + value)), 0n as FieldElement);
}

/** Of a value that is not negative. */
function reduce(value: bigint): FieldElement {
  return (value % FIELD_MODULUS) as FieldElement;
}
