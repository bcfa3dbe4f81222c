import {
  listPublicSignals,
  type FieldElement,
  type Challenges,
  type RowLayout,
} from '../../protocol/index.js';
import { relieveMemory } from '../../system/index.js';
import type { EngineName } from '../engine/index.js';
import { LoadedCircuits } from './circuit-prover.js';
import { packProof } from './packed-proof.js';
import { ProofPool } from './proof-pool.js';
import type { FinishedProof } from './task.js';
import type { CircuitFiles } from '../circuits.js';
import type { RunPaths } from '../run/paths.js';

/** One proof that is to be made or is kept already. */
export type AwaitedProof = {
  /** b. */
  readonly index: number;
  readonly circuit: CircuitFiles & { readonly parameters: RowLayout; readonly fingerprint: string };
  readonly digest: FieldElement;
};

/** What proofs are made with. */
export type ProvingOptions = {
  readonly paths: RunPaths;
  /** h: the hash of the sealed manifest, 32 bytes. */
  readonly manifestHash: Uint8Array;
  /** Those of the sealed manifest. */
  readonly challenges: Challenges;
  readonly workers: number;
  readonly engine: EngineName;
  /** Where keys are kept in the engine's own form. */
  readonly cacheDirectory?: string;
  /** Told once, and why, where they cannot be kept there. */
  readonly onCacheFault?: (reason: string) => void;
  /** Told when a proof is on disk. */
  readonly onProven: (index: number) => void;
};

/**
 * Makes every proof of a sealed run that is not kept, each on disk before `onProven` is told: by the threads of this machine, or
 * wherever else. What it returns is in the order of `proofs`, and verifies.
 */
export type BatchProver = (
  proofs: readonly AwaitedProof[],
  options: ProvingOptions,
) => Promise<readonly FinishedProof[]>;

/**
 * Makes every proof that is not kept, circuit by circuit, one a worker at a time; each is verified, whether it was kept or
 * made. After the first failure no further one is begun.
 * @returns in the order of `proofs`.
 * @throws what failed first: `proof-failed`, `witness-refused`, `public-signals-mismatch`, `proof-refused`, and those of
 * the engine.
 */
export async function proveBatches(
  proofs: readonly AwaitedProof[],
  options: ProvingOptions,
): Promise<FinishedProof[]> {
  // Tables and records of what was committed to.
  await relieveMemory();
  const pool = new ProofPool(options.workers);
  const loaded = new LoadedCircuits(options.engine, options);
  const finished: FinishedProof[] = [];
  const waiting = [...proofs.entries()];
  const left = new Map<string, number>();
  for (const { circuit } of proofs) left.set(circuit.name, (left.get(circuit.name) ?? 0) + 1);
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (failure !== undefined) return;
      const [order, proof] = next;
      const { name } = proof.circuit;
      try {
        finished[order] = await proveBatch(proof, { pool, loaded, options });
      } catch (error) {
        failure ??= { error };
        return;
      }
      left.set(name, left.get(name)! - 1);
      if (left.get(name) === 0) await loaded.release(name);
      options.onProven(proof.index);
    }
  };
  try {
    await Promise.all(Array.from({ length: pool.workers }, work));
  } finally {
    await pool.close();
  }
  if (failure !== undefined) throw failure.error;
  return finished;
}

async function proveBatch(
  { index, circuit, digest }: AwaitedProof,
  {
    pool,
    loaded,
    options: { paths, challenges },
  }: { readonly pool: ProofPool; readonly loaded: LoadedCircuits; readonly options: ProvingOptions },
): Promise<FinishedProof> {
  const layout = circuit.parameters;
  const { values, proof } = await pool.prove({
    ...{ loaded: await loaded.get(circuit), layout, digest, challenges },
    batchPath: paths.batch(index),
    proofPath: paths.proof(index),
  });
  return packProof(layout, { publicSignals: listPublicSignals(digest, values, challenges), proof });
}
