import { describe, expect, it } from 'vitest';

import {
  addField,
  concatBytes,
  hashLabelled,
  int248,
  multiplyField,
  type FieldElement,
} from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { isOneCircuitSet } from '../../../src/protocol/formats/circuits.js';
import { computeBatchDigest } from '../../../src/prover/commit/commit-batch.js';
import { poseidon, sponge, portableSponge } from '../../../src/prover/poseidon/poseidon.js';
import {
  ASSETS,
  CODES,
  commitBatch,
  debt,
  equity,
  HONEST_PLAN,
  INDEX_BITS,
  makeRun,
  MARGIN,
  marginEquity,
  marginOf,
  ofGroup,
  PRICES,
  SPOT,
  sumRows,
  verifyEquations,
  type Run,
  type RunPlan,
} from './honest-run.js';

// Each trap is a rule of the protocol and a lie that only this rule stops. The lie is told to a mutant, a copy of the
// check without the rule, which accepts it, and to the check itself, which does not: otherwise the test tests nothing.

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const field = rows.reduceField;
const H = rows.blindGenerator();
const GW = rows.weightsGenerator();

/** A margin batch in which one row owes more than it has and claims a net value of 0. */
const BANKRUPT: RunPlan = {
  ...HONEST_PLAN,
  layouts: [SPOT, MARGIN, MARGIN],
  placed: [
    { userId: 'alice', batch: 0, row: 1, slots: [equity(5n, 0)] },
    { userId: 'mallory', batch: 1, row: 2, slots: [marginEquity(1n, 0), debt(1_00000000n, 0)] },
    { userId: 'carol', batch: 2, row: 1, slots: [marginEquity(40_00000000n, 1), debt(1_00000000n, 0)] },
  ],
  bend: (batchRows) => batchRows.map((row) => (row.netValue < 0n ? { ...row, netValue: 0n } : row)),
};

const marginLayouts = (run: Run) => marginOf(run.batches).map(({ layout }) => layout);
const coversOf = (run: Pick<Run, 'values'>) =>
  run.values.flatMap(({ cover }) => (cover === null ? [] : [cover]));
const coverOf = (run: Run) => ({
  points: run.points,
  blindOpening: run.zW,
  layouts: marginLayouts(run),
  covers: coversOf(run),
});

/** The values of all batches of a run at other challenges. */
const evaluateAt = (run: Run, challenges: rows.Challenges) =>
  run.batches.map(({ layout, rows: batchRows, secrets }) =>
    rows.evaluateBatch(layout, { rows: batchRows, masks: secrets.masks }, challenges),
  );

/** The value on Gw that W_mask must have for (C) to hold at x: what is left of the right side. */
function fitMask(run: Run, x: FieldElement, covers: readonly FieldElement[]): FieldElement {
  const { gamma } = run.challenges;
  const amounts = rows.sumWeightedAmounts(marginOf(run.batches), CODES, gamma);
  const factors = rows.deriveCoverFactors(CODES, x).slice(1);
  const left = rows.sumField(factors.map((factor, position) => multiplyField(factor, amounts[position]!)));
  const right = rows.weighBatches(marginLayouts(run), covers, gamma);
  return multiplyField(rows.subtractField(right, left), addField(x, rows.ONE));
}

const pointOf = (value: FieldElement, blind: FieldElement) => rows.combinePoints([GW, H], [value, blind]);

