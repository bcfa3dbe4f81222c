import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { solvent, solventVerify, start } from './commands.js';

const directory = mkdtempSync(join(tmpdir(), 'solvent-whole-way-'));
const at = (name: string) => join(directory, name);
const TRUSTING = ['--trust', at('keys/trust.json'), '--allow-development-keys'];
const SNAPSHOT = [
  'snapshot',
  '--platform',
  'Corner Exchange',
  '--at',
  '2026-01-31T01:00:00+01:00',
  '--quote',
  'USD',
];
const ALICE = 'alice@example.com';

const ASSETS = `symbol,decimals,price,collateral_ratio
BTC,8,97000.5,0.9
ETH,8,3400,0.85
USD,2,1,1
`;
/** 30 users, one of them with a debt. Alice's half cent is rounded up. */
const BALANCES = [
  'user_id,asset,equity,debt',
  `${ALICE},BTC,0.25,0`,
  `${ALICE},USD,100.005,0`,
  'bob@example.com,USD,5000,0',
  'bob@example.com,ETH,0,1.25',
  ...Array.from({ length: 28 }, (_, user) => `user${user}@example.com,ETH,${user + 1},0`),
  '',
].join('\n');

beforeAll(() => {
  writeFileSync(at('assets.csv'), ASSETS);
  writeFileSync(at('balances.csv'), BALANCES);
  const setup = solvent('setup', '--profile', 'tiny', '--keys', at('keys'), '--development');
  expect(setup).toMatchObject({ exitCode: 0 });
  const files = ['--balances', at('balances.csv'), '--assets', at('assets.csv')];
  expect(solvent(...SNAPSHOT, ...files, '--out', at('snapshot'))).toMatchObject({ exitCode: 0 });
  const proving = solvent('prove', at('snapshot'), '--keys', at('keys'), '--out', at('run'));
  expect(proving.errors).not.toContain('error');
  expect(proving.exitCode).toBe(0);
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('the whole way, by its commands', () => {
  it('ends with a bundle that a stranger verifies, to the exact totals', () => {
    const { exitCode, output } = solventVerify('bundle', at('run/bundle'), ...TRUSTING, '--json');
    expect(exitCode).toBe(0);
    const report = JSON.parse(output) as Record<string, unknown>;
    expect(report).toMatchObject({
      valid: true,
      code: 'valid',
      totals: [
        { asset: 'BTC', equity: '25000000', debt: '0' },
        // 1 + 2 + … + 28 = 406 ETH; Bob owes 1.25.
        { asset: 'ETH', equity: '40600000000', debt: '125000000' },
        { asset: 'USD', equity: '510001', debt: '0' },
      ],
    });
    expect(report.manifestHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says INSECURE where development keys were allowed, and refuses them where they were not', () => {
    const allowed = solventVerify('bundle', at('run/bundle'), ...TRUSTING);
    expect(allowed.output).toContain('INSECURE');
    const refused = solventVerify('bundle', at('run/bundle'), '--trust', at('keys/trust.json'), '--json');
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.output)).toMatchObject({ valid: false, code: 'development-keys' });
  });

  it('cannot be verified without trust material', () => {
    const { exitCode, output } = solventVerify('bundle', at('run/bundle'), '--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(output)).toMatchObject({ valid: false, code: 'trust-missing' });
  });

  it('compares the manifest hash that the caller brings', () => {
    const { output } = solventVerify('bundle', at('run/bundle'), ...TRUSTING, '--json');
    const { manifestHash } = JSON.parse(output) as { manifestHash: string };
    const same = solventVerify('bundle', at('run/bundle'), ...TRUSTING, '--manifest-hash', manifestHash);
    expect(same.exitCode).toBe(0);
    const other = solventVerify(
      'bundle',
      at('run/bundle'),
      ...TRUSTING,
      '--manifest-hash',
      'ab'.repeat(32),
      '--json',
    );
    expect(other.exitCode).toBe(1);
    expect(JSON.parse(other.output)).toMatchObject({ code: 'manifest-hash-differs' });
  });

  it('shows a user their own line, under the id that they type', () => {
    expect(solvent('inclusion', at('run'), '--user', ALICE, '--out', at('alice.json'))).toMatchObject({
      exitCode: 0,
    });
    expect(statSync(at('alice.json')).mode & 0o777).toBe(0o600);
    const check = (user: string) =>
      solventVerify(
        'inclusion',
        at('alice.json'),
        '--bundle',
        at('run/bundle'),
        ...TRUSTING,
        '--user',
        user,
        '--json',
      );
    const own = check(` ${ALICE} `);
    expect(own.exitCode).toBe(0);
    expect(JSON.parse(own.output)).toMatchObject({
      valid: true,
      holdings: [
        { asset: 'BTC', equity: '25000000' },
        { asset: 'USD', equity: '10001' },
      ],
    });
    const others = check('bob@example.com');
    expect(others.exitCode).toBe(1);
    expect(JSON.parse(others.output)).toMatchObject({ valid: false, code: 'id-commitment' });
  });

  it('makes a file for every user, none named after its user, and each verifies', () => {
    expect(solvent('inclusion', at('run'), '--all', '--out', at('all'))).toMatchObject({ exitCode: 0 });
    const names = readdirSync(at('all'));
    expect(names).toHaveLength(30);
    expect(names.every((name) => /^[0-9a-f]{32}\.json$/.test(name))).toBe(true);
    for (const name of names.slice(0, 5)) {
      const { userId } = JSON.parse(readFileSync(at(`all/${name}`), 'utf8')) as { userId: string };
      const check = solventVerify(
        ...['inclusion', at(`all/${name}`), '--bundle', at('run/bundle'), ...TRUSTING, '--user', userId],
      );
      expect(check.exitCode).toBe(0);
    }
  });

  it('refuses a user who is not there without repeating the id', () => {
    const missing = solvent(
      'inclusion',
      at('run'),
      '--user',
      'mallory@example.com',
      '--out',
      at('mallory.json'),
    );
    expect(missing.exitCode).toBe(2);
    expect(missing.errors).toContain('user-not-found');
    expect(missing.errors + missing.output).not.toContain('mallory@example.com');
    expect(existsSync(at('mallory.json'))).toBe(false);
  });

  it('publishes no id, and keeps what is private to its owner', () => {
    for (const name of readdirSync(at('run/bundle'))) {
      expect(readFileSync(at(`run/bundle/${name}`), 'utf8')).not.toContain('@example.com');
    }
    expect(statSync(at('run/private')).mode & 0o777).toBe(0o700);
    expect(statSync(at('run/private/secret')).mode & 0o777).toBe(0o600);
    expect(statSync(at('keys/platform-signing-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('says so when a run is complete, and refuses another snapshot in its directory', () => {
    const again = solvent('prove', at('snapshot'), '--keys', at('keys'), '--out', at('run'));
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.output).toContain('complete already');
    const files = ['--balances', at('balances.csv'), '--assets', at('assets.csv')];
    const later = [...SNAPSHOT];
    later[later.indexOf('--at') + 1] = '2026-02-28T00:00:00Z';
    expect(solvent(...later, ...files, '--out', at('later'))).toMatchObject({ exitCode: 0 });
    const mixed = solvent('prove', at('later'), '--keys', at('keys'), '--out', at('run'));
    expect(mixed.exitCode).not.toBe(0);
    expect(mixed.errors).toMatch(/code: run-/);
  });
});

describe('bad input to the commands', () => {
  it('is refused with every problem by file and line, no id, no amount, and nothing left behind', () => {
    writeFileSync(
      at('bad.csv'),
      ['user_id,asset,equity', 'carol@example.com,BTC,-1', ',USD,5', 'dan@example.com,XYZ,12345', ''].join(
        '\n',
      ),
    );
    const refused = solvent(
      ...SNAPSHOT,
      '--balances',
      at('bad.csv'),
      '--assets',
      at('assets.csv'),
      '--out',
      at('none'),
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toMatch(/bad\.csv:2 .*\[amount-negative\]/);
    expect(refused.errors).toMatch(/bad\.csv:3 .*\[name-empty\]/);
    expect(refused.errors).toMatch(/bad\.csv:4 .*\[asset-unknown\]/);
    expect(refused.errors).not.toMatch(/@example\.com|12345/);
    expect(existsSync(at('none'))).toBe(false);
  });

  it('leaves nothing behind where the command is told to stop half-way', async () => {
    const rows = Array.from({ length: 300_000 }, (_, user) => `user${user}@example.com,ETH,${user + 1}`);
    writeFileSync(at('large.csv'), ['user_id,asset,equity', ...rows, ''].join('\n'));
    const files = ['--balances', at('large.csv'), '--assets', at('assets.csv')];
    const child = start('cli/main.js', [...SNAPSHOT, ...files, '--out', at('stopped')]);
    while (!readdirSync(directory).some((name) => name.startsWith('.tmp-stopped-'))) {
      expect(child.exitCode).toBe(null);
      await setImmediate();
    }
    child.kill('SIGTERM');
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    expect(exitCode).toBe(143);
    expect(readdirSync(directory).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  it.each([
    [
      'a file that is not there',
      [...SNAPSHOT, '--balances', at('no.csv'), '--assets', at('assets.csv'), '--out', at('none')],
    ],
    ['a missing option', ['snapshot', '--platform', 'P']],
    ['an unknown command', ['frobnicate']],
    ['an unknown profile', ['setup', '--profile', 'huge', '--keys', at('none'), '--development']],
    ['a setup that does not say where keys come from', ['setup', '--profile', 'tiny', '--keys', at('none')]],
    ['keys that are not there', ['prove', at('snapshot'), '--keys', at('none'), '--out', at('none-run')]],
    [
      'a number of workers that is none',
      ['prove', at('snapshot'), '--keys', at('keys'), '--out', at('none-run'), '--workers', '0'],
    ],
    ['neither one user nor all', ['inclusion', at('run'), '--out', at('none')]],
  ])('ends with exit code 2 for %s', (_, args) => {
    const { exitCode, errors } = solvent(...args);
    expect(exitCode).toBe(2);
    expect(errors).not.toMatch(/\n {4}at /);
    expect(existsSync(at('none'))).toBe(false);
    expect(existsSync(at('none-run'))).toBe(false);
  });

  it('ends the verifier with exit code 2 where a file cannot be opened', () => {
    expect(solventVerify('bundle', at('nowhere'), ...TRUSTING).exitCode).toBe(2);
    expect(solventVerify('bundle', at('run/bundle'), '--trust', at('nowhere')).exitCode).toBe(2);
    expect(solventVerify('bundle').exitCode).toBe(2);
  });

  it('ends the verifier with exit code 1 for a changed total, a changed file, or one proof left out', () => {
    const tampered = (name: string, edit: (text: string) => string) => {
      rmSync(at('tampered'), { recursive: true, force: true });
      cpSync(at('run/bundle'), at('tampered'), { recursive: true });
      const text = readFileSync(at(`tampered/${name}`), 'utf8');
      expect(edit(text)).not.toBe(text);
      writeFileSync(at(`tampered/${name}`), edit(text));
      const { exitCode, output } = solventVerify('bundle', at('tampered'), ...TRUSTING, '--json');
      expect(exitCode).toBe(1);
      const report = JSON.parse(output) as { valid: boolean; code: string };
      expect(report.valid).toBe(false);
      return report.code;
    };
    expect(tampered('manifest.json', (text) => text.replace('"25000000"', '"24999999"'))).toBe(
      'signature-invalid',
    );
    expect(tampered('manifest.json', (text) => ` ${text}`)).toBe('json-not-canonical');
    expect(tampered('proofs.ndjson', (text) => text.slice(0, text.lastIndexOf('{"K"')))).toBe('line-count');
  });
});
