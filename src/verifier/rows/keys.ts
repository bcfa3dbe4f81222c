import { bytesToHex, encodeCanonicalJson, fingerprintKey, parseFieldElement } from '../../protocol/index.js';
import {
  deriveCircuitTag,
  nameOfLayout,
  publicSignalCount,
  type PinnedCircuit,
  type Manifest,
  type Trust,
} from '../../protocol/rows/index.js';
import type { Passed } from '../checklist.js';
import { findRelation } from '../checks/keys.js';
import { miss } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import { refuseRows } from './failure.js';

/** A circuit of the manifest that is the pinned one. */
export type TrustedRowCircuit = Manifest['circuits'][number];

/**
 * 3: the manifest's circuits are exactly the pinned ones: layout, tag, key and how the key was made. Tag and fingerprint
 * are computed here and taken from no file.
 */
export function matchRowCircuits(
  manifest: Manifest,
  trust: Trust,
): Passed<readonly TrustedRowCircuit[]> {
  for (const { name, parameters, tag } of trust.circuits) {
    if (name !== nameOfLayout(parameters) || tag !== deriveCircuitTag(parameters).toString()) {
      throw miss(
        'trust-inconsistent',
        `expected the name and tag of the layout of ${name} in the trust file`,
      );
    }
  }
  if (manifest.profile !== trust.profile) {
    throw refuseRows('profile-not-pinned', `expected profile ${trust.profile}, got ${manifest.profile}`);
  }
  const pins = new Map(trust.circuits.map((pin) => [pin.name, pin]));
  for (const circuit of manifest.circuits) {
    const pin = pins.get(circuit.name);
    if (pin === undefined) {
      throw refuseRows('circuit-not-pinned', `expected a pinned circuit, got ${circuit.name}`);
    }
    assertPinned(circuit, pin, trust);
    pins.delete(circuit.name);
  }
  for (const name of pins.keys()) throw refuseRows('circuit-missing', `expected circuit ${name}, got none`);
  const names = trust.circuits.map(({ name }) => name).join(', ');
  return {
    value: manifest.circuits,
    compared: `layouts, tags, key fingerprints and provenance of ${names} with the trust file`,
  };
}

/** 3: every key's points are points of their groups, exactly as many as its signals ask for, and none lets proofs be forged. */
export async function inspectRowKeys(
  circuits: readonly TrustedRowCircuit[],
  pairing: PairingBackend,
): Promise<Passed<undefined>> {
  const seen = new Set<string>();
  for (const { name, parameters, verificationKey: key } of circuits) {
    const signals = publicSignalCount(parameters);
    if (key.ic.length !== signals + 1) {
      throw refuseRows(
        'key-signal-count-differs',
        `expected ${signals} public signals for ${name}, got ${key.ic.length - 1}`,
      );
    }
    const fault = await pairing.inspectKey(key);
    if (fault !== undefined) {
      throw refuseRows(
        `key-${fault.kind}`,
        `expected a point of the prime-order group at ${fault.point} of ${name}`,
      );
    }
    const relation = findRelation(key);
    if (relation !== undefined) {
      throw refuseRows('key-forgeable', `expected unrelated points, got ${relation} in ${name}`);
    }
    const spelling = spell(key);
    if (seen.has(spelling)) {
      throw refuseRows('key-shared', `expected a key of its own for ${name}, got that of another circuit`);
    }
    seen.add(spelling);
  }
  return {
    value: undefined,
    compared: 'curve, subgroup, number of points, and no two points equal or opposite',
  };
}

function assertPinned(circuit: TrustedRowCircuit, pin: PinnedCircuit, { indexBits }: Trust): void {
  const { name } = circuit;
  if (
    spell(circuit.parameters) !== spell(pin.parameters) ||
    circuit.parameters.indexBits !== indexBits ||
    circuit.tag !== pin.tag
  ) {
    throw refuseRows('circuit-parameters-differ', `expected the pinned layout of ${name}, got another`);
  }
  const fingerprint = fingerprintKey(parseFieldElement(pin.tag), circuit.verificationKey);
  if (fingerprint !== pin.fingerprint || circuit.fingerprint !== pin.fingerprint) {
    throw refuseRows(
      'key-fingerprint-differs',
      `expected key fingerprint ${pin.fingerprint} of ${name}, got ${fingerprint}, stated as ${circuit.fingerprint}`,
    );
  }
  if (spell(circuit.provenance) !== spell(pin.provenance)) {
    throw refuseRows('key-provenance-differs', `expected the pinned provenance of ${name}, got another`);
  }
}

function spell(value: unknown): string {
  return bytesToHex(encodeCanonicalJson(value));
}
