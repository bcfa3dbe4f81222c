import {
  circuitName,
  deriveTag,
  netBitsFor,
  treeDepthFor,
  type AggregateParameters,
  type BatchParameters,
  type PinnedCircuit,
} from '../../protocol/index.js';

/**
 * What keeps circuits from being one set, in words; undefined where they are: named and tagged after their own
 * parameters, each once, all over the same assets, with one aggregate and at least one batch.
 */
export function findCircuitSetFault(circuits: readonly PinnedCircuit[]): string | undefined {
  const seen = new Set<string>();
  for (const { name, tag, parameters } of circuits) {
    if (name !== circuitName(parameters)) return `the name ${circuitName(parameters)}, got ${name}`;
    if (tag !== deriveTag(parameters).toString()) return `the tag of the parameters of ${name}, got another`;
    if (seen.has(name)) return `each circuit once, got ${name} twice`;
    seen.add(name);
    if (parameters.assets !== circuits[0]!.parameters.assets) return 'one number of assets, got two';
    const fault = parameters.kind === 'aggregate' ? undefined : findBatchFault(parameters);
    if (fault !== undefined) return `${fault} for ${name}`;
  }
  if (!seen.has('aggregate')) return 'an aggregate circuit, got none';
  return seen.size > 1 ? undefined : 'a batch circuit, got none';
}

/** Whether parameters are those of a batch. */
export function isBatch(parameters: BatchParameters | AggregateParameters): parameters is BatchParameters {
  return parameters.kind !== 'aggregate';
}

/** The sizes that the circuits and the leaf layout take for granted. */
function findBatchFault(parameters: BatchParameters): string | undefined {
  const { kind, assets, indexBits, users, slots, netBits, depth } = parameters;
  if (assets > 2 ** indexBits) return `at most ${2 ** indexBits} assets, got ${assets}`;
  if (depth !== treeDepthFor(users)) return `a depth of ${treeDepthFor(users)}, got ${depth}`;
  const expectedNetBits = kind === 'margin' ? netBitsFor(slots) : 0;
  return netBits === expectedNetBits ? undefined : `a net value of ${expectedNetBits} bits, got ${netBits}`;
}
