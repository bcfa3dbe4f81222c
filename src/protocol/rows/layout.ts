import { hashLabelled, int248 } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';
import { SolventError, refuseProtocol } from '../errors.js';
import type { FieldElement } from '../field.js';
import { AMOUNT_BITS, WORD_BITS } from '../limits.js';
import { encodeUint } from '../encoding.js';

/** Bits of a row's net value V: 0 <= V < 2^126, so that no sum of k products of 64 bits wraps around r. */
export const NET_BITS = 126;
/** The most bits of an asset's index. */
export const MAX_INDEX_BITS = 32;
/** The most slots of one row. */
export const MAX_SLOTS = 2048;
/** The most public signals of a circuit: a wide row of 2,048 slots has 616. */
export const MAX_PUBLIC_SIGNALS = 1024;
/** Slots of one batch are fewer than this, so that 2^24 batches of 64-bit amounts stay below 2^108. */
export const MAX_BATCH_SLOTS = 1 << 18;
/** The most rows of a group, which a user gets whole. */
export const MAX_GROUP_ROWS = 1024;
/** Rows of a group in a circuit of up to `MANY_ROWS` rows, and in a larger one. */
const GROUP_ROWS = { few: 32, many: 64 } as const;
const MANY_ROWS = 1500;

/** The layout of a batch circuit: everything that its tag binds. */
export type RowLayout = {
  readonly kind: 'spot' | 'margin';
  /** B: bits of an asset's index in a slot; 1 <= B <= 32. */
  readonly indexBits: number;
  /** N: rows of one batch, dummies included. */
  readonly rows: number;
  /** k: slots of one row. */
  readonly slots: number;
  /** Bits of a row's net value: 126 in margin circuits, 0 in spot circuits. */
  readonly netBits: typeof NET_BITS | 0;
  /** m: rows that share one set of masks and are opened to a user together; the last group may be short. */
  readonly groupRows: number;
};

export type LayoutCode = 'layout-malformed' | 'row-out-of-range' | 'group-out-of-range';

/** The name of a layout within a profile: `spot-1`, `spot-3`, `margin-3`, `margin-128`. */
export function nameOfLayout({ kind, slots }: RowLayout): string {
  return `${kind}-${slots}`;
}

/** m for a circuit of N rows: 32, or 64 where N > 1,500. */
export function groupRowsFor(rows: number): number {
  return rows > MANY_ROWS ? GROUP_ROWS.many : GROUP_ROWS.few;
}

/**
 * Holds a layout to the bounds that the soundness of the sums counts on.
 * @throws SolventError `layout-malformed`.
 */
export function assertLayout(layout: RowLayout): void {
  const { kind, indexBits, rows, slots, netBits, groupRows } = layout;
  const isWhole = [indexBits, rows, slots, groupRows].every(
    (value) => Number.isSafeInteger(value) && value >= 1,
  );
  if (
    !isWhole ||
    indexBits > MAX_INDEX_BITS ||
    slots > MAX_SLOTS ||
    rows * slots >= MAX_BATCH_SLOTS ||
    groupRows > MAX_GROUP_ROWS ||
    netBits !== (kind === 'margin' ? NET_BITS : 0) ||
    publicSignalCount(layout) > MAX_PUBLIC_SIGNALS
  ) {
    throw refuseProtocol('layout-malformed', {
      expected: `at most ${MAX_INDEX_BITS} index bits, ${MAX_SLOTS} slots a row, ${MAX_GROUP_ROWS} rows a group, fewer than ${MAX_BATCH_SLOTS} slots a batch and ${MAX_PUBLIC_SIGNALS} signals`,
      found: 'another layout',
    });
  }
}

/** s: bits of one slot: amount and index, and in margin circuits the side. */
export function slotBits({ kind, indexBits }: RowLayout): number {
  return AMOUNT_BITS + indexBits + (kind === 'margin' ? 1 : 0);
}

/** W = ceil(k*s/252): words that one row's point opens to. */
export function wordCount(layout: RowLayout): number {
  return Math.ceil((layout.slots * slotBits(layout)) / WORD_BITS);
}

/** n_e = ceil(N*(k*s + netBits)/252): elements that the digest binds, cut across rows. */
export function elementCount(layout: RowLayout): number {
  return Math.ceil((layout.rows * (layout.slots * slotBits(layout) + layout.netBits)) / WORD_BITS);
}

/** Gn = ceil(N/m): groups of one batch. */
export function groupCount({ rows, groupRows }: RowLayout): number {
  return Math.ceil(rows / groupRows);
}

/**
 * The rows of group g, 0 <= g < Gn: m, or fewer in the last.
 * @throws SolventError `group-out-of-range`.
 */
export function groupSize(layout: RowLayout, group: number): number {
  if (!Number.isSafeInteger(group) || group < 0 || group >= groupCount(layout)) {
    throw refuseRange('group-out-of-range', 'group', groupCount(layout));
  }
  return Math.min(layout.groupRows, layout.rows - group * layout.groupRows);
}

/**
 * Where row u, 0 <= u < N, stands: its group g = u div m, and its position t = u mod m + 1 in it.
 * @throws SolventError `row-out-of-range`.
 */
export function groupOf(layout: RowLayout, row: number): { group: number; position: number } {
  if (!Number.isSafeInteger(row) || row < 0 || row >= layout.rows) {
    throw refuseRange('row-out-of-range', 'row', layout.rows);
  }
  return { group: Math.floor(row / layout.groupRows), position: (row % layout.groupRows) + 1 };
}

/** Public signals of a circuit: digest, L, [K,] Gn*W values z, rho, x, [gamma]. */
export function publicSignalCount(layout: RowLayout): number {
  return (layout.kind === 'margin' ? 6 : 4) + groupCount(layout) * wordCount(layout);
}

/** Layouts do not change, and every row's hashes begin with the tag of one. */
const tags = new WeakMap<RowLayout, FieldElement>();

/** TAG = int248(sha("solvent/tag/v2", canonical JSON of the layout and "pedersen/v2")): binds all hashes to the layout. */
export function deriveCircuitTag(layout: RowLayout): FieldElement {
  const known = tags.get(layout);
  if (known !== undefined) return known;
  const made = hashLayout(layout);
  tags.set(layout, made);
  return made;
}

function hashLayout(layout: RowLayout): FieldElement {
  const { kind, indexBits, rows, slots, netBits, groupRows } = layout;
  const fields = { kind, indexBits, rows, slots, netBits, groupRows, commitment: 'pedersen/v2' };
  return int248(hashLabelled('solvent/tag/v2', encodeCanonicalJson(fields)));
}

/** DIV = int248(sha("solvent/digest/v2", be_32(TAG))): where the digest's sponge starts, a constant of the circuit. */
export function deriveDigestIv(layout: RowLayout): FieldElement {
  return int248(hashLabelled('solvent/digest/v2', encodeUint(deriveCircuitTag(layout), 32)));
}

function refuseRange(code: LayoutCode, what: string, bound: number): SolventError<LayoutCode> {
  return refuseProtocol(code, { expected: `a ${what} from 0 to ${bound - 1}`, found: 'another' });
}
