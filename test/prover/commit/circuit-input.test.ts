import { describe, expect, it } from 'vitest';

import { EMPTY_ROW, listDigestValues, listPublicSignals, packElements } from '../../../src/protocol/index.js';
import { buildCircuitInput, computeBatchDigest } from '../../../src/prover/commit/commit-batch.js';

import { portableSponge } from '../../../src/prover/poseidon/poseidon.js';
import {
  batchOf,
  CHALLENGES,
  debt,
  equity,
  marginLayout,
  SPOT_1,
  spotLayout,
  spotRow,
} from '../../circuits/batches.js';
import { field } from '../../circuits/batches.js';

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
    const input = buildCircuitInput(SPOT_BATCH, CHALLENGES);
    expect(input.get('amount')).toEqual([500n, 0n, 1n, 0n, 7n]);
    expect(input.get('code')).toEqual([2n, 0n, 3n, 0n, 1n]);
    expect([...input.keys()]).toEqual(['rho', 'x', 'amount', 'code', 'blind', 'maskL', 'mask']);
  });

  it('has sides, nets, gamma and the mask of K in margin batches', () => {
    const input = buildCircuitInput(MARGIN_BATCH, CHALLENGES);
    expect(input.get('amount')).toEqual([9n, 4n, 0n, 0n]);
    expect(input.get('code')).toEqual([5n, 1024n + 5n, 0n, 0n]);
    expect(input.get('net')).toEqual([77n, 0n]);
    expect(input.get('gamma')).toEqual([CHALLENGES.gamma]);
    expect(input.get('maskK')).toEqual([MARGIN_BATCH.masks.cover]);
    expect(input.get('mask')).toEqual(MARGIN_BATCH.masks.groups.flat());
  });
});

describe('the public signals of a circuit of rows', () => {
  it('are outputs, then challenges', () => {
    const { rho, x, gamma } = CHALLENGES;
    const [digest, total, cover, first, second] = [field(1), field(2), field(3), field(4), field(5)] as const;
    const openings = [first, second];
    const spot = listPublicSignals(digest, { total, cover: null, openings }, CHALLENGES);
    expect(spot).toEqual([1n, 2n, 4n, 5n, rho, x]);
    const margin = listPublicSignals(digest, { total, cover, openings }, CHALLENGES);
    expect(margin).toEqual([1n, 2n, 3n, 4n, 5n, rho, x, gamma]);
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
    const values = [narrow, wide].map(({ layout, rows, masks }) =>
      listDigestValues(layout, masks, packElements(layout, rows)),
    );
    expect(values[0]).toEqual(values[1]);
    const [one, other] = [narrow, wide].map((batch) =>
      computeBatchDigest(portableSponge, batch.layout, batch),
    );
    expect(one).not.toBe(other);
  });
});
