import {
  circuitName,
  deriveTag,
  encodeCanonicalJson,
  fingerprintKey,
  SolventError,
  type AggregateParameters,
  type BatchParameters,
  type CircuitParameters,
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

/** The circuits of one run, in the order of the profile. All of this follows from the profile: it needs no key. */
export type CircuitSet = {
  readonly batches: readonly BatchCircuit[];
  readonly aggregate: AggregateCircuit;
  /** All of them: the batches in order, then the aggregate. */
  readonly all: readonly TaggedCircuit<CircuitParameters>[];
};

/** The circuits of a profile. */
export function describeCircuits(profile: Profile): CircuitSet {
  const batches = profile.batches.map(describeCircuit);
  const aggregate = describeCircuit(profile.aggregate);
  return { batches, aggregate, all: [...batches, aggregate] };
}

/**
 * Holds a circuit with its keys to the circuit of the profile that it is given for: the same name, sizes, tag and
 * fingerprint.
 * @param circuit as `describeCircuits` describes it.
 * @throws SolventError `circuit-mismatch`.
 */
export function matchCircuit(
  profileName: string,
  circuit: TaggedCircuit<CircuitParameters>,
  given: ProvingCircuit | undefined,
): ProvingCircuit {
  const { name, parameters, tag } = circuit;
  if (
    given?.name === name &&
    Buffer.from(encodeCanonicalJson(given.parameters)).equals(encodeCanonicalJson(parameters)) &&
    given.tag === tag.toString() &&
    given.fingerprint === fingerprintKey(tag, given.verificationKey)
  ) {
    return given;
  }
  throw new SolventError<ProverCode>(
    'artefact',
    'circuit-mismatch',
    `expected the circuit ${name} of the profile ${profileName} with its keys, got ${given === undefined ? 'none' : 'another'}: run setup for this profile`,
    { details: { circuit: name, profile: profileName } },
  );
}

/**
 * Holds circuits to those of a profile, as `matchCircuit` does.
 * @param given in any order.
 * @param awaited names of circuits that need not be among them.
 * @returns those that are there, in the order of the profile.
 * @throws SolventError `circuit-mismatch`.
 */
export function matchKeys(
  profile: Profile,
  given: readonly ProvingCircuit[],
  awaited: readonly string[] = [],
): ProvingCircuit[] {
  return describeCircuits(profile).all.flatMap((circuit) => {
    const found = given.find(({ name }) => name === circuit.name);
    return found === undefined && awaited.includes(circuit.name)
      ? []
      : [matchCircuit(profile.name, circuit, found)];
  });
}

function describeCircuit<Parameters extends CircuitParameters>(
  parameters: Parameters,
): TaggedCircuit<Parameters> {
  return { name: circuitName(parameters), parameters, tag: deriveTag(parameters) };
}
