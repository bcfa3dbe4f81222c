import { readIfExists, writeFileAtomically } from '../../system/index.js';
import {
  FIELD_MODULUS,
  GRAND_TOTAL_BITS,
  rootOf,
  type BatchParameters,
  type FieldElement,
  type Totals,
} from '../../protocol/index.js';
import type { BatchCircuit } from '../circuits.js';
import { PRIVATE_FILE_MODE } from '../run/paths.js';
import { sealBytes, unsealBytes } from '../sealed-bytes.js';
import type { BatchCommitment } from './commitment.js';

const FORMAT = 'solvent/batch-tree/v1';
const ELEMENT_BYTES = 32;

/** What is kept of a committed batch, so that nothing of it is computed again. */
export type BatchTree = Pick<BatchCommitment, 'levels' | 'totals' | 'totalsHash' | 'root' | 'digest'>;

/**
 * Keeps the tree of a batch: `digest ‖ totals ‖ equity (A) ‖ debt (A) ‖ nodes`, leaves first, 32 big-endian bytes
 * each.
 */
export async function saveBatchTree(path: string, tree: BatchTree): Promise<void> {
  const { digest, totalsHash, totals, levels } = tree;
  const values = [digest, totalsHash, ...totals.equity, ...totals.debt, ...levels.flat()];
  const bytes = Buffer.alloc(values.length * ELEMENT_BYTES);
  values.forEach((value, place) => {
    bytes.write(value.toString(16).padStart(2 * ELEMENT_BYTES, '0'), place * ELEMENT_BYTES, 'hex');
  });
  await writeFileAtomically(path, sealBytes(FORMAT, bytes), { mode: PRIVATE_FILE_MODE });
}

/** The kept tree of a batch of this circuit, or undefined where there is none that is whole. */
export async function loadBatchTree(path: string, circuit: BatchCircuit): Promise<BatchTree | undefined> {
  const sealed = await readIfExists(path);
  const bytes = sealed === undefined ? undefined : unsealBytes(FORMAT, sealed);
  if (bytes === undefined) return undefined;
  const { assets } = circuit.parameters;
  const widths = levelWidths(circuit.parameters);
  const nodeCount = widths.reduce((sum, width) => sum + width, 0);
  if (bytes.length !== (2 + 2 * assets + nodeCount) * ELEMENT_BYTES) return undefined;
  const values = Array.from({ length: bytes.length / ELEMENT_BYTES }, (_, place) =>
    readElement(bytes, place),
  );
  const [digest, totalsHash] = values as [FieldElement, FieldElement];
  const totals: Totals = {
    equity: values.slice(2, 2 + assets),
    debt: values.slice(2 + assets, 2 + 2 * assets),
  };
  const isRanged =
    values.every((value) => value < FIELD_MODULUS) &&
    [...totals.equity, ...totals.debt].every((total) => total < 1n << BigInt(GRAND_TOTAL_BITS));
  if (!isRanged) return undefined;
  let start = 2 + 2 * assets;
  const levels = widths.map((width) => values.slice(start, (start += width)));
  return { digest, totalsHash, totals, levels, root: rootOf(levels) };
}

/** Nodes at each level of a batch's tree, leaves first. */
function levelWidths({ users, depth, arity }: BatchParameters): number[] {
  const widths = [users];
  for (let level = 0; level < depth; level++) widths.push(Math.ceil(widths[level]! / arity));
  return widths;
}

function readElement(bytes: Buffer, place: number): FieldElement {
  const hex = bytes.toString('hex', place * ELEMENT_BYTES, (place + 1) * ELEMENT_BYTES);
  return BigInt(`0x${hex}`) as FieldElement;
}
