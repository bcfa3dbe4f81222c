import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../../src/system/index.js';
import { solvent, solventVerify } from './commands.js';

const directory = mkdtempSync(join(tmpdir(), 'solvent-mistakes-'));
const at = (...names: string[]) => join(directory, ...names);
const golden = join(projectRoot(), 'conformance/bundles/v2');

beforeAll(() => {
  mkdirSync(at('directory'));
  mkdirSync(at('history', '2026-01'), { recursive: true });
  writeFileSync(at('history', '2026-01', 'manifest.json'), 'no manifest\n');
  writeFileSync(at('empty'), '');
  writeFileSync(at('passphrase'), 'correct horse battery staple\n');
  writeFileSync(at('balances.csv'), 'user_id,asset,equity,debt\nann@example.org,BTC,1,0\n');
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nBTC,8,64000,0.9\n');
  for (const name of ['old.pem', 'new.pem']) {
    expect(
      solvent('identity', 'new', '--out', at(name), '--passphrase-file', at('passphrase')).exitCode,
    ).toBe(0);
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const snapshot = (out: string) => [
  ...['snapshot', '--platform', 'Example Exchange', '--quote', 'USD', '--at', '2026-01-31T00:00:00Z'],
  ...['--balances', at('balances.csv'), '--assets', at('assets.csv'), '--out', out],
];
const rotate = (to: string, out: string, platform = 'Example Exchange') => [
  ...[
    'identity',
    'rotate',
    '--identity',
    at('old.pem'),
    '--passphrase-file',
    at('passphrase'),
    '--to',
    at(to),
  ],
  ...['--to-passphrase-file', at('passphrase'), '--platform', platform, '--out', out],
];
const verifyBooks = (...more: string[]) => [
  ...[
    'bundle',
    join(golden, 'books/bundle'),
    '--trust',
    join(golden, 'trust.json'),
    '--allow-development-keys',
  ],
  ...more,
];

describe('a mistake is answered with what to do, and leaves nothing', () => {
  const setup = ['setup', '--profile', 'tiny'];
  it.each([
    ['a snapshot under a file', snapshot(at('empty', 'snapshot')), 'file-unwritable', /name another/],
    ['a snapshot in the place of a file', snapshot(at('empty')), 'file-unwritable', /a file in its way/],
    ['a rotation under a file', rotate('new.pem', at('empty', 'r.json')), 'file-unwritable', /name another/],
    [
      'a rotation in the place of a directory',
      rotate('new.pem', at('directory')),
      'file-unwritable',
      /got a directory/,
    ],
    ['a rotation to the same key', rotate('old.pem', at('r.json')), 'keys-alike', /solvent identity new/],
    ['a rotation of nobody', rotate('new.pem', at('r.json'), ''), 'platform-malformed', /--platform/],
    [
      'keys under a file',
      [...setup, '--development', '--keys', at('empty', 'k')],
      'file-unwritable',
      /where a directory should be/,
    ],
    [
      'powers of tau that are a directory',
      [...setup, '--ptau', at('directory')],
      'file-unreadable',
      /directory/,
    ],
    ['keys of a file', ['keys', 'list', at('empty')], 'keys-missing', /solvent setup/],
  ])('%s', (_, args, code, words) => {
    const before = readdirSync(directory, { recursive: true });
    const { exitCode, output, errors } = solvent(...args);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toMatch(new RegExp(`^code: ${code}$`, 'm'));
    expect(errors).toMatch(words);
    expect(errors).not.toMatch(/bug in solvent|^ +at /m);
    expect(readdirSync(directory, { recursive: true })).toEqual(before);
  });

  it.each([
    ['an empty trust file', ['trust', 'show', at('empty')], at('empty')],
    [
      'a manifest that is none',
      ['history', 'verify', at('history')],
      at('history', '2026-01', 'manifest.json'),
    ],
  ])('%s is named', (_, args, path) => {
    const { exitCode, errors } = solvent(...args);
    expect(exitCode).toBe(1);
    expect(errors).toContain(`error: ${path}: expected `);
    expect(errors).toContain('get this file again');
  });
});

describe('without room', () => {
  /** Runs a command in a shell that lets it write no byte to any file. */
  const runWithoutRoom = (args: readonly string[]) => {
    const main = join(projectRoot(), 'dist/src/cli/main.js');
    const line = 'ulimit -f 0 && exec "$0" "$@"';
    return spawnSync('sh', ['-c', line, process.execPath, main, ...args], { encoding: 'utf8' });
  };

  it.each([
    ['a rotation', rotate('new.pem', at('r.json'))],
    ['a snapshot', snapshot(at('snapshot-without-room'))],
  ])('%s says that the disk is full, and leaves nothing', (_, args) => {
    const before = readdirSync(directory);
    const { status, stderr } = runWithoutRoom(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: expected room for .+: make room.*, and run the same command again/m);
    expect(stderr).toMatch(/^code: disk-full$/m);
    expect(readdirSync(directory)).toEqual(before);
  });
});

describe('a verdict', () => {
  it('is not given where the page of it cannot be written, and the error says so', () => {
    const text = solventVerify(...verifyBooks('--html', at('empty', 'report.html')));
    expect([text.exitCode, text.output]).toEqual([2, '']);
    expect(text.errors).toContain('code: file-unwritable');
    const json = solventVerify(...verifyBooks('--html', at('empty', 'report.html'), '--json'));
    expect([json.exitCode, JSON.parse(json.output)]).toEqual([
      2,
      expect.objectContaining({ format: 'solvent/error/v1', code: 'file-unwritable' }),
    ]);
  });

  it('is the exit code too where nobody reads its text to the end', async () => {
    const main = join(projectRoot(), 'dist/src/verifier/command/main.js');
    const child = spawn(process.execPath, [main, ...verifyBooks()], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let errors = '';
    child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect([exitCode, errors]).toEqual([0, '']);
  });

  it.runIf(process.platform === 'linux')('that could not be written is none', () => {
    const full = openSync('/dev/full', 'w');
    const run = (script: string, args: string[]) =>
      spawnSync(process.execPath, [join(projectRoot(), 'dist/src', script), ...args], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
    const verified = run('verifier/command/main.js', verifyBooks());
    const shown = run('cli/main.js', ['trust', 'show', join(golden, 'trust.json')]);
    closeSync(full);
    expect([verified.status, verified.stderr]).toEqual([
      2,
      'error: expected to write the report, got ENOSPC\n',
    ]);
    expect([shown.status, shown.stderr]).toEqual([2, 'error: expected to write the output, got ENOSPC\n']);
  });
});
