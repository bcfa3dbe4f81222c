import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { parseEach, parseFrom, parseOneOf } from '../../scripts/command-line.js';
import { projectRoot } from '../../src/system/index.js';

/** For each script that a person runs, one call that it must refuse, and a part of why. */
const SCRIPTS: Readonly<Record<string, readonly [args: string, reason: string]>> = {
  'scripts/demo.js': ['--profile huge', 'one of tiny'],
  'scripts/bench/main.js': ['--circuit spot-5', 'one of spot-1'],
  'scripts/bench/ceremony.js': ['--profiles huge', 'one of tiny'],
  'scripts/bench/kernels.js': ['--power 0x10', 'whole number'],
  'scripts/verifier/bench.js': ['many', 'whole number'],
  'scripts/bench/reserves/main.js': ['--wallets few', 'whole number'],
  'scripts/bench-snapshot.js': ['10000', 'flags alone'],
  'scripts/bench-risk.js': ['10000', 'flags alone'],
  'scripts/bench-page.js': ['--nonsense', 'unknown option'],
  'scripts/bench-inclusion.js': ['1.5', 'whole number'],
  'scripts/constraints.js': ['--profile', 'argument missing'],
  'scripts/verifier/adversary.js': ['--verify x', 'unknown option'],
  'scripts/verifier/pack.js': ['dist', 'too many arguments'],
  'scripts/verifier/auditor.js': ['now', 'too many arguments'],
  'scripts/verifier/schemas.js': ['--chek', 'unknown option'],
  'scripts/verifier/readme-checks.js': ['--chek', 'unknown option'],
  'scripts/verifier/golden.js': ['', '--out'],
  'scripts/ceremony-demo.js': ['--out elsewhere', 'unknown option'],
  'scripts/generate/main.js': ['--users 1 --seed 1 --out books --books --plant typo', 'one of ledger-row'],
  'scripts/web/build.js': ['now', 'too many arguments'],
  'scripts/build-info.js': ['now', 'too many arguments'],
  'scripts/circuit-hashes.js': ['--chek', 'unknown option'],
  'scripts/initial-key-hashes.js': ['--profile huge', 'one of tiny'],
  'scripts/errors.js': ['--chek', 'unknown option'],
  'scripts/formats.js': ['--chek', 'unknown option'],
  'scripts/package/unpacked.js': ['--chek', 'unknown option'],
  'scripts/package/third-party.js': ['--chek', 'unknown option'],
  'scripts/reserves/test-chains.js': ['now', 'too many arguments'],
  'scripts/test-nodes.js': ['--major 20', 'unknown option'],
  'scripts/queue-dev.js': ['now', 'too many arguments'],
  'scripts/bench/queue.js': ['--proofs few', 'whole number'],
};

type Ended = { readonly exitCode: number | null; readonly output: string; readonly errors: string };

const directory = mkdtempSync(join(tmpdir(), 'solvent-scripts-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a built script as a person does, where nothing that it writes is in the way. */
function run(script: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot(), 'dist', script), ...args], { cwd: directory });
    let output = '';
    let errors = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, output, errors });
    });
  });
}

describe.concurrent('every script that a person runs', () => {
  it.for(Object.keys(SCRIPTS))('says what it does when asked for help: %s', async (script, { expect }) => {
    const { exitCode, output, errors } = await run(script, ['--help']);
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toMatch(
      /^Usage: (npm run|node) [^\n]+\n\n[A-Z][^]*\n\nOptions:\n[^]*\n\nExamples:\n {2}\w/,
    );
  });

  it.for(Object.entries(SCRIPTS))(
    'answers a mistake in one line: %s',
    async ([script, mistake], { expect }) => {
      const [args, reason] = mistake;
      const { exitCode, output, errors } = await run(script, args.split(' ').filter(Boolean));
      expect([exitCode, output]).toEqual([2, '']);
      expect(errors).toMatch(/^error: [^\n]+ \(run with --help for what it takes\)\n$/);
      expect(errors).toContain(reason);
    },
  );
});

describe('the values that scripts take', () => {
  it('are numbers in plain digits, within their bounds', () => {
    const parse = parseFrom(2, 1000);
    expect([parse('2'), parse('1000')]).toEqual([2, 1000]);
    for (const text of ['1', '1001', '1e2', '0x10', '2.0', '-2', ' 2', '', 'NaN', '1,000'])
      expect(() => parse(text)).toThrow('Expected a whole number from 2 to 1,000.');
  });

  it('are one of a list, or several of it', () => {
    const parse = parseEach(parseOneOf(['wasm', 'snarkjs']));
    expect(parse('snarkjs,wasm')).toEqual(['snarkjs', 'wasm']);
    for (const text of ['', 'wasm,', 'Wasm', 'constructor'])
      expect(() => parse(text)).toThrow('Expected one of wasm, snarkjs.');
  });
});

it('knows every script that package.json runs with flags', async () => {
  const { default: text } = await import('../../package.json', { with: { type: 'json' } });
  const run = Object.values(text.scripts).flatMap((line) => line.match(/scripts\/[\w/-]+\.js/g) ?? []);
  expect(run.filter((script) => !(script in SCRIPTS))).toEqual([]);
});
