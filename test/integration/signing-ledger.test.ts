import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { solvent } from './commands.js';

/** Several commands a test, each of which proves: no machine is too slow for that. */
const LIMIT_MS = 900_000;

const directory = mkdtempSync(join(tmpdir(), 'solvent-signing-'));
const at = (name: string) => join(directory, name);
const environment = { ...process.env };
const IDENTITY = ['--identity', at('exchange.pem'), '--passphrase-file', at('passphrase')];
const SNAPSHOT = [
  ...['snapshot', '--platform', 'Corner Exchange', '--quote', 'USD', '--at', '2026-01-31T00:00:00Z'],
  ...['--balances', at('balances.csv'), '--assets', at('assets.csv'), '--out', at('snapshot')],
];
const prove = (run: string, ...more: string[]) =>
  solvent('prove', at('snapshot'), '--keys', at('keys'), '--out', at(run), ...more);

beforeAll(() => {
  writeFileSync(at('passphrase'), 'correct horse battery staple\n');
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nUSD,2,1,1\n');
  writeFileSync(at('balances.csv'), 'user_id,asset,equity,debt\na@example.com,USD,1,0\n');
  for (const command of [
    ['setup', '--profile', 'tiny', '--keys', at('keys'), '--development'],
    SNAPSHOT,
    ['identity', 'new', '--out', at('exchange.pem'), '--passphrase-file', at('passphrase')],
  ]) {
    expect(solvent(...command)).toMatchObject({ exitCode: 0 });
  }
});
afterEach(() => {
  Object.assign(process.env, environment);
  for (const name of ['SOLVENT_CACHE', 'SOLVENT_STATE', 'SOLVENT_SIGNING_KEY', 'SOLVENT_PASSPHRASE']) {
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('what a key signs', () => {
  it(
    'is one manifest for an instant, whatever directory it is proven in, unless a second is meant',
    () => {
      expect(prove('run', ...IDENTITY)).toMatchObject({ exitCode: 0 });
      expect(prove('run', ...IDENTITY).output).toContain('complete already');
      const second = prove('second', ...IDENTITY);
      expect(second.exitCode).toBe(2);
      expect(second.errors).toContain('code: manifest-signed-already');
      expect(second.errors).toContain('--replace');
      expect(existsSync(at('second'))).toBe(false);
      const meant = prove('second', ...IDENTITY, '--replace');
      expect(meant).toMatchObject({ exitCode: 0 });
      const { entries } = JSON.parse(readFileSync(at('exchange.pem.ledger.json'), 'utf8')) as {
        entries: { manifestHash: string }[];
      };
      expect(entries).toHaveLength(2);
      expect(meant.output).toContain(entries[1]!.manifestHash);
    },
    LIMIT_MS,
  );

  it('is kept for a key of the environment too, where a variable says', () => {
    process.env.SOLVENT_SIGNING_KEY = readFileSync(at('exchange.pem'), 'utf8');
    process.env.SOLVENT_PASSPHRASE = 'correct horse battery staple';
    process.env.SOLVENT_STATE = at('exchange.pem');
    const unusable = prove('third');
    expect(unusable.exitCode).toBe(2);
    expect(unusable.errors).toContain('code: ledger-unusable');
    expect(existsSync(at('third'))).toBe(false);
    const same = prove('third', '--ledger', at('exchange.pem.ledger.json'));
    expect(same.errors).toContain('code: manifest-signed-already');
  });
});

describe('solvent prove', () => {
  it('looks for keys before it reads a snapshot', () => {
    const missing = solvent('prove', at('snapshot'), '--keys', at('no-keys'), '--out', at('none'));
    expect(missing.exitCode).toBe(2);
    expect(missing.errors).toContain('code: keys-missing');
  });

  it('names the flag that differs from the run that it would go on with', () => {
    const changed = prove('run', ...IDENTITY, '--scope', 'some accounts', '--previous', 'ab'.repeat(32));
    expect(changed.exitCode).toBe(2);
    expect(changed.errors).toContain('code: run-inputs-changed');
    expect(changed.errors).toMatch(/\(--scope\).*\(--previous\)/);
  });

  it(
    'goes on without a cache, and a development key with a second manifest, and says each once',
    () => {
      process.env.SOLVENT_CACHE = at('balances.csv');
      const first = prove('development-1');
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.errors.match(/SOLVENT_CACHE/g)).toHaveLength(1);
      expect(first.errors).not.toContain('warning');
      process.env.SOLVENT_CACHE = '';
      process.env.XDG_CACHE_HOME = '';
      process.env.HOME = '';
      const second = prove('development-2');
      expect(second).toMatchObject({ exitCode: 0 });
      expect(second.errors.match(/SOLVENT_CACHE/g)).toHaveLength(1);
      expect(second.errors.match(/warning: .*development key/g)).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

describe('the same command once more', () => {
  it(
    'ends with 0 and says that all was there',
    () => {
      expect(solvent(...SNAPSHOT)).toMatchObject({ exitCode: 0 });
      expect(solvent(...SNAPSHOT).output).toContain('complete already');
      const publish = ['publish', at('run'), '--out', at('site')];
      expect(solvent(...publish)).toMatchObject({ exitCode: 0 });
      const again = solvent(...publish);
      expect(again.exitCode).toBe(0);
      expect(again.output).toContain('complete already');
      // Whose history it is nothing says without a trust file.
      expect(solvent('history', 'verify', at('site'))).toMatchObject({ exitCode: 3 });
    },
    LIMIT_MS,
  );
});
