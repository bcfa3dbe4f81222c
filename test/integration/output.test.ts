import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Command } from 'commander';

import { STANDARD } from '../../src/cli/output.js';
import { buildProgram } from '../../src/cli/program.js';
import { hashFile, projectRoot } from '../../src/system/index.js';
import { solvent, solventVerify } from './commands.js';

const root = mkdtempSync(join(tmpdir(), 'solvent-output-'));
const at = (...names: string[]) => join(root, ...names);
const golden = join(projectRoot(), 'conformance/bundles/v2');
const HASH = /^[0-9a-f]{64}$/;
const INSTANT = '2026-03-31T00:00:00Z';

beforeAll(() => {
  writeFileSync(at('passphrase'), 'correct horse battery staple\n');
  expect(solvent('init', at('books')).exitCode).toBe(0);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Runs a command with `--json`, which must succeed, and reads what it printed. */
function readJson(...args: string[]): Record<string, unknown> {
  const { exitCode, output, errors } = solvent(...args, '--json');
  expect([exitCode, errors.includes('error')]).toEqual([0, false]);
  return JSON.parse(output) as Record<string, unknown>;
}

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

const program = await buildProgram(STANDARD);

describe('every command', () => {
  const all = leaves(program);

  it.each(all.map((command) => [pathOf(command), command] as const))(
    'has an example in its help, and JSON where it reads or makes something: %s',
    (path, command) => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toMatch(new RegExp(`\\nExamples?:\\n  ${path}`));
      if (command.name() === 'completion') return;
      expect(command.options.map(({ long }) => long)).toContain('--json');
    },
  );
});

describe('--version', () => {
  it('says the version, the commit and the hash of the check page, in both programs', async () => {
    const page = await hashFile(join(projectRoot(), 'dist/web/check.html'));
    for (const [name, run] of [
      ['solvent', solvent],
      ['solvent-verify', solventVerify],
    ] as const) {
      const { exitCode, output } = run('--version');
      expect(exitCode).toBe(0);
      const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
        version: string;
      };
      const [first, commit, hash] = output.split('\n');
      expect([first, hash]).toEqual([`${name} ${version}`, `check page  ${page}`]);
      expect(commit).toMatch(/^commit {6}(?:[0-9a-f]{40}(?:, changed)?|unknown)$/);
    }
  });
});

describe('solvent init', () => {
  it('writes books that a snapshot is made of as they are', () => {
    const args = ['snapshot', '--config', at('books', 'snapshot.yaml'), '--at', INSTANT];
    const checked = readJson(...args, '--check');
    expect(checked).toMatchObject({ directory: null, platform: 'Example Exchange', accountCount: 2 });
    const sealed = readJson(...args, '--out', at('snapshot'));
    expect(sealed).toMatchObject({ directory: at('snapshot'), snapshotHash: checked.snapshotHash });
    const { output, errors } = solvent(...args, '--out', at('quiet'), '--quiet');
    expect([output, errors]).toEqual([`${String(sealed.snapshotHash)}\n`, '']);
  });

  it('writes over nothing', () => {
    const before = readdirSync(at('books'));
    const { exitCode, errors } = solvent('init', at('books'));
    expect([exitCode, readdirSync(at('books'))]).toEqual([2, before]);
    expect(errors).toContain('code: directory-exists');
  });
});

describe('solvent snapshot --check', () => {
  it('seals nothing, and refuses what a snapshot refuses, with the breaks listed', () => {
    const config = at('books', 'snapshot.yaml');
    const broken = at('books', 'broken.yaml');
    writeFileSync(at('books', 'lost.csv'), 'account,asset,amount\nann@example.org,BTC,0.49\n');
    writeFileSync(broken, readFileSync(config, 'utf8').replace('[balances.csv]', '[lost.csv]'));
    const before = readdirSync(root);
    const args = ['snapshot', '--config', broken, '--at', INSTANT, '--check', '--findings', at('findings')];
    const { exitCode, output, errors } = solvent(...args);
    expect([exitCode, output]).toEqual([1, '']);
    expect(errors).toContain('code: books-do-not-reconcile');
    expect(readdirSync(at('findings'))).toContain('breaks.csv');
    expect(readdirSync(root)).toEqual([...before, 'findings'].sort());
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('solvent-check-'))).toEqual([]);
  });
});

describe('JSON', () => {
  it('of identities and trust files has the hashes and keys that are to be compared', () => {
    const made = readJson('identity', 'new', '--out', at('key.pem'), '--passphrase-file', at('passphrase'));
    expect(made).toEqual({ path: at('key.pem'), publicKey: expect.stringMatching(HASH) as string });
    const shown = readJson(
      'identity',
      'show',
      '--identity',
      at('key.pem'),
      '--passphrase-file',
      at('passphrase'),
    );
    expect(shown).toEqual({ publicKey: made.publicKey });
    const trust = readJson('trust', 'show', join(golden, 'trust.json'));
    expect(Object.keys(trust)).toEqual([
      'trustHash',
      'platform',
      'profile',
      'signingKey',
      'indexBits',
      'circuits',
    ]);
    expect(trust.trustHash).toMatch(HASH);
  });

  it('of a mistake has its code, in place of the text', () => {
    const { exitCode, output, errors } = solvent('keys', 'list', at('nowhere'), '--json');
    expect([exitCode, errors]).toEqual([2, '']);
    expect(JSON.parse(output)).toMatchObject({
      format: 'solvent/error/v1',
      valid: false,
      code: 'keys-missing',
    });
    const wrong = solvent('keys', 'list', '--json', '--no-such-flag');
    expect(wrong.exitCode).toBe(2);
    expect(JSON.parse(wrong.output)).toMatchObject({
      code: 'wrong-usage',
      message: expect.not.stringMatching(/^error: /) as string,
    });
  });
});
