import { z } from 'zod';

import { provenance } from '../../formats/circuits.js';
import * as p from '../../formats/primitives.js';
import { circuitLabel, layoutParameters } from './primitives.js';

/** What pins one circuit: its layout, its tag, and the fingerprint of its verification key. */
export const pinnedRowCircuit = z.strictObject({
  name: circuitLabel,
  parameters: layoutParameters,
  tag: p.fieldElement,
  fingerprint: p.sha256Hex,
  provenance,
});

export type PinnedRowCircuit = z.infer<typeof pinnedRowCircuit>;

/** Circuits of one manifest or trust file. */
export const MAX_CIRCUITS = 32;

type CircuitSet = {
  readonly indexBits: number;
  readonly circuits: readonly Pick<PinnedRowCircuit, 'name' | 'parameters' | 'tag'>[];
};

/**
 * Whether circuits form one set: distinct names, distinct tags, and the same B as the file states. With two values of B a
 * code of one circuit is another asset's in the other, and debts count as assets. The ids of dummies follow from the tag:
 * under one tag twice, rows with the same id would be known as dummies.
 */
export function isOneCircuitSet({ indexBits, circuits }: CircuitSet): boolean {
  return (
    new Set(circuits.map(({ name }) => name)).size === circuits.length &&
    new Set(circuits.map(({ tag }) => tag)).size === circuits.length &&
    circuits.every(({ parameters }) => parameters.indexBits === indexBits)
  );
}
