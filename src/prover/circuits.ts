import {
  circuitName,
  circuitsOf,
  deriveTag,
  encodeCanonicalJson,
  fingerprintKey,
  parseFieldElement,
  SolventError,
  type AggregateParameters,
  type BatchParameters,
  type FieldElement,
  type Profile,
} from '../protocol/index.js';
import type { ProverCode } from './errors.js';
import type { ProvingCircuit } from './snapshot.js';

/** A circuit as the protocol's functions take it. */
export type TaggedCircuit<Parameters> = {
  readonly name: string;
  readonly parameters: Parameters;
  readonly tag: FieldElement;
};

/** A circuit of accounts. */
export type BatchCircuit = TaggedCircuit<BatchParameters>;
/** The circuit that sums others. */
export type AggregateCircuit = TaggedCircuit<AggregateParameters>;

/** The circuits of one run, in the order of the profile. */
export type CircuitSet = {
  readonly batches: readonly BatchCircuit[];
  readonly aggregate: AggregateCircuit;
  /** All of them, with keys and files: the batches in order, then the aggregate. */
  readonly proving: readonly ProvingCircuit[];
};

/**
 * Holds the circuits that were compiled to the profile that is asked for: the same sizes, tags and fingerprints.
 * @throws SolventError `circuit-mismatch`.
 */
export function matchCircuits(profile: Profile, given: readonly ProvingCircuit[]): CircuitSet {
  const proving = circuitsOf(profile).map((parameters) => {
    const name = circuitName(parameters);
    const circuit = given.find((candidate) => candidate.name === name);
    const tag = deriveTag(parameters);
    if (
      circuit === undefined ||
      !Buffer.from(encodeCanonicalJson(circuit.parameters)).equals(encodeCanonicalJson(parameters)) ||
      circuit.tag !== tag.toString() ||
      circuit.fingerprint !== fingerprintKey(tag, circuit.verificationKey)
    ) {
      throw new SolventError<ProverCode>(
        'artefact',
        'circuit-mismatch',
        `expected the circuit ${name} of the profile ${profile.name} with its keys, got ${circuit === undefined ? 'none' : 'another'}: run setup for this profile`,
        { details: { circuit: name, profile: profile.name } },
      );
    }
    return circuit;
  });
  return {
    batches: profile.batches.map((parameters, index) => tagged(proving[index]!, parameters)),
    aggregate: tagged(proving.at(-1)!, profile.aggregate),
    proving,
  };
}

function tagged<Parameters>(
  { name, tag }: ProvingCircuit,
  parameters: Parameters,
): TaggedCircuit<Parameters> {
  return { name, parameters, tag: parseFieldElement(tag) };
}
