import { fingerprintKey, SolventError } from '../../protocol/index.js';
import {
  deriveCircuitTag,
  nameOfLayout,
  publicSignalCount,
  type PinnedCircuit,
} from '../../protocol/rows/index.js';
import type { ProverCode } from '../errors.js';
import type { CircuitFiles } from '../snapshot.js';

/** A circuit of rows with its keys, and where its large files are. */
export type RowProvingCircuit = PinnedCircuit & CircuitFiles;

/**
 * Holds circuits to what every verifier will: names, tags and fingerprints of their own layouts and keys, exactly as many
 * points IC as public signals and one, and the same index bits, which hold all assets.
 * @throws SolventError `circuit-mismatch`, `too-many-assets`.
 */
export function assertRowCircuits(circuits: readonly RowProvingCircuit[], assetCount: number): void {
  const names = new Set<string>();
  for (const { name, parameters, tag, fingerprint, verificationKey } of circuits) {
    const ownTag = deriveCircuitTag(parameters);
    const isSound =
      name === nameOfLayout(parameters) &&
      tag === ownTag.toString() &&
      fingerprint === fingerprintKey(ownTag, verificationKey) &&
      verificationKey.ic.length === publicSignalCount(parameters) + 1 &&
      parameters.indexBits === circuits[0]!.parameters.indexBits;
    if (!isSound || names.has(name)) {
      throw new SolventError<ProverCode>(
        'artefact',
        'circuit-mismatch',
        `expected the circuit ${name} of one profile with its own keys, got another: run setup for this profile`,
        { details: { circuit: name } },
      );
    }
    names.add(name);
  }
  const room = 2 ** (circuits[0]?.parameters.indexBits ?? 0);
  if (assetCount <= room) return;
  throw new SolventError<ProverCode>(
    'usage',
    'too-many-assets',
    `expected at most ${room} assets, as the circuits have room for, got ${assetCount}: list fewer`,
    { details: { room, assets: assetCount } },
  );
}
