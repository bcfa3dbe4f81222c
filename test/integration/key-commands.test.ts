import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { solvent } from './commands.js';

const directory = mkdtempSync(join(tmpdir(), 'solvent-key-commands-'));
const at = (name: string) => join(directory, name);
const PLATFORM = ['--platform', 'Corner Exchange'];
const PASSPHRASE = 'correct horse battery staple';
const flags = (identity: string, passphrase = 'passphrase') => [
  ...['--identity', at(identity)],
  ...['--passphrase-file', at(passphrase)],
];

beforeAll(() => {
  writeFileSync(at('passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
  writeFileSync(at('other-passphrase'), 'incorrect horse battery staple\n', { mode: 0o600 });
  for (const name of ['old.pem', 'new.pem']) {
    const made = solvent('identity', 'new', '--out', at(name), '--passphrase-file', at('passphrase'));
    expect(made).toMatchObject({ exitCode: 0 });
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const publicKeyOf = (name: string) =>
  /Public key: ([0-9a-f]{64})/.exec(solvent('identity', 'show', ...flags(name)).output)![1]!;

describe('solvent identity', () => {
  it('makes a key that its owner alone can read, and shows its public half', () => {
    expect(statSync(at('old.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('old.pem'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    expect(publicKeyOf('old.pem')).not.toBe(publicKeyOf('new.pem'));
  });

  it('refuses to write over a key', () => {
    const before = readFileSync(at('old.pem'));
    const again = solvent('identity', 'new', '--out', at('old.pem'), '--passphrase-file', at('passphrase'));
    expect(again.exitCode).toBe(2);
    expect(again.errors).toContain('identity-exists');
    expect(readFileSync(at('old.pem'))).toEqual(before);
  });

  it.each([
    ['a wrong passphrase', () => flags('old.pem', 'other-passphrase'), 'passphrase-wrong'],
    ['no passphrase and no terminal', () => ['--identity', at('old.pem')], 'passphrase-missing'],
    ['a missing file', () => flags('nobody.pem'), 'identity-missing'],
    ['a passphrase file that is not there', () => flags('old.pem', 'nothing'), 'file-unreadable'],
  ])('refuses %s, and shows no secret', (_, given, code) => {
    const { exitCode, errors, output } = solvent('identity', 'show', ...given());
    expect(exitCode).toBe(2);
    expect(errors).toContain(code);
    expect(errors + output).not.toContain('horse');
  });

  it('refuses a key that others can read', () => {
    const made = solvent('identity', 'new', '--out', at('open.pem'), '--passphrase-file', at('passphrase'));
    expect(made.exitCode).toBe(0);
    chmodSync(at('open.pem'), 0o644);
    const { exitCode, errors } = solvent('identity', 'show', ...flags('open.pem'));
    expect(exitCode).toBe(2);
    expect(errors).toContain('identity-permissions');
  });

  it('hands the name of a platform from one key to another', () => {
    const rotate = (out: string, ...more: string[]) =>
      solvent(
        ...['identity', 'rotate', ...flags('old.pem'), '--to', at('new.pem')],
        ...['--to-passphrase-file', at('passphrase'), ...PLATFORM, '--out', at(out)],
        ...more,
      );
    expect(rotate('rotation.json', '--last-manifest', 'ab'.repeat(32))).toMatchObject({ exitCode: 0 });
    const entry = JSON.parse(readFileSync(at('rotation.json'), 'utf8')) as Record<string, unknown>;
    expect(entry).toMatchObject({ oldKey: publicKeyOf('old.pem'), newKey: publicKeyOf('new.pem') });
    const refused = rotate('refused.json', '--last-manifest', 'no hash');
    expect(refused.exitCode).toBe(2);
    expect(existsSync(at('refused.json'))).toBe(false);
  });
});

describe('solvent setup', () => {
  const setup = (...given: string[]) => solvent('setup', '--keys', at('keys'), '--development', ...given);

  it.each([
    ['a profile that there is not', ['--profile', 'large'], 'profile-unknown'],
    ['more slots than a row has', ['--profile', 'tiny', '--wide', '2049'], 'from 4 to 2,048'],
    ['slots that are no number', ['--profile', 'tiny', '--wide', 'all'], 'from 4 to 2,048'],
    ['a platform without a name', ['--profile', 'tiny', '--platform', ''], '--platform'],
  ])('refuses %s, and leaves nothing behind', (_, given, said) => {
    const { exitCode, errors } = setup(...given);
    expect(exitCode).toBe(2);
    expect(errors).toContain(said);
    expect(existsSync(at('keys'))).toBe(false);
  });

  it('says what each circuit takes, and pins the platform that it is told', () => {
    const { exitCode, output } = setup('--profile', 'tiny', ...PLATFORM);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/spot-3 +30 rows of 3 slots +7,995 +2\^13 +5\.7\n/);
    expect(output).toContain('INSECURE');
    expect(solvent('trust', 'show', at('keys/trust.json')).output).toMatch(/platform +Corner Exchange\n/);
    const other = at('exported.json');
    const exported = ['trust', 'export', '--keys', at('keys'), '--platform', 'Another', '--out', other];
    expect(solvent(...exported)).toMatchObject({ exitCode: 0 });
    expect(solvent('trust', 'show', other).output).toMatch(/platform +Another\n/);
  });

  it('refuses keys of another version of the program, and says what to do', () => {
    const path = at('keys/keys.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('solvent/keys/v2', 'solvent/keys/v1'));
    for (const { exitCode, errors } of [setup('--profile', 'tiny'), solvent('keys', 'list', at('keys'))]) {
      expect(exitCode).toBe(1);
      expect(errors).toContain('keys-of-another-version');
      expect(errors).toContain('run solvent setup in a new directory');
    }
  });
});

describe('solvent ceremony', () => {
  it('refuses powers of tau that are missing or not the published ones, and leaves nothing behind', () => {
    writeFileSync(at('invented.ptau'), Buffer.from('ptau, but invented'));
    const init = (ptau: string) =>
      solvent('ceremony', 'init', at('ceremony'), '--profile', 'tiny', '--ptau', ptau, '--beacon', 'drand');
    for (const [ptau, code] of [
      [at('nothing.ptau'), 'file-unreadable'],
      [at('invented.ptau'), 'powers-of-tau-malformed'],
    ] as const) {
      const { exitCode, errors } = init(ptau);
      expect(exitCode).not.toBe(0);
      expect(errors).toContain(code);
    }
    expect(existsSync(at('ceremony'))).toBe(false);
  });

  it('refuses a directory without a ceremony, and a beacon that is none', () => {
    for (const args of [
      ['contribute', at('nowhere'), '--name', 'Alice'],
      ['beacon', at('nowhere'), '--value', '00'.repeat(32)],
      ['verify', at('nowhere'), '--ptau', at('nothing.ptau')],
    ]) {
      const { exitCode, errors } = solvent('ceremony', ...args);
      expect(exitCode).not.toBe(0);
      expect(errors).toMatch(/error|expected/);
    }
  });
});

describe('solvent keys, trust and history', () => {
  it('refuse directories that hold none', () => {
    for (const args of [
      ['keys', 'list', at('nowhere')],
      [
        'trust',
        'export',
        '--keys',
        at('nowhere'),
        ...PLATFORM,
        '--out',
        at('trust.json'),
        ...flags('old.pem'),
      ],
      ['trust', 'show', at('passphrase')],
      ['history', 'verify', at('nowhere')],
    ]) {
      const { exitCode, errors } = solvent(...args);
      expect([args, exitCode === 0]).toEqual([args, false]);
      expect(errors).toMatch(/expected .+, got /);
    }
    expect(existsSync(at('trust.json'))).toBe(false);
  });
});
