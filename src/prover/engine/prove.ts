import { readFileShared } from '../../iden3/index.js';
import {
  ENGINE_NAMES,
  type EngineName,
  type LoadKeyOptions,
  type Prover,
  type ProvenWitness,
  type ProvingEngine,
} from './engine.js';
import { refuseProver } from '../errors.js';
import { rapidsnarkEngine } from './rapidsnark-engine.js';
import { snarkjsEngine } from './snarkjs-engine.js';
import { wasmEngine } from './wasm/wasm-engine.js';

const ENGINES = { wasm: wasmEngine, snarkjs: snarkjsEngine, rapidsnark: rapidsnarkEngine };

/** The engine of one name, whose keys have a type of their own; of a name that is known at run time alone, any. */
type EngineOf<Name extends EngineName> = EngineName extends Name ? ProvingEngine : (typeof ENGINES)[Name];

/**
 * The proving engine of a name.
 * @throws SolventError `engine-unknown`.
 */
export function findEngine<Name extends EngineName>(name: Name): EngineOf<Name>;
export function findEngine(name: string): ProvingEngine;
export function findEngine(name: string): ProvingEngine {
  const engine = Object.values<ProvingEngine>(ENGINES).find((candidate) => candidate.name === name);
  if (engine === undefined) {
    throw refuseProver('engine-unknown', {
      expected: `an engine of ${ENGINE_NAMES.join(', ')}`,
      found: 'another name',
    });
  }
  return engine;
}

/** How a prover is opened: with `wasm` unless another engine is named. */
export type OpenProverOptions = LoadKeyOptions & { readonly engine?: EngineName };

/**
 * Loads a key and makes a prover with it, in this thread: for many proofs under one key.
 * @param zkeyPath a .zkey of Groth16 over BN254, of any circuit.
 * @throws SolventError `zkey-malformed`, `file-unreadable`, `engine-unavailable`.
 */
export async function openProver(
  zkeyPath: string,
  { engine: name = 'wasm', ...loading }: OpenProverOptions = {},
): Promise<Prover> {
  const engine: ProvingEngine = findEngine(name);
  return engine.createProver(await engine.loadKey(zkeyPath, loading));
}

/**
 * Makes one Groth16 proof, of any circuit of circom over BN254.
 * @param zkeyPath where its proving key lies. @param wtns a witness: the bytes of a .wtns file, or where one lies.
 * @throws SolventError `zkey-malformed`, `witness-malformed`, `witness-mismatch`, `file-unreadable`, `proving-failed`,
 * `engine-unavailable`.
 */
export async function prove(
  zkeyPath: string,
  wtns: string | Uint8Array,
  options: OpenProverOptions = {},
): Promise<ProvenWitness> {
  const isRead = typeof wtns === 'string';
  const witness = isRead ? new Uint8Array(await readFileShared(wtns)) : wtns;
  try {
    const prover = await openProver(zkeyPath, options);
    try {
      return await prover.prove(witness);
    } finally {
      await prover.close();
    }
  } finally {
    // What was read here is nobody else's to keep.
    if (isRead) witness.fill(0);
  }
}

/** A proof and its public signals as snarkjs reads and writes them. */
export type SnarkjsProof = {
  readonly proof: {
    readonly pi_a: readonly string[];
    readonly pi_b: readonly (readonly string[])[];
    readonly pi_c: readonly string[];
    readonly protocol: 'groth16';
    readonly curve: 'bn128';
  };
  readonly publicSignals: readonly string[];
};

/** The same proof in the form of snarkjs, for its verifier and for all that read its files. */
export function toSnarkjs({ proof: { a, b, c }, publicSignals }: ProvenWitness): SnarkjsProof {
  return {
    proof: {
      pi_a: [...a, '1'],
      pi_b: [...b.map((pair) => [...pair]), ['1', '0']],
      pi_c: [...c, '1'],
      protocol: 'groth16',
      curve: 'bn128',
    },
    publicSignals: publicSignals.map(String),
  };
}
