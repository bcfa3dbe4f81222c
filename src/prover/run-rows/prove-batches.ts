import type { FieldElement } from '../../protocol/index.js';
import type { Challenges, RowLayout } from '../../protocol/rows/index.js';
import type { EngineName } from '../engine/index.js';
import { LoadedCircuits } from '../pool/loaded-circuits.js';
import { ProofPool } from '../pool/proof-pool.js';
import type { CircuitFiles } from '../snapshot.js';
import type { RowRunPaths } from './paths.js';

/** One proof that is to be made or is kept already. */
export type AwaitedProof = {
  /** b. */
  readonly index: number;
  readonly circuit: CircuitFiles & { readonly parameters: RowLayout };
  readonly digest: FieldElement;
};

/** What proofs are made with. */
export type ProvingOptions = {
  readonly paths: RowRunPaths;
  /** Those of the sealed manifest. */
  readonly challenges: Challenges;
  readonly workers: number;
  readonly engine: EngineName;
  /** Where keys are kept in the engine's own form. */
  readonly cacheDirectory: string;
  /** Told when a proof is on disk. */
  readonly onProven: (index: number) => void;
};

/**
 * Makes every proof that is not kept, circuit by circuit, one a worker at a time; each is verified before it is kept.
 * After the first failure no further one is begun.
 * @throws what failed first: `proof-failed`, `witness-refused`, `public-signals-mismatch`, `proof-refused`, and those of
 * the engine.
 */
export async function proveBatches(proofs: readonly AwaitedProof[], options: ProvingOptions): Promise<void> {
  const pool = new ProofPool(options.workers);
  const loaded = new LoadedCircuits(options.engine, options);
  try {
    const waiting = [...proofs];
    const left = new Map<string, number>();
    for (const { circuit } of proofs) left.set(circuit.name, (left.get(circuit.name) ?? 0) + 1);
    let failure: { readonly error: unknown } | undefined;
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (failure !== undefined) return;
        try {
          await proveBatch(next, { pool, loaded, options });
        } catch (error) {
          failure ??= { error };
          return;
        }
        const { name } = next.circuit;
        left.set(name, left.get(name)! - 1);
        if (left.get(name) === 0) loaded.release(name);
        options.onProven(next.index);
      }
    };
    await Promise.all(Array.from({ length: pool.workers }, work));
    if (failure !== undefined) throw failure.error;
  } finally {
    await pool.close();
  }
}

async function proveBatch(
  { index, circuit, digest }: AwaitedProof,
  {
    pool,
    loaded,
    options: { paths, challenges },
  }: { readonly pool: ProofPool; readonly loaded: LoadedCircuits; readonly options: ProvingOptions },
): Promise<void> {
  await pool.prove({
    kind: 'rows',
    loaded: await loaded.get(circuit),
    circuit: { name: circuit.name, layout: circuit.parameters },
    index,
    digest,
    challenges,
    batchPath: paths.batch(index),
    groupsPath: paths.groupsOf(index),
    proofPath: paths.proof(index),
  });
}
