import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { refuseKeys } from '../errors.js';

/** What names the compiler in a cache key: its version, and the hash of the program itself. */
export async function identifyCompiler(): Promise<string> {
  const directory = compilerDirectory();
  const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    version: string;
  };
  const program = await readFile(join(directory, 'circom.wasm'));
  return `circom2 ${version} ${createHash('sha256').update(program).digest('hex')}`;
}

/**
 * Compiles a main file in a process of its own, within `directory`, which must hold all sources: the compiler finds files in
 * the directory that it runs in and below it, and none above it, whether named by `..`, by an absolute path, or by a symbolic
 * link that leads out. What a file includes is looked for beside that file first, and then in `directory`.
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
