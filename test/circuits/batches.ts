import fc from 'fast-check';

import {
  FIELD_MODULUS,
  groupCount,
  multiplyField,
  NET_BITS,
  wordCount,
  type Challenges,
  type FieldElement,
  type MarginSlot,
  type Row,
  type RowLayout,
  type Slot,
} from '../../src/protocol/index.js';
import { buildCircuitInput, type ProvenBatch } from '../../src/prover/commit/commit-batch.js';
import { generateMain } from '../../src/keys/compile/sources.js';
import { TestedCircuit, type Lie, type Mutation } from './tested-circuit.js';

export const ZERO = 0n as FieldElement;
export const MAX_AMOUNT = (1n << 64n) - 1n;
export const MAX_NET = (1n << BigInt(NET_BITS)) - 1n;

/** An integer that the test knows to be a field element. */
export function field(value: number | bigint): FieldElement {
  return BigInt(value) as FieldElement;
}

/** numerator / denominator in the field, by Fermat; the denominator is not 0. */
export function divide(numerator: bigint, denominator: bigint): FieldElement {
  let quotient = field(numerator % FIELD_MODULUS);
  let power = field(denominator % FIELD_MODULUS);
  for (let exponent = FIELD_MODULUS - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) quotient = multiplyField(quotient, power);
    power = multiplyField(power, power);
  }
  return quotient;
}

export const arbitraryField: fc.Arbitrary<FieldElement> = fc
  .bigInt({ min: 0n, max: (1n << 253n) - 1n })
  .map((value) => field(value));

/** Input signals by name, each a list that a test may change. */
export type BatchSignals = Record<string, bigint[]>;

type Sizes = Pick<RowLayout, 'indexBits' | 'rows' | 'slots' | 'groupRows'>;

export function spotLayout(sizes: Sizes): RowLayout {
  return { kind: 'spot', ...sizes, netBits: 0 };
}

export function marginLayout(sizes: Sizes): RowLayout {
  return { kind: 'margin', ...sizes, netBits: NET_BITS };
}

/** All four kinds of circuits, small: three groups with a short last one, or fewer rows than a group has. */
export const SPOT_1 = spotLayout({ indexBits: 2, rows: 5, slots: 1, groupRows: 2 });
export const SPOT_3 = spotLayout({ indexBits: 10, rows: 7, slots: 3, groupRows: 3 });
export const MARGIN_3 = marginLayout({ indexBits: 10, rows: 5, slots: 3, groupRows: 2 });
export const MARGIN_WIDE = marginLayout({ indexBits: 10, rows: 1, slots: 8, groupRows: 32 });

export const CHALLENGES: Challenges = {
  rho: field(0x1234_5678_9abc_def1n ** 3n),
  x: field(0x2345_6789_abcd_ef12n ** 3n),
  gamma: field(0x3456_789a_bcde_f123n ** 3n),
};

/** The lies of a prover about the two kinds of hints that circuits of rows have. */
export const WHOLE_IN_LOWEST_BIT: Lie = {
  file: 'Num2Bits.circom',
  truth: '((in >> i) & one) == one',
  lie: 'i==0 ? in : 0',
};
export const NO_QUOTIENT: Lie = {
  file: 'Fraction.circom',
  truth: 'quotient <-- numerator / (x - pole)',
  lie: 'quotient <-- numerator',
};

export function testCircuit(layout: RowLayout): Promise<TestedCircuit> {
  return TestedCircuit.ofMain(`tested-${layout.kind}`, generateMain(layout));
}

export function testMutant(layout: RowLayout, ...mutations: readonly Mutation[]): Promise<TestedCircuit> {
  return TestedCircuit.ofMutant(`tested-${layout.kind}`, generateMain(layout), mutations);
}

export function equity(assetIndex: number, amountUnits: bigint): MarginSlot {
  return { assetIndex, amountUnits, side: 0 };
}

export function debt(assetIndex: number, amountUnits: bigint): MarginSlot {
  return { assetIndex, amountUnits, side: 1 };
}

export function spotRow(...holdings: readonly (readonly [assetIndex: number, amountUnits: bigint])[]): Row {
  return {
    slots: holdings.map(([assetIndex, amountUnits]) => ({ assetIndex, amountUnits })),
    netValue: 0n,
  };
}

/** A batch of rows with masks that are all different. */
export function batchOf(layout: RowLayout, rows: readonly Row[]): ProvenBatch {
  const groups = Array.from({ length: groupCount(layout) }, (_, group) =>
    Array.from({ length: wordCount(layout) }, (_, word) => field(9_000 + 100 * group + word)),
  );
  const cover = layout.kind === 'margin' ? field(8_002) : ZERO;
  return { layout, rows, masks: { blind: field(8_000), total: field(8_001), cover, groups } };
}

/** The input signals of a batch, every list a copy of its own. */
export function signalsOf(batch: ProvenBatch, challenges = CHALLENGES): BatchSignals {
  return Object.fromEntries(
    [...buildCircuitInput(batch, challenges)].map(([name, values]) => [name, [...values]]),
  );
}

/** The input signals of a batch with some of them changed. */
export function signalsWith(batch: ProvenBatch, change: (signals: BatchSignals) => void): BatchSignals {
  const signals = signalsOf(batch);
  change(signals);
  return signals;
}

const arbitraryAmount = fc.oneof(
  fc.bigInt({ min: 1n, max: MAX_AMOUNT }),
  fc.constantFrom(1n, MAX_AMOUNT),
  fc.bigInt({ min: 1n, max: 1000n }),
);

/** Random rows, some empty and some full, under random masks and challenges; nets are in range, and are no sums. */
export function arbitraryBatch(
  layout: RowLayout,
): fc.Arbitrary<{ batch: ProvenBatch; challenges: Challenges }> {
  const isMargin = layout.kind === 'margin';
  const codes = fc.uniqueArray(fc.nat({ max: 2 ** (layout.indexBits + (isMargin ? 1 : 0)) - 1 }), {
    maxLength: layout.slots,
  });
  const toSlot = (code: number, amountUnits: bigint): Slot =>
    isMargin
      ? { amountUnits, assetIndex: code % 2 ** layout.indexBits, side: code < 2 ** layout.indexBits ? 0 : 1 }
      : { amountUnits, assetIndex: code };
  const slots = codes.chain((chosen) =>
    fc
      .array(arbitraryAmount, { minLength: chosen.length, maxLength: chosen.length })
      .map((amounts) =>
        [...chosen].sort((a, b) => a - b).map((code, index) => toSlot(code, amounts[index]!)),
      ),
  );
  const netValue = isMargin ? fc.bigInt({ min: 0n, max: MAX_NET }) : fc.constant(0n);
  const list = <T>(value: fc.Arbitrary<T>, length: number) =>
    fc.array(value, { minLength: length, maxLength: length });
  return fc
    .record({
      rows: list(fc.record({ slots, netValue }), layout.rows),
      masks: fc.record({
        blind: arbitraryField,
        total: arbitraryField,
        cover: isMargin ? arbitraryField : fc.constant(ZERO),
        groups: list(list(arbitraryField, wordCount(layout)), groupCount(layout)),
      }),
      challenges: fc.record({ rho: arbitraryField, x: arbitraryField, gamma: arbitraryField }),
    })
    .map(({ rows, masks, challenges }) => ({ batch: { layout, rows, masks }, challenges }));
}
