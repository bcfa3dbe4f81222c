import { describe, expect, it } from 'vitest';

import {
  EMPTY_ROW,
  packElements,
  poseidon,
  SolventError,
  type FieldElement,
} from '../../../src/protocol/index.js';
import { listMasks, type RowMasks } from '../../../src/prover/commit/row-batch.js';
import { rowCircuitInput } from '../../../src/prover/commit/row-circuit-input.js';
import { computeRowDigest } from '../../../src/prover/commit/row-digest.js';
import { computeRowOutputs, orderRowSignals } from '../../../src/prover/commit/row-outputs.js';
import {
  batchOf,
  CHALLENGES,
  debt,
  equity,
  MARGIN_3,
  marginLayout,
  SPOT_1,
  spotLayout,
  spotRow,
} from '../../circuits/row-batches.js';

const SPOT_BATCH = batchOf(SPOT_1, [
  spotRow([2, 500n]),
  EMPTY_ROW,
  spotRow([3, 1n]),
  EMPTY_ROW,
  spotRow([1, 7n]),
]);
const SMALL = marginLayout({ indexBits: 10, rows: 2, slots: 2, groupRows: 1 });
const MARGIN_BATCH = batchOf(SMALL, [{ slots: [equity(5, 9n), debt(5, 4n)], netValue: 77n }, EMPTY_ROW]);

describe('the input of a circuit of rows', () => {
  it('has one amount and code for each slot, 0 where none is used', () => {
    const input = rowCircuitInput(SPOT_BATCH, CHALLENGES);
    expect(input.get('amount')).toEqual([500n, 0n, 1n, 0n, 7n]);
    expect(input.get('code')).toEqual([2n, 0n, 3n, 0n, 1n]);
    expect([...input.keys()]).toEqual(['rho', 'x', 'amount', 'code', 'blind', 'maskL', 'mask']);
  });

  it('has sides, nets, gamma and the mask of K in margin batches', () => {
    const input = rowCircuitInput(MARGIN_BATCH, CHALLENGES);
    expect(input.get('amount')).toEqual([9n, 4n, 0n, 0n]);
    expect(input.get('code')).toEqual([5n, 1024n + 5n, 0n, 0n]);
    expect(input.get('net')).toEqual([77n, 0n]);
    expect(input.get('gamma')).toEqual([CHALLENGES.gamma]);
    expect(input.get('maskK')).toEqual([MARGIN_BATCH.masks.maskK]);
    expect(input.get('mask')).toEqual(MARGIN_BATCH.masks.groups.flat());
  });
});

describe('the public signals of a circuit of rows', () => {
  it('are outputs, then challenges', () => {
    const { rho, x, gamma } = CHALLENGES;
    const [one, two, three] = [1n, 2n, 3n] as [FieldElement, FieldElement, FieldElement];
    const z = [[two], [three]];
    expect(orderRowSignals({ digest: one, L: one, z }, CHALLENGES)).toEqual([1n, 1n, 2n, 3n, rho, x]);
    expect(orderRowSignals({ digest: one, L: one, K: two, z }, CHALLENGES)).toEqual([
      ...[1n, 1n, 2n, 2n, 3n],
      ...[rho, x, gamma],
    ]);
  });

  it('begin with the digest, which hangs on every mask', () => {
    const { digest } = computeRowOutputs(poseidon, MARGIN_BATCH, CHALLENGES);
    expect(digest).toBe(computeRowDigest(poseidon, MARGIN_BATCH));
    const masks = { ...MARGIN_BATCH.masks, maskK: 1n as FieldElement };
    expect(computeRowDigest(poseidon, { ...MARGIN_BATCH, masks })).not.toBe(digest);
  });
});

describe('the digest of two layouts', () => {
  const sizes = { indexBits: 2, groupRows: 4 };
  const narrow = batchOf(spotLayout({ ...sizes, rows: 4, slots: 1 }), [
    spotRow([1, 5n]),
    spotRow([2, 6n]),
    spotRow([0, 7n]),
    spotRow([3, 8n]),
  ]);
  const wide = batchOf(spotLayout({ ...sizes, rows: 2, slots: 2 }), [
    { slots: [...narrow.rows[0]!.slots, ...narrow.rows[1]!.slots], netValue: 0n },
    { slots: [...narrow.rows[2]!.slots, ...narrow.rows[3]!.slots], netValue: 0n },
  ]);

  it('differs where all that is hashed is the same, by the initial value of the sponge alone', () => {
    const values = [narrow, wide].map((batch) => [
      batch.blind,
      ...listMasks(batch),
      ...packElements(batch.layout, batch.rows),
    ]);
    expect(values[0]).toEqual(values[1]);
    expect(computeRowDigest(poseidon, narrow)).not.toBe(computeRowDigest(poseidon, wide));
  });
});

describe('masks of another layout', () => {
  const { maskL, groups } = MARGIN_BATCH.masks;
  it.each<[string, typeof MARGIN_BATCH, RowMasks]>([
    ['no mask of K in a margin batch', MARGIN_BATCH, { maskL, groups }],
    ['a mask of K in a spot batch', SPOT_BATCH, { ...SPOT_BATCH.masks, maskK: maskL }],
    ['a group too few', MARGIN_BATCH, { ...MARGIN_BATCH.masks, groups: groups.slice(1) }],
    [
      'a word too many',
      MARGIN_BATCH,
      { ...MARGIN_BATCH.masks, groups: groups.map((own) => [...own, maskL]) },
    ],
  ])('are refused: %s', (_, batch, masks) => {
    for (const use of [
      () => rowCircuitInput({ ...batch, masks }, CHALLENGES),
      () => computeRowDigest(poseidon, { ...batch, masks }),
      () => computeRowOutputs(poseidon, { ...batch, masks }, CHALLENGES),
    ]) {
      expect(use).toThrow(SolventError);
      expect(use).toThrow(expect.objectContaining({ code: 'row-masks-malformed' }));
    }
  });

  it('are those of rows that are as many as the layout has', () => {
    const short = { ...batchOf(MARGIN_3, []), rows: [EMPTY_ROW] };
    expect(() => computeRowDigest(poseidon, short)).toThrow(
      expect.objectContaining({ code: 'row-count-differs' }),
    );
  });
});
