import {
  groupCount,
  listPublicSignals,
  parseSchema,
  primitives,
  publicSignalCount,
  readBatchSignals,
  SolventError,
  type Challenges,
  type FieldElement,
  type Proof,
  type Row,
  type RowLayout,
  type Slot,
} from '../protocol/index.js';
import {
  KEY_FORM_BYTES,
  listProofWords,
  PROOF_WORDS,
  readProofWords,
  type FinishedProof,
  type PointsAnswer,
  type SeededRows,
} from '../prover/index.js';
import { AMOUNT_BYTES, WORD_BYTES, WordReader, WordWriter } from './words.js';

const NET_BYTES = 16;
/** Index of the circuit; digest and three challenges; seed and maskL. */
const CIRCUIT_BYTES = 1;
const PINNED_BYTES = 4 * WORD_BYTES;
const SEED_BYTES = 2 * WORD_BYTES;

/** One batch as a worker is sent it that commits to it: points and digest are to be made. */
export type RowsTask = SeededRows & {
  /** The index of its circuit in the list of the run. */
  readonly circuit: number;
};

/** One batch as a worker is sent it that proves it. */
export type QueueTask = RowsTask & {
  readonly digest: FieldElement;
  readonly challenges: Challenges;
};

/** Bytes of a slot's code: index and side. */
const codeBytes = ({ indexBits }: RowLayout) => Math.ceil((indexBits + 1) / 8);

/** Bytes of a task to prove: the same for all of a circuit, so that its size says nothing of what is in it. */
export function taskBytes(layout: RowLayout): number {
  return PINNED_BYTES + rowsTaskBytes(layout);
}

/** Bytes of a task to commit to a batch. */
export function rowsTaskBytes(layout: RowLayout): number {
  const slotBytes = AMOUNT_BYTES + codeBytes(layout);
  const netBytes = layout.kind === 'margin' ? NET_BYTES : 0;
  return CIRCUIT_BYTES + SEED_BYTES + layout.rows * (layout.slots * slotBytes + netBytes);
}

/** Writes a task to prove: its head, then the rows as `writeRows` does. */
export function encodeTask(layout: RowLayout, task: QueueTask): Buffer {
  const { circuit, digest, challenges } = task;
  const writer = new WordWriter(taskBytes(layout));
  writer.write(BigInt(circuit), CIRCUIT_BYTES);
  for (const word of [digest, challenges.rho, challenges.x, challenges.gamma]) writer.write(word, WORD_BYTES);
  writeRows(writer, layout, task);
  return writer.end();
}

/** Writes a task to commit to a batch. */
export function encodeRowsTask(layout: RowLayout, task: RowsTask): Buffer {
  const writer = new WordWriter(rowsTaskBytes(layout));
  writer.write(BigInt(task.circuit), CIRCUIT_BYTES);
  writeRows(writer, layout, task);
  return writer.end();
}

/** Seed and maskL, then row by row all k slots, an unused one as zeros, and the net value of margin rows. */
function writeRows(writer: WordWriter, layout: RowLayout, { rows, seed }: SeededRows): void {
  writer.copy(seed.seed);
  writer.write(seed.totalMask, WORD_BYTES);
  for (const { slots, netValue } of rows) {
    for (let index = 0; index < layout.slots; index++) {
      const slot = slots[index];
      writer.write(slot?.amountUnits ?? 0n, AMOUNT_BYTES);
      writer.write(slot === undefined ? 0n : sideAndIndex(layout, slot), codeBytes(layout));
    }
    if (layout.kind === 'margin') writer.write(netValue, NET_BYTES);
  }
}

/** The index of the circuit that a task names. */
export const readTaskCircuit = (bytes: Uint8Array): number => bytes[0] ?? -1;

/** Reads a task that opened, so that whoever wrote it has the run's key; undefined where it is none of this layout. */
export function decodeTask(layout: RowLayout, bytes: Buffer): QueueTask | undefined {
  if (bytes.length !== taskBytes(layout)) return undefined;
  return refusedAsUndefined(() => readTask(layout, bytes));
}

/** The same of a task to commit to a batch. */
export function decodeRowsTask(layout: RowLayout, bytes: Buffer): RowsTask | undefined {
  if (bytes.length !== rowsTaskBytes(layout)) return undefined;
  return refusedAsUndefined(() => {
    const reader = new WordReader(bytes);
    return { circuit: Number(reader.read(CIRCUIT_BYTES)), ...readRows(layout, reader) };
  });
}

function readTask(layout: RowLayout, bytes: Buffer): QueueTask {
  const reader = new WordReader(bytes);
  const circuit = Number(reader.read(CIRCUIT_BYTES));
  const [digest, rho, x, gamma] = Array.from({ length: 4 }, () => reader.readField());
  const challenges = { rho: rho!, x: x!, gamma: gamma! };
  return { circuit, digest: digest!, challenges, ...readRows(layout, reader) };
}

function readRows(layout: RowLayout, reader: WordReader): SeededRows {
  const seed = Uint8Array.from(reader.take(WORD_BYTES));
  const totalMask = reader.readField();
  const rows = Array.from({ length: layout.rows }, () => readRow(layout, reader));
  return { seed: { seed, totalMask }, rows };
}

