// Builds src/prover/engine/wasm/kernel.wasm from the C beside it; with --check, builds it and compares.
// The compiler is an npm package that runs anywhere Node does and gives the same bytes everywhere.
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runClang, runLLVM } from '@yowasp/clang';

const FOLDER = fileURLToPath(new URL('../../src/prover/engine/wasm/', import.meta.url));
const MODULE = join(FOLDER, 'kernel.wasm');
/** The stack lies below all other memory, so that an overflow traps. */
const STACK_BYTES = 65536;

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

const built = await buildKernel();
if (process.argv.includes('--check')) {
  if (Buffer.compare(built, readFileSync(MODULE)) !== 0) {
    console.error(
      'expected kernel.wasm to be what its sources give, got other bytes: run this without --check',
    );
    process.exit(1);
  }
} else {
  writeFileSync(MODULE, built);
  console.log(`kernel.wasm: ${built.length} bytes`);
}

async function buildKernel() {
  const folder = join(FOLDER, 'kernel');
  const sources = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
  );
  const output = { printLine: (line) => console.error(line), fetchProgress: () => undefined };
  const objects = await runClang(COMPILE, sources, output);
  const linked = await runLLVM(LINK, objects, output);
  return linked['kernel.wasm'];
}