describe('a bankrupt row', () => {
  const run = makeRun(BANKRUPT);

  it('is refused plain', () => {
    expect(() => {
      verifyEquations(run);
    }).toThrow(refusal('cover'));
  });

  it.each<[string, (points: readonly rows.CurvePoint[]) => Uint8Array]>([
    ['not hashed', () => hashLabelled('solvent/weights/v2', run.manifestHash)],
    [
      'counted and not hashed',
      (points) =>
        hashLabelled('solvent/weights/v2', concatBytes(run.manifestHash, rows.encodeUint(points.length, 4))),
    ],
  ])('passes where the weighted totals are %s: W_mask is fitted after x', (_, mutantHash) => {
    const { gamma } = run.challenges;
    const tell = (x: FieldElement, rho: FieldElement) => {
      const challenges = { gamma, x, rho };
      const covers = coversOf({ values: evaluateAt(run, challenges) });
      const fitted = pointOf(fitMask(run, x, covers), run.weightBlinds[0]!);
      const blindOpening = rows.openWeightBlinds(run.weightBlinds, CODES, x);
      return { ...coverOf(run), points: [fitted, ...run.points.slice(1)], blindOpening, covers };
    };
    const mutant = rows.deriveSumPoint(mutantHash(run.points));
    rows.verifyCover(tell(mutant.x, mutant.rho), CODES, { gamma, ...mutant });

    // Kept: the fitted point changes the x that it was fitted to.
    const lie = tell(run.challenges.x, run.challenges.rho);
    const challenges = rows.deriveChallenges(run.manifestHash, lie.points.map(rows.encodePoint));
    expect(challenges.x).not.toBe(run.challenges.x);
    const covers = coversOf({ values: evaluateAt(run, challenges) });
    const blindOpening = rows.openWeightBlinds(run.weightBlinds, CODES, challenges.x);
    expect(() => {
      rows.verifyCover({ ...lie, covers, blindOpening }, CODES, challenges);
    }).toThrow(refusal('cover'));
  });

  it('passes where maskK is a constant: W_mask is fitted between gamma and x', () => {
    const { gamma, x } = run.challenges;
    const amounts = rows.sumWeightedAmounts(marginOf(run.batches), CODES, gamma);
    const sigmas = CODES.map(({ sigma }, position) => multiplyField(sigma, amounts[position]!));
    const masks = run.batches.slice(1).map(({ secrets }) => secrets.masks.cover);
    // Fitted without x: the constant parts of both sides.
    const nets = rows.weighBatches(
      marginLayouts(run),
      run.batches.slice(1).map(({ rows: batchRows }) =>
        rows.evaluateFromFirstPower(
          batchRows.map(({ netValue }) => field(netValue)),
          gamma,
        ),
      ),
      gamma,
    );
    const fitted = rows.subtractField(
      addField(rows.weighBatches(marginLayouts(run), masks, gamma), nets),
      rows.sumField(sigmas),
    );
    const points = [pointOf(fitted, run.weightBlinds[0]!), ...run.points.slice(1)];

    const pole = rows.invertMaskDistance(x);
    const constantCovers = coversOf(run).map((cover, batch) =>
      addField(rows.subtractField(cover, multiplyField(masks[batch]!, pole)), masks[batch]!),
    );
    const factors = [rows.ONE, ...rows.deriveCoverFactors(CODES, x).slice(1)];
    const opened = rows.sumField(factors.map((factor, i) => multiplyField(factor, run.weightBlinds[i]!)));
    const right = pointOf(rows.weighBatches(marginLayouts(run), constantCovers, gamma), opened);
    expect(rows.combinePoints(points, factors).equals(right)).toBe(true);

    expect(() => {
      rows.verifyCover({ ...coverOf(run), points }, CODES, run.challenges);
    }).toThrow(refusal('cover'));
  });
});

describe('offsets of weights', () => {
  it('stop V + 7 and V - 7 in the same row of two batches, which passes where they restart', () => {
    const shift = [0n, 7n, -7n];
    const run = makeRun({
      ...BANKRUPT,
      placed: [1, 2].map((batch) => ({
        userId: `user-${batch}`,
        batch,
        row: 2,
        slots: [marginEquity(40_00000000n, 1), debt(1_00000000n, 0)],
      })),
      bend: (batchRows, batch) =>
        batchRows.map((row) =>
          row.netValue > 0n ? { ...row, netValue: row.netValue + shift[batch]! } : row,
        ),
    });
    const { gamma, x } = run.challenges;
    // The mutant: every batch alone, all weights added up.
    const points = marginOf(run.batches)
      .map((batch) => rows.commitWeights([batch], CODES, { gamma, blinds: run.weightBlinds }))
      .reduce((sums, next) => sums.map((sum, position) => sum.add(next[position]!)));
    const right = pointOf(rows.sumField(coversOf(run)), addField(run.zW, run.zW));
    expect(rows.combinePoints(points, rows.deriveCoverFactors(CODES, x)).equals(right)).toBe(true);

    expect(() => {
      verifyEquations(run);
    }).toThrow(refusal('cover'));
  });

  it('give no two rows of a run the same weight', () => {
    const layouts = [MARGIN, { ...MARGIN, rows: 9 }, MARGIN];
    const offsets = rows.deriveOffsets(layouts);
    const powers = layouts.flatMap(({ rows: count }, batch) =>
      Array.from({ length: count }, (_, row) => offsets[batch]! + row + 1),
    );
    expect(powers).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  });
});

