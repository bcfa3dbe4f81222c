// Builds the kernel's two modules from src/prover/engine/wasm/kernel; with --check, builds them and compares.
// The compiler is an npm package that runs anywhere Node does and gives the same bytes everywhere.
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runClang, runLLVM } from '@yowasp/clang';
import { Command } from 'commander';

const DIRECTORY = fileURLToPath(new URL('../../src/prover/engine/wasm/', import.meta.url));
/** The stack lies below all other memory, so that an overflow traps. */
const STACK_BYTES = 65536;

/** Each module with the options that it takes: one for any machine, one for those with relaxed SIMD. */
const MODULES = {
  'kernel.wasm': [],
  'kernel-relaxed.wasm': ['-DRELAXED_SIMD', '-msimd128', '-mrelaxed-simd'],
};

const COMPILE = [
  'clang',
  '--target=wasm32-unknown-unknown',
  '-std=c17',
  '-O3',
  '-ffreestanding',
  '-nostdlib',
  '-mbulk-memory',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-c',
  'kernel.c',
  '-o',
  'kernel.o',
];
const LINK = [
  'wasm-ld',
  '--no-entry',
  '--stack-first',
  '-z',
  `stack-size=${STACK_BYTES}`,
  '--export=__heap_base',
  '--strip-all',
  'kernel.o',
  '-o',
  'kernel.wasm',
];

const { check: isCheck } = new Command('node scripts/engine/build-kernel.mjs')
  .description('Build the kernel’s two modules from their sources.')
  .option('--check', 'write nothing, and end with 1 where a module is not what its sources give')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts();
for (const [name, options] of Object.entries(MODULES)) {
  const built = await buildModule(options);
  const path = join(DIRECTORY, name);
  if (!isCheck) {
    writeFileSync(path, built);
    console.log(`${name}: ${built.length} bytes`);
  } else if (Buffer.compare(built, readFileSync(path)) !== 0) {
    console.error(`expected ${name} to be what its sources give, got other bytes: run this without --check`);
    process.exitCode = 1;
  }
}

async function buildModule(options) {
  const directory = join(DIRECTORY, 'kernel');
  const sources = Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]),
  );
  const output = { printLine: (line) => console.error(line), fetchProgress: () => undefined };
  const objects = await runClang([...COMPILE, ...options], sources, output);
  const linked = await runLLVM(LINK, objects, output);
  return linked['kernel.wasm'];
}
