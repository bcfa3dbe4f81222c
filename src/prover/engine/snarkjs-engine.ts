import { readFileShared, readPublicSignals, readZkeyLayout, withFile } from '../../iden3/index.js';
import { createThreadRequire } from '../thread-require.js';
import { assertKeyOf, type ProvingEngine, type Prover, type SharedProvingKey } from './engine.js';
import { parseWitnessOf } from './witness.js';
import { refuseProver } from '../errors.js';

/** The part of snarkjs that is used here. */
type Snarkjs = {
  readonly groth16: {
    prove(
      zkey: MemoryFile,
      witness: MemoryFile,
      logger: undefined,
      options: { readonly singleThread: true },
    ): Promise<{ readonly proof: SnarkjsProof }>;
  };
};

type MemoryFile = { readonly type: 'mem'; readonly data: Uint8Array };

/** Projective points with z = 1. */
type SnarkjsProof = {
  readonly pi_a: readonly [string, string, string];
  readonly pi_b: readonly [readonly [string, string], readonly [string, string], readonly [string, string]];
  readonly pi_c: readonly [string, string, string];
};

/** A key that the engine `snarkjs` loaded: the whole file. */
export type SnarkjsProvingKey = SharedProvingKey<
  'snarkjs',
  'file',
  { readonly variableCount: number; readonly publicCount: number }
>;

/** The reference engine: stock snarkjs in one thread. Slow, and copies the key for each proof. */
export const snarkjsEngine: ProvingEngine<SnarkjsProvingKey> = {
  name: 'snarkjs',

  async loadKey(zkeyPath) {
    const { variableCount, publicCount } = await withFile(zkeyPath, ({ fd }) => readZkeyLayout(fd, zkeyPath));
    const file = await readFileShared(zkeyPath);
    return {
      engine: 'snarkjs',
      sizeBytes: file.byteLength,
      sections: { file: new Uint8Array(file) },
      parameters: { variableCount, publicCount },
    };
  },

  createProver(key): Promise<Prover> {
    assertKeyOf('snarkjs', key);
    return Promise.resolve(new SnarkjsProver(key, loadSnarkjs()));
  },
};

class SnarkjsProver implements Prover {
  readonly #key: SnarkjsProvingKey;
  readonly #snarkjs: Snarkjs;

  constructor(key: SnarkjsProvingKey, snarkjs: Snarkjs) {
    this.#key = key;
    this.#snarkjs = snarkjs;
  }

  async prove(witness: Uint8Array) {
    const { file } = this.#key.sections;
    const { variableCount, publicCount } = this.#key.parameters;
    const values = parseWitnessOf(witness, variableCount);
    const publicSignals = readPublicSignals(values, publicCount);
    const { proof } = await this.#snarkjs.groth16
      .prove({ type: 'mem', data: file }, { type: 'mem', data: witness }, undefined, {
        singleThread: true,
      })
      .catch((cause: unknown) => {
        throw refuseProver('proving-failed', {
          expected: 'a proof from snarkjs',
          found: 'an error',
          advice: 'check that key and witness are of one circuit',
          cause,
        });
      });
    const { pi_a: a, pi_b: b, pi_c: c } = proof;
    return {
      proof: {
        a: [a[0], a[1]] as [string, string],
        b: [
          [b[0][0], b[0][1]],
          [b[1][0], b[1][1]],
        ] as [[string, string], [string, string]],
        c: [c[0], c[1]] as [string, string],
      },
      publicSignals,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function loadSnarkjs(): Snarkjs {
  const require = createThreadRequire('snarkjs');
  return require('snarkjs') as Snarkjs;
}
