import type { FieldElement, Row, RowLayout } from '../../protocol/index.js';
import { loadCircomlibSponge } from '../poseidon/checked-sponge.js';
import { loadFastSponge } from '../poseidon/fast-sponge.js';
import type { Sponge } from '../poseidon/poseidon.js';
import { decodeRows, findKeptPoints, saveRecords } from './batch-file.js';
import { computeBatchDigest, listOpenings, sealBatch, splitPoints, type BatchSeal } from './commit-batch.js';
import { PointMaker } from './fixed-base.js';
import { toKeyForm, type PointOpening } from './point-bytes.js';
import { spreadSeed, type BatchSeed } from './run-seeds.js';

/** What a thread is given: one batch to commit to, and where it is kept. */
export type CommitTask = {
  readonly layout: RowLayout;
  /** All N rows, as `encodeRows` makes them. */
  readonly records: Uint8Array;
  readonly seed: BatchSeed;
  readonly combinations: number;
  readonly isKernelSound: boolean;
  readonly batchPath: string;
  readonly answer?: PointsAnswer;
};

/** What a worker of another machine makes of a batch: its points, as `toKeyForm` writes them, and its digest. */
export type PointsAnswer = { readonly points: Uint8Array; readonly digest: FieldElement };

/** Rows and seed, of which a worker of another machine makes points and digest. */
export type PointsTask = {
  readonly layout: RowLayout;
  /** All N rows in order, dummies included; their ids are in no point. */
  readonly seededRows: readonly Row[];
  readonly seed: BatchSeed;
  readonly isKernelSound: boolean;
};

/** What is wrong with an answer; its batch was made here. */
export type AnswerFault = 'points-wrong' | 'digest-wrong';

/** A batch that is committed to and kept. */
export type CommittedTask = BatchSeal & {
  readonly coverMask: FieldElement;
  readonly fault?: AnswerFault;
};

/** A worker of many runs does not know how large one is: it makes the largest tables. */
const MANY_COMBINATIONS = 1_000_000;

/** What one thread keeps from batch to batch: tables of points, and the sponge. */
export class BatchMaker {
  readonly #points: PointMaker;
  readonly #sponge: Sponge;

  private constructor(points: PointMaker, sponge: Sponge) {
    this.#points = points;
    this.#sponge = sponge;
  }

  /** @param isKernelSound whether the kernel hashes as poseidon-lite does; else circomlibjs hashes. */
  static async open(isKernelSound: boolean): Promise<BatchMaker> {
    const sponge = isKernelSound ? await loadFastSponge() : await loadCircomlibSponge();
    return new BatchMaker(await PointMaker.open(), sponge);
  }

  /**
   * Commits to a batch and keeps it. Its points are those that an earlier command kept, else those of an answer where they are
   * right, else they are made here; digest and lists are always made here.
   */
  async commit({
    layout,
    records,
    seed,
    combinations,
    batchPath,
    answer,
  }: CommitTask): Promise<CommittedTask> {
    const rows = decodeRows(layout, records);
    const secrets = spreadSeed({ layout }, seed);
    const openings = listOpenings(layout, { rows, secrets });
    const kept = await findKeptPoints(batchPath, layout, { records, seed });
    const answered = answer && this.#points.checkerOf(layout, combinations).check(openings, answer.points);
    const made = kept ?? answered ?? this.#points.committerOf(layout, combinations)(openings);
    const points = splitPoints(rows, made);
    if (kept === undefined) await saveRecords(batchPath, layout, { records, seed, points });
    const seal = sealBatch(this.#sponge, layout, { rows, secrets, points });
    const fault = answer && findFault(answered !== undefined, answer.digest === seal.digest);
    return { ...seal, coverMask: secrets.masks.cover, ...(fault && { fault }) };
  }

  /** Points and digest of a batch, for whoever keeps it. */
  answer({ layout, seededRows, seed }: PointsTask): PointsAnswer {
    const secrets = spreadSeed({ layout }, seed);
    const openings: PointOpening[] = listOpenings(layout, { rows: seededRows, secrets });
    const coordinates = this.#points.coordinatesOf(layout, MANY_COMBINATIONS)(openings);
    return {
      points: toKeyForm(coordinates),
      digest: computeBatchDigest(this.#sponge, layout, { masks: secrets.masks, rows: seededRows }),
    };
  }
}

function findFault(arePointsRight: boolean, isDigestRight: boolean): AnswerFault | undefined {
  if (!arePointsRight) return 'points-wrong';
  return isDigestRight ? undefined : 'digest-wrong';
}
