import { availableParallelism, freemem } from 'node:os';

import {
  circuitName,
  circuitsOf,
  deriveTag,
  type CircuitParameters,
  type FieldElement,
  type Profile,
} from '../../protocol/index.js';
import { compilerFlags, makeArtefacts, type CircuitArtefacts } from './artefacts.js';
import { countConstraints } from './cost.js';
import { generateMain } from './instance.js';
import { loadSources } from './sources.js';

/** A circuit that is ready for keys and witnesses. */
export type CompiledCircuit = CircuitArtefacts & {
  readonly parameters: CircuitParameters;
  readonly name: string;
  readonly tag: FieldElement;
};

/** What happens to a circuit: found whole in the cache, or compiled. */
export type CompileProgress = {
  readonly name: string;
  readonly stage: 'cached' | 'compiling' | 'compiled';
};

export type CompileOptions = {
  /** Where compiled circuits are kept; made where it is not there. */
  readonly cacheDirectory: string;
  /** Write the names of wires as well, for tests and debugging. */
  readonly symbols?: boolean;
  readonly onProgress?: (progress: CompileProgress) => void;
};

/** Free memory that one compilation should find; at 2^18 rows it takes about 1 GB. */
const COMPILER_MEMORY_BYTES = 1.5 * 2 ** 30;

/**
 * Compiles a circuit, or finds it in the cache. An entry whose files do not have the hashes that it states is made
 * again; any number of processes may do this at once.
 * @throws SolventError `circuit-parameters-invalid`, `circuit-source-missing`, `circuit-compilation-failed`,
 * `r1cs-malformed`.
 */
export async function compileCircuit(
  parameters: CircuitParameters,
  { cacheDirectory, symbols = false, onProgress }: CompileOptions,
): Promise<CompiledCircuit> {
  const name = circuitName(parameters);
  let stage: CompileProgress['stage'] = 'cached';
  const artefacts = await makeArtefacts(
    { name, sources: await loadSources(generateMain(parameters)), flags: compilerFlags({ symbols }) },
    {
      cacheDirectory,
      onCompile: () => {
        onProgress?.({ name, stage: 'compiling' });
        stage = 'compiled';
      },
    },
  );
  onProgress?.({ name, stage });
  return { ...artefacts, parameters, name, tag: deriveTag(parameters) };
}

/**
 * Compiles every circuit of a profile, in the order of `circuitsOf`. After a failure no further one is begun.
 * @param options `concurrency`: compilations at a time; by default as many as cores and free memory carry.
 * @throws what `compileCircuit` throws.
 */
export async function compileProfile(
  profile: Profile,
  options: CompileOptions & { readonly concurrency?: number },
): Promise<readonly CompiledCircuit[]> {
  const circuits = circuitsOf(profile);
  // The longest first, so that no core waits for one that began last.
  const waiting = [...circuits.keys()].sort(
    (a, b) => countConstraints(circuits[b]!) - countConstraints(circuits[a]!),
  );
  const compiled = new Array<CompiledCircuit>(circuits.length);
  const compileNext = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      compiled[index] = await compileCircuit(circuits[index]!, options);
    }
  };
  const stopOnFailure = (error: unknown): never => {
    waiting.length = 0;
    throw error;
  };
  const lanes = Math.max(1, options.concurrency ?? defaultConcurrency());
  const results = await Promise.allSettled(
    Array.from({ length: lanes }, () => compileNext().catch(stopOnFailure)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return compiled;
}

function defaultConcurrency(): number {
  return Math.min(availableParallelism(), Math.floor(freemem() / COMPILER_MEMORY_BYTES));
}
