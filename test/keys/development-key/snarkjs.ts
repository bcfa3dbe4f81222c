import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

import type { Trapdoor } from '../../../src/keys/development-key/trapdoor.js';

/** A field element or point as ffjavascript holds it. */
type Element = Uint8Array;
type Rng = { nextU64(): bigint };
type Field = {
  fromRng(rng: Rng): Element;
  toRprLE(target: Uint8Array, offset: number, element: Element): void;
};
type CurveGroup = {
  readonly g: Element;
  readonly zeroAffine: Element;
  timesScalar(point: Element, scalar: bigint): Element;
  toAffine(point: Element): Element;
};
type Curve = {
  readonly Fr: Field;
  readonly G1: CurveGroup;
  readonly G2: CurveGroup;
  terminate(): Promise<void>;
};

export type SnarkjsProof = { readonly pi_a: string[]; readonly pi_b: string[][]; readonly pi_c: string[] };
export type SnarkjsKey = {
  readonly vk_alpha_1: string[];
  readonly vk_beta_2: string[][];
  readonly vk_gamma_2: string[][];
  readonly vk_delta_2: string[][];
  readonly IC: string[][];
};
type Memory = { readonly type: 'mem'; readonly data: Uint8Array };

type Snarkjs = {
  readonly curves: { getCurveFromName(name: 'bn128'): Promise<Curve> };
  readonly powersOfTau: {
    newAccumulator(curve: Curve, power: number, path: string): Promise<unknown>;
    beacon(from: string, to: string, name: string, beacon: string, exponent: number): Promise<unknown>;
    preparePhase2(from: string, to: string): Promise<unknown>;
  };
  readonly zKey: {
    newZKey(r1cs: string, ptau: string, zkey: string): Promise<unknown>;
    verifyFromInit(initial: string, ptau: string, zkey: string): Promise<boolean>;
    beacon(from: string, to: string, name: string, beacon: string, exponent: number): Promise<unknown>;
    exportVerificationKey(zkey: string): Promise<SnarkjsKey>;
  };
  readonly wtns: {
    calculate(signals: Record<string, bigint>, wasm: string, target: { type: 'mem' }): Promise<void>;
  };
  readonly groth16: {
    fullProve(
      signals: Record<string, unknown>,
      wasm: string,
      zkey: string,
    ): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>;
    prove(zkey: string, witness: Memory): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>;
    verify(key: SnarkjsKey, publicSignals: readonly string[], proof: SnarkjsProof): Promise<boolean>;
  };
};

const load = createRequire(import.meta.url);

/** Stock snarkjs, which has no types. */
export const snarkjs = load('snarkjs') as Snarkjs;

const { ChaCha } = createRequire(load.resolve('snarkjs'))('ffjavascript') as {
  ChaCha: new (seed: readonly number[]) => Rng;
};

/** The least that snarkjs allows: a beacon is 2^10 rounds of SHA-256. */
export const BEACON_EXPONENT = 10;

/**
 * The trapdoor of a key to which nobody contributed but two public beacons: what snarkjs derives from them
 * (misc.js `rngFromBeaconParams`, keypair.js `createPTauKey`, zkey_beacon.js), anybody can.
 */
export function trapdoorOfBeacons(curve: Curve, tauBeacon: string, deltaBeacon: string): Trapdoor {
  const first = rngOfBeacon(tauBeacon);
  const second = rngOfBeacon(deltaBeacon);
  const draw = (rng: Rng) => {
    const scalar = new Uint8Array(32);
    curve.Fr.toRprLE(scalar, 0, curve.Fr.fromRng(rng));
    return scalar;
  };
  return { tau: draw(first), alpha: draw(first), beta: draw(first), delta: draw(second) };
}

function rngOfBeacon(beacon: string): Rng {
  let hash: Buffer = Buffer.from(beacon, 'hex');
  for (let round = 0; round < 2 ** BEACON_EXPONENT; round++) {
    hash = createHash('sha256').update(hash).digest();
  }
  return new ChaCha(Array.from({ length: 8 }, (_, index) => hash.readUInt32BE(4 * index)));
}

/** The bytes of every section of a file in the binary format of iden3, by type. */
export function splitSections(file: Buffer): ReadonlyMap<number, Buffer> {
  const sections = new Map<number, Buffer>();
  let offset = 12;
  for (let left = file.readUInt32LE(8); left > 0; left--) {
    const sizeBytes = Number(file.readBigUInt64LE(offset + 4));
    sections.set(file.readUInt32LE(offset), file.subarray(offset + 12, offset + 12 + sizeBytes));
    offset += 12 + sizeBytes;
  }
  return sections;
}