describe('totals', () => {
  const run = makeRun();
  const honest = sumRows(run.batches.map((batch) => batch.rows));
  const low = { ...honest, equity: honest.equity.map((total, asset) => (asset === 0 ? total / 2n : total)) };
  const shown = run.values.map(({ total }) => total);
  const at = { codes: CODES, x: run.challenges.x };

  /** The right side of (T). */
  const sideOf = ({ equity: e, debt: d }: rows.ListedTotals) => {
    const inverses = rows.invertDistances(
      at.x,
      CODES.map(({ code }) => code),
    );
    return rows.sumField(
      [...e, ...d].map((total, position) => multiplyField(field(total), inverses[position]!)),
    );
  };

  it('hold to the unit, and for each asset and side alone', () => {
    rows.verifyTotals(shown, honest, at);
    const exchanged = { equity: honest.debt, debt: honest.equity };
    const moved = { ...honest, equity: [honest.equity[1]!, honest.equity[0]!, honest.equity[2]!] };
    for (const lie of [low, exchanged, moved]) {
      expect(() => {
        rows.verifyTotals(shown, lie, at);
      }).toThrow(refusal('totals'));
    }
    for (const lines of [shown.slice(1), [...shown, shown[0]!]]) {
      expect(() => {
        rows.verifyTotals(lines, honest, at);
      }).toThrow(refusal('totals'));
    }
  });

  it('are as low as one likes where an offset is added, or masks need not add up to 0', () => {
    const offset = rows.subtractField(sideOf(low), rows.sumField(shown));
    expect(addField(rows.sumField(shown), offset)).toBe(sideOf(low));
    expect(() => {
      rows.verifyTotals(shown, low, at);
    }).toThrow(refusal('totals'));

    // The same with a mask: one that is outside the digest is chosen after x.
    const refitted = [addField(shown[0]!, offset), ...shown.slice(1)];
    rows.verifyTotals(refitted, low, at);
    const batch = run.batches[0]!;
    const masks = { ...batch.secrets.masks, total: addField(batch.secrets.masks.total, offset) };
    expect(computeBatchDigest(portableSponge, batch.layout, { masks, rows: batch.rows })).not.toBe(
      batch.digest,
    );
  });

  it('take - 5 and + 5 under one code where amounts are not ranged', () => {
    const mutantShare = (amount: bigint) =>
      multiplyField(field(amount), rows.invertField(rows.subtractField(at.x, 2n as FieldElement)));
    const bent = [...shown, mutantShare(-5n), mutantShare(5n)];
    rows.verifyTotals(bent, honest, at);
    expect(() => {
      rows.assertSlots(SPOT, [equity(-5n, 2)], ASSETS.length);
    }).toThrow(refusal('slot-amount-out-of-range'));
  });

  it('of debt are forced to 0 in a run without margin batches, which takes no points', () => {
    const spot = makeRun({
      ...HONEST_PLAN,
      layouts: [SPOT],
      placed: [{ userId: 'a', batch: 0, row: 0, slots: [equity(3n, 1)] }],
    });
    verifyEquations(spot);
    const owed = { equity: [0n, 3n, 0n], debt: [0n, 0n, 1n] };
    expect(() => {
      rows.verifyTotals(
        spot.values.map(({ total }) => total),
        owed,
        { codes: CODES, x: spot.challenges.x },
      );
    }).toThrow(refusal('totals'));
    const given = { points: run.points, blindOpening: run.zW, layouts: [], covers: [] };
    expect(() => {
      rows.verifyCover(given, CODES, spot.challenges);
    }).toThrow(refusal('weights-form'));
  });
});

