import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { readPublicSignals, readZkeyLayout, withFile } from '../../iden3/index.js';
import { SolventError, type Proof } from '../../protocol/index.js';
import {
  assertKeyOf,
  type ProvenWitness,
  type Prover,
  type ProvingEngine,
  type SharedProvingKey,
} from './engine.js';
import { parseWitnessOf } from './witness.js';
import { refuseProver, type ProverCode } from '../errors.js';

/** Names the binary; without it, `rapidsnark` is looked for on PATH. */
export const RAPIDSNARK_VARIABLE = 'SOLVENT_RAPIDSNARK';
const BINARY_NAME = 'rapidsnark';
/** What the binary says is kept up to here, for an error's cause. */
const MAX_OUTPUT_CHARACTERS = 4000;
const PLAIN_DECIMAL = /^(?:0|[1-9][0-9]{0,77})$/;

/** Where the key's file and the binary are, and how many wires the key has. */
type Settings = {
  readonly zkeyPath: string;
  readonly binary: string;
  readonly variableCount: number;
  readonly publicCount: number;
};

/** A key that the engine `rapidsnark` loaded: its sections stay on the disk. */
export type RapidsnarkProvingKey = SharedProvingKey<'rapidsnark', never, Settings>;

/** An operator's own rapidsnark: a process for each proof, over as many cores as it takes. */
export const rapidsnarkEngine: ProvingEngine<RapidsnarkProvingKey> = {
  name: 'rapidsnark',

  async loadKey(zkeyPath) {
    const { variableCount, publicCount } = await withFile(zkeyPath, ({ fd }) => readZkeyLayout(fd, zkeyPath));
    return {
      engine: 'rapidsnark',
      sizeBytes: 0,
      sections: {},
      parameters: {
        zkeyPath: resolve(zkeyPath),
        binary: await findRapidsnark(),
        variableCount,
        publicCount,
      },
    };
  },

  createProver(key): Promise<Prover> {
    assertKeyOf('rapidsnark', key);
    return Promise.resolve(new RapidsnarkProver(key.parameters));
  },
};

/**
 * The path of the binary.
 * @throws SolventError `engine-unavailable`.
 */
export async function findRapidsnark(): Promise<string> {
  const named = process.env[RAPIDSNARK_VARIABLE];
  const candidates = named
    ? [resolve(named)]
    : (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, BINARY_NAME));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw refuseProver('engine-unavailable', {
    expected: `the rapidsnark binary on PATH or named by ${RAPIDSNARK_VARIABLE}`,
    found: 'none',
    advice: 'install it, or use another engine',
  });
}

class RapidsnarkProver implements Prover {
  readonly #settings: Settings;
  #isClosed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async prove(witness: Uint8Array): Promise<ProvenWitness> {
    if (this.#isClosed) {
      throw refuseProver('engine-closed', { expected: 'an open prover', found: 'a closed one' });
    }
    const { variableCount, publicCount } = this.#settings;
    const publicSignals = readPublicSignals(parseWitnessOf(witness, variableCount), publicCount);
    // A directory of mode 700, in memory where the system has such a place: the witness is everybody's balances.
    const directory = await mkdtemp(join(await findPrivateRoot(), 'solvent-proof-'));
    const witnessPath = join(directory, 'witness.wtns');
    try {
      await writeFile(witnessPath, witness, { mode: 0o600 });
      const proofPath = join(directory, 'proof.json');
      const { zkeyPath, binary } = this.#settings;
      await runBinary(binary, [zkeyPath, witnessPath, proofPath, join(directory, 'public.json')]);
      return { proof: parseProof(await readFile(proofPath, 'utf8').catch(() => '')), publicSignals };
    } finally {
      await wipeFile(witnessPath, witness.length);
      await rm(directory, { recursive: true, force: true });
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function findPrivateRoot(): Promise<string> {
  const inMemory = '/dev/shm';
  return (await access(inMemory, constants.W_OK).then(
    () => true,
    () => false,
  ))
    ? inMemory
    : tmpdir();
}

async function wipeFile(path: string, sizeBytes: number): Promise<void> {
  const handle = await open(path, 'r+').catch(() => undefined);
  try {
    await handle?.write(new Uint8Array(sizeBytes), 0, sizeBytes, 0);
  } finally {
    await handle?.close();
  }
}

async function runBinary(binary: string, args: readonly string[]): Promise<void> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT_CHARACTERS);
    });
  }
  const ending = await new Promise<string>((done) => {
    child.on('error', (error) => {
      done(error.message);
    });
    child.on('close', (code, signal) => {
      done(code === 0 ? '' : `exit ${code ?? signal ?? 'unknown'}`);
    });
  });
  if (ending !== '') throw failed(ending, new Error(output));
}

function parseProof(json: string): Proof {
  try {
    const { pi_a, pi_b, pi_c } = JSON.parse(json) as Record<string, unknown[]>;
    const pair = (point: unknown[] | undefined): [string, string] => {
      const [x, y] = point ?? [];
      if (
        typeof x !== 'string' ||
        typeof y !== 'string' ||
        !PLAIN_DECIMAL.test(x) ||
        !PLAIN_DECIMAL.test(y)
      ) {
        throw new Error('expected decimal coordinates');
      }
      return [x, y];
    };
    return {
      a: pair(pi_a),
      b: [pair(pi_b?.[0] as unknown[]), pair(pi_b?.[1] as unknown[])],
      c: pair(pi_c),
    };
  } catch (cause) {
    throw failed('no proof in its output file', cause);
  }
}

function failed(ending: string, cause: unknown): SolventError<ProverCode> {
  return refuseProver('proving-failed', {
    expected: 'a proof from rapidsnark',
    found: ending,
    advice: 'run it by hand with the same key to see why',
    cause,
  });
}
