import {
  AMOUNT_BITS,
  elementCount,
  groupCount,
  groupRowsFor,
  publicSignalCount,
  wordCount,
  type RowLayout,
} from '../../protocol/index.js';

/** H_16 by circuits/Poseidon.circom: three products for each of 8 * 17 + 68 S-boxes but the first element's. */
const HASH_CONSTRAINTS = 609;
/** Of an S-box, which is none where its input is a constant. */
const CONSTRAINTS_PER_SBOX = 3;
const SPONGE_RATE = 15;

/**
 * The exact number of constraints of a circuit under `--O2`, which leaves one for each product of two unknowns:
 * spot `N(k(65+B)+W) + sp(2+Gn*W+n_e)`, margin `N(k(66+B)+127+W) + 1 + sp(3+Gn*W+n_e)`. Tested to equal what the
 * compiler makes.
 */
export function countConstraints(layout: RowLayout): number {
  const { kind, indexBits, rows, slots, netBits } = layout;
  const words = wordCount(layout);
  const isMargin = kind === 'margin';
  const share = 1;
  const sideBit = isMargin ? 1 : 0;
  const coverStep = isMargin ? 1 : 0;
  const row = slots * (AMOUNT_BITS + indexBits + sideBit + share) + netBits + coverStep + words;
  const maskShare = isMargin ? 1 : 0;
  const headMasks = isMargin ? 3 : 2;
  const hashed = headMasks + groupCount(layout) * words + elementCount(layout);
  return rows * row + maskShare + countSponge(hashed);
}

/** Rows of the domain that a proof is made over: constraints, one for each public signal, one for the constant. */
export function countDomainRows(layout: RowLayout): number {
  return countConstraints(layout) + publicSignalCount(layout) + 1;
}

/** The least power whose 2^power rows hold a circuit's domain. */
export function domainPower(layout: RowLayout): number {
  return Math.ceil(Math.log2(countDomainRows(layout)));
}

/** What a layout is besides its number of rows, from which the rows of a group follow. */
export type LayoutShape = Omit<RowLayout, 'rows' | 'groupRows'>;

/** The layout of most rows of a shape that a key of 2^power takes; undefined where not even one row fits. */
export function largestLayout(shape: LayoutShape, power: number): RowLayout | undefined {
  const layOut = (rows: number): RowLayout => ({ ...shape, rows, groupRows: groupRowsFor(rows) });
  const fits = (rows: number) => countDomainRows(layOut(rows)) <= 2 ** power;
  // Larger groups take fewer masks, so the count falls where they begin: from above, each size is tried by itself.
  for (let rows = Math.floor(2 ** power / shape.slots / AMOUNT_BITS); rows > 0; rows--) {
    if (fits(rows)) return layOut(rows);
  }
  return undefined;
}

/** sp(v) = 609b - 3(15b - v) - 3, b = ceil(v/15): the initial state and each padded zero are constants. */
function countSponge(values: number): number {
  const blocks = Math.ceil(values / SPONGE_RATE);
  const constants = blocks * SPONGE_RATE - values + 1;
  return blocks * HASH_CONSTRAINTS - CONSTRAINTS_PER_SBOX * constants;
}
