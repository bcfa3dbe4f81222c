import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

const RUNNER = resolve(import.meta.dirname, '../../dist/scripts/verifier/adversary.js');
const directory = mkdtempSync(join(tmpdir(), 'solvent-runner-'));

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A verifier of three lines that always ends alike. */
function makeVerifier(name: string, exitCode: number, printed = ''): string {
  const path = join(directory, `${name}.mjs`);
  writeFileSync(path, `console.log(${JSON.stringify(printed)});\nprocess.exitCode = ${exitCode};\n`);
  return `${process.execPath} ${path}`;
}

const run = (...args: string[]) => spawnSync(process.execPath, [RUNNER, ...args], { encoding: 'utf8' });

describe('the adversary, run against a verifier', () => {
  it('finds nothing wrong with this one, codes included', () => {
    const { status, stdout } = run('--json', '--only', 'manifest, signed: a t');
    expect([status, /(\d+) cases, 0 wrong\n$/.test(stdout)]).toEqual([0, true]);
  });

  it('names each lie that a verifier accepts', () => {
    const { status, stdout } = run('--verifier', makeVerifier('gullible', 0), '--only', 'proof: A');
    expect(status).toBe(1);
    expect(stdout).toContain('ACCEPTED a lie: proof: A off the curve\n');
    expect(stdout).toMatch(/(\d+) cases, \1 wrong\n$/);
  });

  it('names each honest twin that a verifier refuses', () => {
    const { status, stdout } = run('--verifier', makeVerifier('stubborn', 1), '--only', 'honest twin');
    expect(status).toBe(1);
    expect(stdout).toContain('REFUSED what is honest (exit 1): honest twin: the bundle\n');
  });

  it('takes neither a crash nor another code for the right answer', () => {
    const crash = run('--verifier', makeVerifier('crashing', 134), '--only', 'proof: A negated');
    expect([crash.status, crash.stdout]).toEqual([
      1,
      'NO VERDICT (exit 134): proof: A negated\n1 cases, 1 wrong\n',
    ]);
    const vague = makeVerifier('vague', 1, '{"code":"no"}');
    const other = run('--verifier', vague, '--json', '--only', 'proof: A negated');
    expect([other.status, other.stdout]).toEqual([
      1,
      'OTHER CODE, no for proof: proof: A negated\n1 cases, 1 wrong\n',
    ]);
  });

  it.each([
    ['a verifier that is no program', ['--verifier', '/nowhere/verify'], 'ENOENT for /nowhere/verify'],
    ['the name of no case', ['--only', 'nothing has this name'], 'a part of the name of a case'],
  ])('answers %s in one line', (_, args, reason) => {
    const { status, stdout, stderr } = run('--only', 'proof: A negated', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: expected [^\n]+\n$/);
    expect(stderr).toContain(reason);
  });

  it('keeps the cases as files for verifiers that cannot be run', () => {
    const out = join(directory, 'kept');
    expect(run('--out', out, '--only', 'proof: A negated').status).toBe(0);
    const [only] = JSON.parse(readFileSync(join(out, 'cases.json'), 'utf8')) as {
      args: string[];
      expected: string;
    }[];
    expect(only!.expected).toBe('proof');
    expect(only!.args.slice(0, 4)).toEqual(['bundle', '000/bundle', '--trust', '000/trust.json']);
    expect(readFileSync(join(out, '000/bundle/manifest.json'), 'utf8')).toContain('solvent/manifest/v2');
  });
});
