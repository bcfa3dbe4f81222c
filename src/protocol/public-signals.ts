import type { CircuitKind } from './circuit.js';
import type { FieldElement } from './field.js';

/** Outputs, then public inputs: the order in which circom and every proof list them. */
const PUBLIC_SIGNALS = {
  spot: { outputs: ['digest'], inputs: [] },
  margin: { outputs: ['digest', 'pricesHash'], inputs: [] },
  aggregate: { outputs: ['digest'], inputs: ['context'] },
} as const;

type Signals<Kind extends CircuitKind> = (typeof PUBLIC_SIGNALS)[Kind];

/** The name of a public signal of a kind of circuit. */
export type PublicSignalName<Kind extends CircuitKind = CircuitKind> =
  Signals<Kind>['outputs'][number] | Signals<Kind>['inputs'][number];

/** The names of a circuit's public inputs; its other public signals are outputs. */
export function publicInputNames(kind: CircuitKind): readonly PublicSignalName[] {
  return PUBLIC_SIGNALS[kind].inputs;
}

/** The names of a circuit's public signals, in the order in which a proof lists them. */
export function publicSignalNames<Kind extends CircuitKind>(kind: Kind): readonly PublicSignalName<Kind>[] {
  const { outputs, inputs } = PUBLIC_SIGNALS[kind];
  return [...outputs, ...inputs] as readonly PublicSignalName<Kind>[];
}

/** The public signals of a proof, in the order in which it lists them. */
export function listPublicSignals<Kind extends CircuitKind>(
  kind: Kind,
  values: Readonly<Record<PublicSignalName<Kind>, FieldElement>>,
): readonly FieldElement[] {
  return publicSignalNames(kind).map((name) => values[name]);
}
