import { type Proof } from '../../protocol/index.js';
import { refuseProver } from '../errors.js';

/** `wasm`: ours, the default; `snarkjs`: the slow reference; `rapidsnark`: an operator's own binary. */
export const ENGINE_NAMES = ['wasm', 'snarkjs', 'rapidsnark'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

/**
 * A proving key in memory that all threads share: posting it to a worker thread copies no section. What its sections and
 * parameters are is a matter of the engine that loaded it: `WasmProvingKey`, `SnarkjsProvingKey` and `RapidsnarkProvingKey`.
 */
export type SharedProvingKey<
  Name extends EngineName = EngineName,
  Section extends string = string,
  Parameters extends Readonly<Record<string, string | number>> = Readonly<Record<string, string | number>>,
> = {
  readonly engine: Name;
  /** Bytes of shared memory that the key takes, once for all workers. */
  readonly sizeBytes: number;
  /** Bytes in memory that threads share, of one buffer or of several. */
  readonly sections: Readonly<Record<Section, Uint8Array<SharedArrayBuffer>>>;
  /** Sizes, and small constants, as the engine wrote them. */
  readonly parameters: Parameters;
};

/** How a key is loaded. */
export type LoadKeyOptions = {
  /** SHA-256 of the .zkey in hexadecimal where the caller has just checked it; otherwise an engine that needs it reads the file once more. */
  readonly zkeySha256?: string;
  /** Where an engine may keep a converted key for the next start; without it nothing is kept. */
  readonly cacheDirectory?: string;
  /** Told why nothing can be kept there, or beside the key; the key is loaded all the same. */
  readonly onCacheFault?: (reason: string) => void;
};

/** A Groth16 proof and what it is a proof of. */
export type ProvenWitness = {
  readonly proof: Proof;
  /** The public signals in the circuit's order, without the leading 1; each 0 <= x < the scalar field's modulus. */
  readonly publicSignals: readonly bigint[];
};

/** Makes proofs under one key, one after the other. */
export interface Prover {
  /**
   * Proves one witness with fresh blinding from the system's randomness. Does not check that the witness
   * satisfies the circuit: a proof of one that does not is refused by every verifier.
   * @param witness the bytes of a .wtns file.
   * @throws SolventError `witness-malformed`, `witness-mismatch` or `proving-failed`.
   */
  prove(witness: Uint8Array): Promise<ProvenWitness>;
  /** Wipes and releases what the prover holds; the shared key stays. */
  close(): Promise<void>;
}

/** One way to make Groth16 proofs over BN254 from a .zkey and .wtns files. */
export interface ProvingEngine<Key extends SharedProvingKey = SharedProvingKey> {
  readonly name: Key['engine'];
  /**
   * Reads a proving key, once, in the main thread.
   * @throws SolventError `zkey-malformed`, `file-unreadable` or `engine-unavailable`.
   */
  loadKey(zkeyPath: string, options?: LoadKeyOptions): Promise<Key>;
  /**
   * Makes a prover, in the thread that will use it.
   * @throws SolventError `engine-key-mismatch` for a key that another engine loaded.
   */
  createProver(key: Key): Promise<Prover>;
}

/** @throws SolventError `engine-key-mismatch` unless this engine loaded the key. */
export function assertKeyOf(engine: EngineName, key: SharedProvingKey): void {
  if (key.engine !== engine) {
    throw refuseProver('engine-key-mismatch', {
      expected: `a key loaded by the engine ${engine}`,
      found: `one loaded by ${key.engine}`,
    });
  }
}