describe('weighted totals', () => {
  const run = makeRun();

  it.each([
    ['one too few', (points: readonly rows.CurvePoint[]) => points.slice(1), 'weights-form'],
    ['one too many', (points: readonly rows.CurvePoint[]) => [...points, H], 'weights-form'],
    [
      'Q added to one and taken from another',
      (points: readonly rows.CurvePoint[]) => [
        points[0]!,
        points[1]!.add(GW),
        points[2]!.subtract(GW),
        ...points.slice(3),
      ],
      'cover',
    ],
    ['two exchanged', ([a, b, c, ...rest]: readonly rows.CurvePoint[]) => [a!, c!, b!, ...rest], 'cover'],
  ])('are refused with %s', (_, change, code) => {
    expect(() => {
      rows.verifyCover({ ...coverOf(run), points: change(run.points) }, CODES, run.challenges);
    }).toThrow(refusal(code));
  });

  it('are refused with K of two batches exchanged, and with V raised in a row and lowered in its neighbour', () => {
    const [first, second, ...rest] = coversOf(run);
    expect(() => {
      rows.verifyCover({ ...coverOf(run), covers: [second!, first!, ...rest] }, CODES, run.challenges);
    }).toThrow(refusal('cover'));
    const bent = makeRun({
      ...HONEST_PLAN,
      bend: (batchRows, batch) =>
        batch === 2
          ? batchRows.map((row, position) => ({
              ...row,
              netValue: row.netValue + [7n, -7n, 0n, 0n][position]!,
            }))
          : batchRows,
      placed: HONEST_PLAN.placed.map((part) => (part.batch === 3 ? { ...part, batch: 2, row: 0 } : part)),
    });
    expect(() => {
      verifyEquations(bent);
    }).toThrow(refusal('cover'));
  });

  it('give a lone debtor’s amount by one division where X is shown in the clear', () => {
    const { gamma } = run.challenges;
    const amounts = rows.sumWeightedAmounts(marginOf(run.batches), CODES, gamma);
    const position = ASSETS.length + 1;
    // Dave alone owes ETH: row 1 of the third margin batch, behind twice four rows.
    const weight = rows.powerField(gamma, 2 * MARGIN.rows + 1 + 1);
    expect(multiplyField(amounts[position]!, rows.invertField(weight))).toBe(1n);
    expect(run.points[1 + position]!.equals(rows.combinePoints([GW], [amounts[position]!]))).toBe(false);
  });
});

describe('index bits', () => {
  it('are one for all circuits: with two a debt counts as an asset', () => {
    // A listing of 20 assets needs 5 bits. In a circuit of 4 bits the debt of asset 1 has code 16 + 1, which in the
    // listing is the equity of asset 17.
    const prices = Array.from({ length: 20 }, () => ({ full: 10n, collateral: 9n }));
    const codes = rows.listCodes(5, prices);
    const slots = [debt(1_000_000n, 1)];
    const batchRows = [...new Array<rows.Row>(3).fill(rows.EMPTY_ROW), { slots, netValue: 9n * 1_000_000n }];
    const masks = { blind: 1n, total: 0n, cover: 3n, groups: [[1n], [2n]] } as unknown as rows.BatchMasks;
    const challenges = { gamma: 77n, x: 1n << 200n, rho: 5n } as unknown as rows.Challenges;
    const values = rows.evaluateBatch(MARGIN, { rows: batchRows, masks }, challenges);
    const blinds = codes.map((_, position) => field(BigInt(position + 1)));
    const t = [...blinds, field(99n)];
    const points = rows.commitWeights([{ layout: MARGIN, rows: batchRows, coverMask: masks.cover }], codes, {
      gamma: challenges.gamma,
      blinds: t,
    });
    const none = prices.map(() => 0n);
    const asAsset = { equity: none.map((_, asset) => (asset === 17 ? 1_000_000n : 0n)), debt: none };
    rows.verifyTotals([values.total], asAsset, { codes, x: challenges.x });
    rows.verifyCover(
      {
        points,
        blindOpening: rows.openWeightBlinds(t, codes, challenges.x),
        layouts: [MARGIN],
        covers: [values.cover!],
      },
      codes,
      challenges,
    );
    const set = (bits: number[]) => ({
      indexBits: 5,
      circuits: bits.map((indexBits, position) => ({
        name: `c-${position}`,
        tag: String(position),
        parameters: { ...MARGIN, indexBits },
      })),
    });
    expect(isOneCircuitSet(set([5, 5]))).toBe(true);
    expect(isOneCircuitSet(set([5, 4]))).toBe(false);
  });
});

