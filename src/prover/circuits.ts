import {
  deriveCircuitTag,
  fingerprintKey,
  nameOfLayout,
  publicSignalCount,
  SolventError,
  type PinnedCircuit,
  type VerificationKey,
} from '../protocol/index.js';
import type { ProverCode } from './errors.js';
import { refuseProver } from './errors.js';

/** A compiled circuit with its keys, and where its large files are. */
export type ProvingCircuit = PinnedCircuit & CircuitFiles;

/** What proofs of a circuit are made with. */
export type CircuitFiles = {
  readonly name: string;
  readonly verificationKey: VerificationKey;
  /** The witness generator that circom made. */
  readonly wasmPath: string;
  readonly zkeyPath: string;
  /** SHA-256 of the proving key in hexadecimal, where it is known. */
  readonly zkeySha256?: string;
  /** Holds the large files to their hashes; called before they are opened. */
  readonly checkFiles?: () => Promise<void>;
};

/**
 * Holds circuits to what every verifier will. They have names, tags and fingerprints of their own layouts and keys, one
 * point IC more than public signals, and the same index bits, which hold all assets. One of them is of spot rows.
 * @throws SolventError `circuit-mismatch`, `too-many-assets`.
 */
export function assertCircuits(circuits: readonly ProvingCircuit[], assetCount: number): void {
  const names = new Set<string>();
  for (const circuit of circuits) {
    const isAlike = circuit.parameters.indexBits === circuits[0]!.parameters.indexBits;
    if (!isAlike || !isSound(circuit) || names.has(circuit.name)) throw refuse(circuit.name, 'another');
    names.add(circuit.name);
  }
  if (!circuits.some(({ parameters }) => parameters.kind === 'spot')) throw refuse('of spot rows', 'none');
  const room = 2 ** circuits[0]!.parameters.indexBits;
  if (assetCount <= room) return;
  throw refuseProver('too-many-assets', {
    expected: `at most ${room} assets, as the circuits have room for`,
    found: assetCount,
    details: { room, assets: assetCount },
  });
}

function isSound({ name, parameters, tag, fingerprint, verificationKey }: ProvingCircuit): boolean {
  const ownTag = deriveCircuitTag(parameters);
  return (
    name === nameOfLayout(parameters) &&
    tag === ownTag.toString() &&
    fingerprint === fingerprintKey(ownTag, verificationKey) &&
    verificationKey.ic.length === publicSignalCount(parameters) + 1
  );
}

function refuse(circuit: string, found: string): SolventError<ProverCode> {
  return refuseProver('circuit-mismatch', {
    expected: `the circuit ${circuit} of one profile with its own keys`,
    found,
    details: { circuit },
  });
}
