import {
  computeNullDigest,
  deriveTag,
  deriveTotalsIv,
  gammaLabel,
  netBitsFor,
  poseidon,
  publicInputNames,
  SolventError,
  TREE_ARITY,
  type CircuitKind,
  type CircuitParameters,
} from '../../protocol/index.js';
import type { CompileCode } from './errors.js';

const TEMPLATES: Readonly<Record<CircuitKind, string>> = {
  spot: 'SpotBatch',
  margin: 'MarginBatch',
  aggregate: 'Aggregate',
};

/**
 * The main file of a circuit: its template with its sizes and the constants that follow from them.
 * @throws SolventError `circuit-parameters-invalid`.
 */
export function generateMain(parameters: CircuitParameters): string {
  assertParameters(parameters);
  const template = TEMPLATES[parameters.kind];
  const publicInputs = publicInputNames(parameters.kind);
  const visible = publicInputs.length === 0 ? '' : ` {public [${publicInputs.join(', ')}]}`;
  return [
    'pragma circom 2.2.0;',
    '',
    `include "${template}.circom";`,
    '',
    `component main${visible} = ${template}(${templateArguments(parameters).join(', ')});`,
    '',
  ].join('\n');
}

function templateArguments(parameters: CircuitParameters): readonly (bigint | number)[] {
  const { assets } = parameters;
  const tag = deriveTag(parameters);
  const iv = deriveTotalsIv(assets);
  switch (parameters.kind) {
    case 'spot': {
      const { indexBits, users, slots, depth } = parameters;
      return [tag, iv, assets, indexBits, users, slots, depth];
    }
    case 'margin': {
      const { indexBits, users, slots, netBits, depth } = parameters;
      return [tag, iv, gammaLabel(), assets, indexBits, users, slots, netBits, depth];
    }
    case 'aggregate':
      return [tag, iv, computeNullDigest(poseidon, assets), assets, parameters.children];
  }
}

/** The templates assert the same; here the reason has a name. */
function assertParameters(parameters: CircuitParameters): void {
  const { assets } = parameters;
  assertSize(Number.isInteger(assets) && assets >= 1, 'at least one asset', assets);
  if (parameters.kind === 'aggregate') {
    const { children } = parameters;
    assertSize(isWithin(children, 1, TREE_ARITY), `1 to ${TREE_ARITY} children`, children);
    return;
  }
  const { kind, indexBits, users, slots, netBits, depth } = parameters;
  assertSize(isWithin(indexBits, 1, 32), '1 to 32 index bits', indexBits);
  assertSize(assets <= 2 ** indexBits, `at most 2^${indexBits} assets`, assets);
  assertSize(isWithin(depth, 1, 8), 'a tree depth from 1 to 8', depth);
  assertSize(isWithin(users, 1, TREE_ARITY ** depth), `1 to ${TREE_ARITY ** depth} users`, users);
  assertSize(isWithin(slots, 1, 1024), '1 to 1024 slots', slots);
  const expectedNetBits = kind === 'margin' ? netBitsFor(slots) : 0;
  assertSize(netBits === expectedNetBits, `${expectedNetBits} net bits`, netBits);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function assertSize(holds: boolean, expected: string, found: number): void {
  if (holds) return;
  throw new SolventError<CompileCode>(
    'artefact',
    'circuit-parameters-invalid',
    `expected a circuit with ${expected}, got ${found}`,
  );
}