function readRow(layout: RowLayout, reader: WordReader): Row {
  const slots: Slot[] = [];
  for (let index = 0; index < layout.slots; index++) {
    const amountUnits = reader.read(AMOUNT_BYTES);
    const code = Number(reader.read(codeBytes(layout)));
    if (amountUnits === 0n) continue;
    const room = 2 ** layout.indexBits;
    const assetIndex = code % room;
    slots.push(
      layout.kind === 'margin'
        ? { amountUnits, assetIndex, side: code < room ? 0 : 1 }
        : { amountUnits, assetIndex },
    );
  }
  return { slots, netValue: layout.kind === 'margin' ? reader.read(NET_BYTES) : 0n };
}

function sideAndIndex({ indexBits }: RowLayout, slot: Slot): bigint {
  const side = 'side' in slot ? slot.side : 0;
  return BigInt(slot.assetIndex) + (BigInt(side) << BigInt(indexBits));
}

/** What a worker answers: a proof with its values, or why it made none. */
export type QueueAnswer = FinishedProof | { readonly code: string };

const IS_REFUSAL = 0;
const IS_PROOF = 1;
const IS_POINTS = 2;
const REFUSAL_BYTES = 64;

/** Writes an answer: a proof's public signals and points, or the code of a refusal. */
export function encodeAnswer(
  task: Pick<QueueTask, 'digest' | 'challenges'> | undefined,
  answer: QueueAnswer,
): Buffer {
  if (task === undefined || !('proof' in answer)) {
    return encodeRefusal('code' in answer ? answer.code : 'task-malformed');
  }
  const signals = listPublicSignals(task.digest, answer.values, task.challenges);
  const words = [...signals, ...listProofWords(answer.proof)];
  const writer = new WordWriter(1 + words.length * WORD_BYTES);
  writer.write(BigInt(IS_PROOF), 1);
  for (const word of words) writer.write(word, WORD_BYTES);
  return writer.end();
}

function encodeRefusal(text: string): Buffer {
  const code = Buffer.alloc(REFUSAL_BYTES);
  code.write(text, 'latin1');
  return Buffer.concat([Buffer.of(IS_REFUSAL), code]);
}

function decodeRefusal(bytes: Buffer): { readonly code: string } | undefined {
  const code = bytes.subarray(1).toString('latin1').replace(/\0+$/, '');
  return /^[a-z][a-z0-9-]{0,63}$/.test(code) ? { code } : undefined;
}

/** Writes the answer to a task of rows: the digest, then all points, or the code of a refusal. */
export function encodePointsAnswer(answer: PointsAnswer | { readonly code: string }): Buffer {
  if ('code' in answer) return encodeRefusal(answer.code);
  const writer = new WordWriter(1 + WORD_BYTES + answer.points.length);
  writer.write(BigInt(IS_POINTS), 1);
  writer.write(answer.digest, WORD_BYTES);
  writer.copy(answer.points);
  return writer.end();
}

/** Reads an answer to a task of rows, of which nothing is believed; undefined where it is none for this layout. */
export function decodePointsAnswer(
  layout: RowLayout,
  bytes: Buffer,
): PointsAnswer | { readonly code: string } | undefined {
  if (bytes[0] === IS_REFUSAL) return decodeRefusal(bytes);
  const pointsBytes = (layout.rows + groupCount(layout)) * KEY_FORM_BYTES;
  if (bytes[0] !== IS_POINTS || bytes.length !== 1 + WORD_BYTES + pointsBytes) return undefined;
  return refusedAsUndefined(() => {
    const reader = new WordReader(bytes.subarray(1));
    return { digest: reader.readField(), points: reader.take(pointsBytes) };
  });
}

/**
 * Reads an answer to a task. Nothing of it is believed: the signals are made again with the task's own digest and challenges.
 * @returns undefined where it is no answer to this task.
 */
export function decodeAnswer(
  layout: RowLayout,
  { digest, challenges }: Pick<QueueTask, 'digest' | 'challenges'>,
  bytes: Buffer,
):
  | (FinishedProof & { readonly publicSignals: readonly FieldElement[] })
  | { readonly code: string }
  | undefined {
  if (bytes[0] === IS_REFUSAL) return decodeRefusal(bytes);
  const count = publicSignalCount(layout);
  if (bytes[0] !== IS_PROOF || bytes.length !== 1 + (count + PROOF_WORDS) * WORD_BYTES) return undefined;
  return refusedAsUndefined(() => {
    const reader = new WordReader(bytes.subarray(1));
    const signals = Array.from({ length: count }, () => reader.readField());
    const proof = readProof(reader);
    const values = readKeptValues(layout, { digest, challenges }, signals);
    return values && { values, proof, publicSignals: signals };
  });
}

/** The values that the public signals of a kept proof show; undefined where they are not of this task. */
export function readKeptValues(
  layout: RowLayout,
  { digest, challenges }: Pick<QueueTask, 'digest' | 'challenges'>,
  signals: readonly FieldElement[],
): FinishedProof['values'] | undefined {
  const values = readBatchSignals(layout, signals)?.values;
  return values && listPublicSignals(digest, values, challenges).join() === signals.join()
    ? values
    : undefined;
}

function readProof(reader: WordReader): Proof {
  const words = Array.from({ length: PROOF_WORDS }, () => reader.read(WORD_BYTES));
  return parseSchema(primitives.proof, 'proof', readProofWords(words));
}

function refusedAsUndefined<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SolventError) return undefined;
    throw error;
  }
}
