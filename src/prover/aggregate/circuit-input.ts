import type { FieldElement } from '../../protocol/index.js';
import type { AggregateCircuit } from '../circuits.js';
import type { CircuitInput } from '../witness/generator.js';
import type { OpenedNode } from './layers.js';

/** What the proof of one aggregate is made of: plain values, so that it can be posted to a worker. */
export type AggregateOpening = {
  readonly children: readonly Pick<OpenedNode, 'tag' | 'root' | 'totals' | 'blind'>[];
  readonly blind: FieldElement;
};

/** The input signals of Aggregate; those of a missing child are 0. */
export function buildAggregateInput(
  { parameters }: AggregateCircuit,
  { children, blind }: AggregateOpening,
  context: FieldElement,
): CircuitInput {
  const slots = Array.from({ length: parameters.children }, (_, slot) => children[slot]);
  const none = new Array<bigint>(parameters.assets).fill(0n);
  return new Map<string, readonly bigint[]>([
    ['childTag', slots.map((child) => child?.tag ?? 0n)],
    ['childRoot', slots.map((child) => child?.root ?? 0n)],
    ['childEquity', slots.flatMap((child) => child?.totals.equity ?? none)],
    ['childDebt', slots.flatMap((child) => child?.totals.debt ?? none)],
    ['childBlind', slots.map((child) => child?.blind ?? 0n)],
    ['blind', [blind]],
    ['context', [context]],
  ]);
}
