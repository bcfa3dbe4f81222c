import { availableParallelism, freemem } from 'node:os';

import {
  deriveCircuitTag,
  nameOfLayout,
  type FieldElement,
  type Profile,
  type RowLayout,
} from '../../protocol/index.js';
import { openLanes } from '../lanes.js';
import { compilerFlags, makeArtefacts, type CircuitArtefacts } from './artefacts.js';
import { countConstraints } from './cost.js';
import { generateMain, loadSources } from './sources.js';

/** A circuit that is ready for keys and witnesses. */
export type CompiledCircuit = CircuitArtefacts & {
  readonly parameters: RowLayout;
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
 * @throws SolventError `layout-malformed`, `circuit-source-missing`, `circuit-compilation-failed`,
 * `r1cs-malformed`.
 */
export async function compileCircuit(
  layout: RowLayout,
  { cacheDirectory, symbols = false, onProgress }: CompileOptions,
): Promise<CompiledCircuit> {
  const name = nameOfLayout(layout);
  let stage: CompileProgress['stage'] = 'cached';
  const artefacts = await makeArtefacts(
    { name, sources: await loadSources(generateMain(layout)), flags: compilerFlags({ symbols }) },
    {
      cacheDirectory,
      onCompile: () => {
        onProgress?.({ name, stage: 'compiling' });
        stage = 'compiled';
      },
    },
  );
  onProgress?.({ name, stage });
  return { ...artefacts, parameters: layout, name, tag: deriveCircuitTag(layout) };
}

/** How the circuits of a profile are compiled. */
export type CompileProfileOptions = CompileOptions & {
  /** Compilations at a time; by default as many as cores and free memory carry. */
  readonly concurrency?: number;
  /** Aborted by the first failure here, or from elsewhere: no compilation is begun from then on. */
  readonly halt?: AbortController;
};

/**
 * Begins to compile every circuit of a profile, those that take longest first, so that no core waits for one that began
 * last.
 * @returns one promise a circuit, in the order of the profile, which may be left alone. They reject with what
 * `compileCircuit` throws; those that are not begun, with what halted them.
 */
export function beginCompilations(
  profile: Profile,
  options: CompileProfileOptions,
): readonly Promise<CompiledCircuit>[] {
  const inLane = openLanes(options.concurrency ?? defaultConcurrency(), options.halt);
  const compilations = new Map(
    [...profile.layouts]
      .sort((a, b) => countConstraints(b) - countConstraints(a))
      .map((layout) => [layout, inLane(() => compileCircuit(layout, options))]),
  );
  return profile.layouts.map((layout) => compilations.get(layout)!);
}

/**
 * Compiles every circuit of a profile, in the order of the profile. After a failure no further one is begun.
 * @throws what `compileCircuit` throws.
 */
export async function compileProfile(
  profile: Profile,
  options: CompileProfileOptions,
): Promise<readonly CompiledCircuit[]> {
  const compilations = beginCompilations(profile, options);
  await Promise.allSettled(compilations);
  return Promise.all(compilations);
}

function defaultConcurrency(): number {
  return Math.min(availableParallelism(), Math.floor(freemem() / COMPILER_MEMORY_BYTES));
}
