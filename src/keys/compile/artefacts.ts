import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { makeDirectory } from '../../system/index.js';
import { readR1cs, type R1csSizes } from '../../iden3/index.js';
import { refuseKeys } from '../errors.js';
import {
  ARTEFACT_NAMES,
  loadEntry,
  locateEntry,
  prepareWorkPrefix,
  storeEntry,
  type CacheEntry,
  type CompileInputs,
  type EntryRecord,
} from './cache.js';
import { MAIN_FILE } from './sources.js';

/** What names the compiler in a cache key: its version, and the hash of the program itself. */
async function identifyCompiler(): Promise<string> {
  const directory = compilerDirectory();
  const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    version: string;
  };
  const program = await readFile(join(directory, 'circom.wasm'));
  return `circom2 ${version} ${createHash('sha256').update(program).digest('hex')}`;
}

/**
 * Compiles a main file in a process of its own, within `directory`, which must hold all sources. The compiler finds
 * files in the directory that it runs in and below it. It finds none above it, whether named by `..`, by an absolute
 * path, or by a symbolic link that leads out. What a file includes is looked for beside that file first, and then in
 * `directory`.
 * @throws SolventError `circuit-compilation-failed`, with the compiler's own words as cause.
 */
export async function runCompiler(
  directory: string,
  mainFile: string,
  flags: readonly string[],
): Promise<void> {
  const program = join(compilerDirectory(), 'cli.js');
  const { code, output } = await run(
    [...RUNTIME_FLAGS, program, mainFile, ...flags, '-l', '.', '-o', '.'],
    directory,
  );
  if (code === 0) return;
  throw refuseKeys('circuit-compilation-failed', {
    expected: 'a circuit that compiles',
    found: `exit code ${code ?? 'none'} from circom`,
    cause: new Error(output.trim().slice(-MAX_OUTPUT_CHARACTERS)),
  });
}

/** The compiler has one thread; without helpers of its own V8 runs it with a fifth less processor time. */
const RUNTIME_FLAGS = ['--single-threaded'];
const MAX_OUTPUT_CHARACTERS = 4_000;

function run(
  programAndArguments: readonly string[],
  directory: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, programAndArguments, {
      cwd: directory,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer) =>
      (output = (output + chunk.toString()).slice(-2 * MAX_OUTPUT_CHARACTERS));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

function compilerDirectory(): string {
  return dirname(createRequire(import.meta.url).resolve('circom2/package.json'));
}

/** What the compiler made of a circuit. */
export type CircuitArtefacts = R1csSizes & {
  /** The constraint system. */
  readonly r1csPath: string;
  /** The witness generator. */
  readonly wasmPath: string;
  /** Names of wires; only where they were asked for. */
  readonly symbolsPath?: string;
  /** SHA-256 of the constraint system, in hexadecimal. */
  readonly r1csSha256: string;
};

const SYMBOLS_FLAG = '--sym';

/**
 * All linear constraints are folded away (`--O1` leaves twice as many rows).
 * @param symbols write the names of wires as well.
 */
export function compilerFlags({ symbols }: { readonly symbols: boolean }): readonly string[] {
  return ['--O2', '--prime', 'bn128', '--r1cs', '--wasm', ...(symbols ? [SYMBOLS_FLAG] : [])];
}

/**
 * The artefacts of a main file and all that it includes, from the cache or newly compiled.
 * @param onCompile called before a compilation, and not where the cache has the circuit.
 * @throws SolventError `circuit-compilation-failed`, `r1cs-malformed`.
 */
export async function makeArtefacts(
  circuit: Omit<CompileInputs, 'compiler'>,
  { cacheDirectory, onCompile }: { readonly cacheDirectory: string; readonly onCompile?: () => void },
): Promise<CircuitArtefacts> {
  const inputs = { ...circuit, compiler: await identifyCompiler() };
  const entry = locateEntry(cacheDirectory, inputs);
  const cached = await loadEntry(entry);
  if (cached !== undefined) return describeEntry(entry, cached);
  onCompile?.();
  return describeEntry(entry, await buildEntry(entry, inputs, cacheDirectory));
}

async function buildEntry(
  entry: CacheEntry,
  { sources, flags }: CompileInputs,
  cacheDirectory: string,
): Promise<EntryRecord> {
  const workDirectory = await mkdtemp(await prepareWorkPrefix(cacheDirectory));
  try {
    for (const [path, bytes] of sources) {
      await makeDirectory(dirname(join(workDirectory, path)));
      await writeFile(join(workDirectory, path), bytes);
    }
    await runCompiler(workDirectory, MAIN_FILE, flags);

    const made = new Map<string, string>([
      [ARTEFACT_NAMES.r1cs, 'main.r1cs'],
      [ARTEFACT_NAMES.wasm, join('main_js', 'main.wasm')],
    ]);
    if (flags.includes(SYMBOLS_FLAG)) made.set(ARTEFACT_NAMES.symbols, 'main.sym');
    for (const [name, compilersName] of made) await collectOutput(workDirectory, compilersName, name);

    const { wireCount, publicOutputCount, publicInputCount, constraintCount } = readR1cs(
      join(workDirectory, ARTEFACT_NAMES.r1cs),
    );
    const sizes = { wireCount, publicOutputCount, publicInputCount, constraintCount };
    return await storeEntry(entry, workDirectory, { names: [...made.keys()], sizes });
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

async function collectOutput(workDirectory: string, compilersName: string, name: string): Promise<void> {
  try {
    await rename(join(workDirectory, compilersName), join(workDirectory, name));
  } catch (cause) {
    throw refuseKeys('circuit-compilation-failed', {
      expected: `circom to write ${compilersName}`,
      found: 'no such file',
      cause,
    });
  }
}

function describeEntry(entry: CacheEntry, record: EntryRecord): CircuitArtefacts {
  const { constraintCount, wireCount, publicOutputCount, publicInputCount, files } = record;
  const hasSymbols = files[ARTEFACT_NAMES.symbols] !== undefined;
  return {
    r1csPath: join(entry.directory, ARTEFACT_NAMES.r1cs),
    wasmPath: join(entry.directory, ARTEFACT_NAMES.wasm),
    ...(hasSymbols ? { symbolsPath: join(entry.directory, ARTEFACT_NAMES.symbols) } : {}),
    r1csSha256: files[ARTEFACT_NAMES.r1cs]!,
    constraintCount,
    wireCount,
    publicOutputCount,
    publicInputCount,
  };
}
