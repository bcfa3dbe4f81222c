import {
  bytesToHex,
  encodeCanonicalJson,
  fingerprintKey,
  parseFieldElement,
  publicSignalCount,
  type Manifest,
  type PinnedCircuit,
  type Trust,
  type VerificationKey,
} from '../../protocol/index.js';
import { INSECURE } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import { miss, refuse } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import { isOfItsLayout } from './manifest.js';

/** A circuit of the manifest that is the pinned one. */
export type TrustedCircuit = Manifest['circuits'][number];

/**
 * 3: the manifest's circuits are exactly the pinned ones: layout, tag, key and how the key was made, all with the pinned
 * index bits. The tag and the fingerprint are computed here and taken from no file.
 */
export function matchCircuits(manifest: Manifest, trust: Trust): Passed<readonly TrustedCircuit[]> {
  const stray = trust.circuits.find((pin) => !isOfItsLayout(pin));
  if (stray !== undefined) {
    throw miss(
      'trust-inconsistent',
      `expected the name and tag of the layout of ${stray.name} in the trust file`,
    );
  }
  if (manifest.profile !== trust.profile) {
    throw refuse('profile-not-pinned', `expected profile ${trust.profile}, got ${manifest.profile}`);
  }
  const pins = new Map(trust.circuits.map((pin) => [pin.name, pin]));
  for (const circuit of manifest.circuits) {
    const pin = pins.get(circuit.name);
    if (pin === undefined)
      throw refuse('circuit-not-pinned', `expected a pinned circuit, got ${circuit.name}`);
    assertPinned(circuit, pin, trust);
    pins.delete(circuit.name);
  }
  for (const name of pins.keys()) throw refuse('circuit-missing', `expected circuit ${name}, got none`);
  const names = trust.circuits.map(({ name }) => name).join(', ');
  return {
    value: manifest.circuits,
    compared: `layouts, tags, key fingerprints and provenance of ${names} with the trust file`,
  };
}

/** 3: every key's points are points of their groups, exactly as many as its signals ask for, and none lets proofs be forged. */
export async function inspectKeys(
  circuits: readonly TrustedCircuit[],
  pairing: PairingBackend,
): Promise<Passed<undefined>> {
  const seen = new Set<string>();
  for (const { name, parameters, verificationKey: key } of circuits) {
    const signals = publicSignalCount(parameters);
    if (key.ic.length !== signals + 1) {
      throw refuse(
        'key-signal-count-differs',
        `expected ${signals} public signals for ${name}, got ${key.ic.length - 1}`,
      );
    }
    const fault = await pairing.inspectKey(key);
    if (fault !== undefined) {
      throw refuse(
        `key-${fault.kind}`,
        `expected a point of the prime-order group at ${fault.point} of ${name}`,
      );
    }
    const relation = findRelation(key);
    if (relation !== undefined)
      throw refuse('key-forgeable', `expected unrelated points, got ${relation} in ${name}`);
    const spelling = spell(key);
    if (seen.has(spelling))
      throw refuse('key-shared', `expected a key of its own for ${name}, got that of another circuit`);
    seen.add(spelling);
  }
  return {
    value: undefined,
    compared: 'curve, subgroup, number of points, and no two points equal or opposite',
  };
}

/** 3: no key is from a development setup, unless the caller allows it by name. */
export function checkProvenance(
  circuits: readonly Pick<PinnedCircuit, 'provenance'>[],
  allowDevelopmentKeys: boolean,
): Passed<{ readonly insecure: boolean }> {
  const insecure = circuits.some(isDevelopmentKey);
  if (insecure && !allowDevelopmentKeys) {
    throw refuse('development-keys', 'expected keys of a ceremony, got keys of a development setup');
  }
  return { value: { insecure }, compared: insecure ? INSECURE : 'no key is stated to be a development key' };
}

/** Whether the maker of a circuit's key knows its trapdoor, and so can prove anything. */
export function isDevelopmentKey({ provenance }: Pick<PinnedCircuit, 'provenance'>): boolean {
  return provenance.kind === 'insecure-development';
}

function assertPinned(circuit: TrustedCircuit, pin: PinnedCircuit, { indexBits }: Trust): void {
  const { name, parameters } = circuit;
  if (
    spell(parameters) !== spell(pin.parameters) ||
    circuit.tag !== pin.tag ||
    parameters.indexBits !== indexBits
  ) {
    throw refuse('circuit-parameters-differ', `expected the pinned layout of ${name}, got another`);
  }
  const fingerprint = fingerprintKey(parseFieldElement(pin.tag), circuit.verificationKey);
  if (fingerprint !== pin.fingerprint || circuit.fingerprint !== pin.fingerprint) {
    throw refuse(
      'key-fingerprint-differs',
      `expected key fingerprint ${pin.fingerprint} of ${name}, got ${fingerprint}, stated as ${circuit.fingerprint}`,
    );
  }
  if (spell(circuit.provenance) !== spell(pin.provenance)) {
    throw refuse('key-provenance-differs', `expected the pinned provenance of ${name}, got another`);
  }
}

/**
 * A relation between points of a key that lets anyone forge. With delta = gamma, A = alpha, B = beta, C = −vk_x
 * satisfies the equation for any signals. Some choice does so for any two of beta, gamma and delta that are equal or
 * opposite. Two points of `ic` that are equal or opposite bind only the sum or the difference of their signals.
 */
function findRelation({ beta, gamma, delta, ic }: VerificationKey): string | undefined {
  const groups = [[beta, gamma, delta].map(([x]) => x.join()), ic.map(([x]) => x)];
  // Points with the same x are equal or opposite.
  const related = groups.findIndex((xs) => new Set(xs).size !== xs.length);
  return ['two of beta, gamma and delta equal or opposite', 'two points of ic equal or opposite'][related];
}

function spell(value: unknown): string {
  return bytesToHex(encodeCanonicalJson(value));
}
