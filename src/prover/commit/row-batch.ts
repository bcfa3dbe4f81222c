import {
  groupCount,
  SolventError,
  wordCount,
  type FieldElement,
  type Row,
  type RowLayout,
} from '../../protocol/index.js';

/** The masks of one batch: each hides one sum of its rows, and is used under one set of challenges only. */
export type RowMasks = {
  readonly maskL: FieldElement;
  /** In margin batches, and in no other. */
  readonly maskK?: FieldElement;
  /** mask_(g,i): W values for each of the Gn groups. */
  readonly groups: readonly (readonly FieldElement[])[];
};

/** Everything that the digest of a batch binds. */
export type RowBatch = {
  readonly layout: RowLayout;
  /** All N rows in order, dummies included. */
  readonly rows: readonly Row[];
  readonly masks: RowMasks;
  readonly blind: FieldElement;
};

/** The challenges of a run. Spot circuits take no gamma. */
export type RowChallenges = {
  readonly rho: FieldElement;
  /** x >= 2^34, so that it is no code and x + 1 is not 0. */
  readonly x: FieldElement;
  readonly gamma: FieldElement;
};

export type RowMasksCode = 'row-masks-malformed';

/**
 * The masks of a batch as its layout orders them: maskL, [maskK,] then W for each group.
 * @throws SolventError `row-masks-malformed` where they are not those of the layout.
 */
export function listMasks({ layout, masks }: Pick<RowBatch, 'layout' | 'masks'>): FieldElement[] {
  const { maskL, maskK, groups } = masks;
  const words = wordCount(layout);
  const isShaped = groups.length === groupCount(layout) && groups.every((group) => group.length === words);
  if (!isShaped || (maskK !== undefined) !== (layout.kind === 'margin')) {
    throw new SolventError<RowMasksCode>(
      'invariant',
      'row-masks-malformed',
      `expected ${groupCount(layout)} groups of ${words} masks, and one of cover in margin batches alone, got others`,
    );
  }
  return [maskL, ...(maskK === undefined ? [] : [maskK]), ...groups.flat()];
}