describe('lists', () => {
  it('hold the mask points: one that is solved after rho shows a user 42 where the circuit counts 1', () => {
    const run = makeRun();
    const { layout, secrets, rows: batchRows, entries, maskPoints, groupHashes } = run.batches[0]!;
    const { rho } = run.challenges;
    const generators = rows.generatorsOf(layout);
    const shownSlots = [equity(42n, 0)];
    const shown = rows.commitValues(generators, rows.packWords(layout, shownSlots), secrets.rowBlinds[1]!);
    const group = ofGroup(layout, 0, entries).map(({ point, id }, position) => ({
      point: position === 1 ? rows.encodePoint(shown) : point,
      id,
    }));
    const mutantHash = (points: typeof group) =>
      hashLabelled('mutant', concatBytes(...points.flatMap((e) => [e.point, e.id])));
    const listed = mutantHash(group);

    // The circuit counted the words of batchRows; the difference is moved to the mask point.
    const counted = rows.parsePoint(entries[1]!.point);
    const solved = rows.combinePoints(
      [rows.parsePoint(maskPoints[0]!), counted, shown],
      [rows.ONE, rows.powerField(rho, 2), rows.negateField(rows.powerField(rho, 2))],
    );
    const opening = {
      index: 0,
      maskPoint: solved,
      entries: group.map(({ point }) => rows.parsePoint(point)),
      openings: run.values[0]!.openings.slice(0, 1),
      blindOpening: rows.openBlinds(secrets.maskBlinds[0]!, secrets.rowBlinds.slice(0, 2), rho),
    };
    expect(batchRows[1]!.slots).toEqual([]);
    rows.verifyGroupOpening(layout, opening, rho);
    expect(mutantHash(group)).toEqual(listed);
    const hash = (maskPoint: Uint8Array) => rows.hashGroup(layout, { index: 0, maskPoint, entries: group });
    expect(hash(rows.encodePoint(solved))).not.toEqual(hash(maskPoints[0]!));
    expect(hash(rows.encodePoint(solved))).not.toEqual(groupHashes[0]);
  });

  it('never take a mask point as a row: what it opens to is counted nowhere', () => {
    const honest = makeRun().batches[0]!;
    const uncounted = rows.packWords(SPOT, [equity(42_00000000n, 0)]);
    const masks = { ...honest.secrets.masks, groups: [uncounted, ...honest.secrets.masks.groups.slice(1)] };
    const bent = commitBatch(SPOT, honest.rows, { ...honest.secrets, masks });
    const maskPoint = rows.parsePoint(bent.maskPoints[0]!);
    // To a mutant that takes place 0 as a row it opens like one.
    expect(
      rows.commitValues(rows.generatorsOf(SPOT), uncounted, honest.secrets.maskBlinds[0]!).equals(maskPoint),
    ).toBe(true);
    const positions = Array.from({ length: SPOT.rows }, (_, row) => rows.groupOf(SPOT, row));
    expect(positions.map(({ group, position }) => [group, position])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(() => rows.groupOf(SPOT, -1)).toThrow(refusal('row-out-of-range'));
    expect(() => rows.groupOf(SPOT, SPOT.rows)).toThrow(refusal('row-out-of-range'));
  });

  it('take exactly the rows of a short last group', () => {
    const { layout, entries, maskPoints } = makeRun().batches[0]!;
    const [maskPoint, last] = [maskPoints[2]!, ofGroup(layout, 2, entries)];
    expect(last).toHaveLength(1);
    rows.hashGroup(layout, { index: 2, maskPoint, entries: last });
    for (const wrong of [[], [...last, ...last]]) {
      expect(() => rows.hashGroup(layout, { index: 2, maskPoint, entries: wrong })).toThrow(
        refusal('group-size'),
      );
    }
  });

  it('are opened group by group: + Q and - Q in two of them pass where both are merged with factors 1', () => {
    const run = makeRun();
    const { layout, secrets, entries, maskPoints } = run.batches[0]!;
    const { rho } = run.challenges;
    const openings = [0, 1].map((index) => ({
      index,
      maskPoint: rows.parsePoint(maskPoints[index]!),
      entries: ofGroup(layout, index, entries).map(({ point }) => rows.parsePoint(point)),
      openings: run.values[0]!.openings.slice(index, index + 1),
      blindOpening: addField(
        rows.openBlinds(secrets.maskBlinds[index]!, ofGroup(layout, index, secrets.rowBlinds), rho),
        index === 0 ? (5n as FieldElement) : rows.negateField(5n as FieldElement),
      ),
    }));
    const generators = rows.generatorsOf(layout);
    const differences = openings.map((group) =>
      rows.combinePoints(
        [group.maskPoint, ...group.entries, ...generators.words, H],
        [
          rows.ONE,
          ...group.entries.map((_, position) => rows.powerField(rho, position + 1)),
          rows.negateField(group.openings[0]!),
          rows.negateField(group.blindOpening),
        ],
      ),
    );
    expect(differences[0]!.add(differences[1]!).is0()).toBe(true);
    for (const group of openings) {
      expect(() => {
        rows.verifyGroupOpening(layout, group, rho);
      }).toThrow(refusal('group-opening'));
    }
  });
});

describe('forms', () => {
  it('of points are one each: without x < p the bytes of x + p are a second', () => {
    const modulus = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    const small = [1n, 2n, 3n, 4n, 5n].find((x) => {
      try {
        return !rows.parsePoint(rows.encodeUint(x, 32)).is0();
      } catch {
        return false;
      }
    })!;
    const mutant = (bytes: Uint8Array) =>
      rows.parsePoint(rows.encodeUint((rows.decodeUint(bytes) % (1n << 255n)) % modulus, 32));
    const [first, second] = [rows.encodeUint(small, 32), rows.encodeUint(small + modulus, 32)];
    expect(mutant(second).equals(mutant(first))).toBe(true);
    expect(() => rows.parsePoint(second)).toThrow(refusal('point-form'));
  });

  it('of slots are one each: an index that spills reads as an amount of the next slot', () => {
    const mutantWords = (slots: readonly rows.SpotSlot[]) =>
      slots.reduce(
        (bits, { amountUnits, assetIndex }, position) =>
          bits + ((amountUnits + (BigInt(assetIndex) << 64n)) << BigInt(68 * position)),
        0n,
      );
    const [spilt, plain] = [[equity(5n, 16)], [equity(5n, 0), equity(1n, 0)]];
    expect(mutantWords(spilt)).toBe(mutantWords(plain));
    for (const slots of [spilt, plain]) {
      expect(() => rows.packWords(SPOT, slots)).toThrow(
        refusal(slots === spilt ? 'slot-index-out-of-range' : 'slots-not-rising'),
      );
    }
    expect(mutantWords([equity(5n, 3)])).toBe(rows.packWords(SPOT, [equity(5n, 3)])[0]);
  });

  it('of digests have one start: a blind there lets one digest open to two batches', () => {
    const values = Array.from({ length: 30 }, (_, position) => field(BigInt(position + 3)));
    const blind = field(2n);
    const other = sponge(poseidon, blind, values.slice(0, 15));
    expect(sponge(poseidon, other, values.slice(15))).toBe(sponge(poseidon, blind, values));
    const kept = (start: FieldElement, rest: readonly FieldElement[]) =>
      sponge(poseidon, rows.deriveDigestIv(SPOT), [start, ...rest]);
    expect(kept(other, values.slice(15))).not.toBe(kept(blind, values));
  });
});

describe('secrets', () => {
  it('change with every byte of the manifest: one set of masks under two challenges gives the row away', () => {
    const edited = (text: string): RunPlan => ({
      ...HONEST_PLAN,
      edit: (manifest) => ({ ...manifest, scope: { ...manifest.scope, included: text } }),
    });
    const [first, second] = [makeRun(edited('One text.')), makeRun(edited('Another text.'))];
    expect(first.batches[1]!.rows).toEqual(second.batches[1]!.rows);

    // The mutant draws masks by the number of the batch alone. Group 1 of batch 1 holds an empty row and a dummy; group 0
    // holds bob, in its first row, and a dummy.
    const masks = first.batches[1]!.secrets.masks;
    const open = (run: Run) =>
      rows.evaluateBatch(SPOT, { rows: run.batches[1]!.rows, masks }, run.challenges).openings[0]!;
    const difference = rows.subtractField(open(first), open(second));
    const word = multiplyField(
      difference,
      rows.invertField(rows.subtractField(first.challenges.rho, second.challenges.rho)),
    );
    expect(word).toBe(rows.packWords(SPOT, [equity(12_00000000n, 0), equity(3_00000000n, 1)])[0]);

    const drawn = (run: Run) =>
      new Set(
        run.batches.flatMap(({ secrets }) => [
          secrets.masks.blind,
          secrets.masks.total,
          secrets.masks.cover,
          ...secrets.masks.groups.flat(),
          ...secrets.maskBlinds,
          ...secrets.rowBlinds,
        ]),
      );
    const common = [...drawn(first)].filter((value) => drawn(second).has(value));
    expect(common).toEqual([0n]); // maskK of spot batches, which have none
    expect(first.weightBlinds.filter((t) => second.weightBlinds.includes(t))).toEqual([]);
  });

  it('change with the salt, with the secret, and with each row', () => {
    const seeds = [
      HONEST_PLAN,
      { ...HONEST_PLAN, salt: new Uint8Array(32) },
      { ...HONEST_PLAN, secret: new Uint8Array(32) },
      { ...HONEST_PLAN, placed: HONEST_PLAN.placed.slice(1) },
    ].map((plan) => rows.encodeBase64url(makeRun(plan).runSeed));
    expect(new Set(seeds).size).toBe(4);
  });

  it('are spread over all of the field, which a reduction to 248 bits is not', () => {
    const modulus = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    const draws = Array.from({ length: 4096 }, (_, index) =>
      rows.authenticateWide(new Uint8Array(32), 'mask', rows.encodeUint(index, 4)),
    );
    const isSpread = (values: readonly bigint[]) => {
      const counts = new Array<number>(16).fill(0);
      for (const value of values) counts[Number((value * 16n) / modulus)]! += 1;
      // 256 expected in each sixteenth, with a deviation of 15.5.
      return counts.every((count) => count > 256 - 90 && count < 256 + 90);
    };
    expect(isSpread(draws.map(rows.reduceWide))).toBe(true);
    expect(isSpread(draws.map((bytes) => int248(bytes)))).toBe(false);
  });

  it('of the last batch make all maskL add up to 0, and are 0 in a run of one batch', () => {
    const seeds = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    const masks = rows.deriveTotalMasks(seeds);
    expect(rows.sumField(masks)).toBe(0n);
    expect(new Set(masks).size).toBe(3);
    expect(rows.deriveTotalMasks(seeds.slice(0, 1))).toEqual([0n]);
  });
});

describe('challenges', () => {
  it('are refused at 0, and near the codes, where the share of a slot is free', () => {
    const fine = { gamma: 1n, x: 1n << 34n, rho: 1n } as unknown as rows.Challenges;
    rows.assertChallenges(fine);
    for (const lie of [{ gamma: 0n }, { rho: 0n }, { x: (1n << 34n) - 1n }]) {
      expect(() => {
        rows.assertChallenges({ ...fine, ...lie } as rows.Challenges);
      }).toThrow(refusal('challenge-zero'));
    }
    // At x = code any share satisfies the circuit's constraint of an unused slot: the sum is free.
    const code = 5n as FieldElement;
    const isSatisfied = (share: bigint, x: bigint) => multiplyField(field(share), field(x - code)) === 0n; // amount 0
    expect([0n, 42n].map((share) => isSatisfied(share, code))).toEqual([true, true]);
    expect([0n, 42n].map((share) => isSatisfied(share, fine.x))).toEqual([true, false]);
    expect(() => rows.invertDistances(code, [code])).toThrow(refusal('division-by-zero'));
    expect(rows.listCodes(INDEX_BITS, PRICES).every(({ code: listed }) => listed < 1n << 33n)).toBe(true);
  });
});
