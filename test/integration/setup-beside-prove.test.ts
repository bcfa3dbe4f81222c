import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { encodeJsonLine } from '../../src/protocol/index.js';
import { isDirectoryHeld } from '../../src/system/index.js';
import { solvent, solventVerify, start } from './commands.js';

/** Ends what hangs. */
const PATIENCE_MS = 1_200_000;

const directory = mkdtempSync(join(tmpdir(), 'solvent-beside-'));
const at = (name: string) => join(directory, name);
const SETUP = ['setup', '--profile', 'tiny', '--keys', at('keys'), '--development'];
const PROVE = ['prove', at('snapshot'), '--keys', at('keys'), '--out', at('run')];

beforeAll(() => {
  writeFileSync(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nUSD,2,1,1\n');
  writeFileSync(
    at('balances.csv'),
    'user_id,asset,equity,debt\na@example.com,USD,1,0\nb@example.com,USD,2,0\n',
  );
  const books = ['--balances', at('balances.csv'), '--assets', at('assets.csv')];
  const about = ['--platform', 'Corner Exchange', '--at', '2026-01-31T00:00:00Z', '--quote', 'USD'];
  expect(solvent('snapshot', ...about, ...books, '--out', at('snapshot'))).toMatchObject({ exitCode: 0 });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('solvent prove beside solvent setup', () => {
  it('ends with a bundle that verifies, started right after it', async () => {
    const setup = start('cli/main.js', SETUP);
    const ended = once(setup, 'exit');
    // How long prove waits for a setup to begin is not what this is about.
    await vi.waitUntil(() => isDirectoryHeld(at('keys')), { timeout: PATIENCE_MS, interval: 20 });
    const proving = solvent(...PROVE);
    expect(proving.errors).not.toContain('error');
    expect(proving.exitCode).toBe(0);
    expect(await ended).toEqual([0, null]);
    const trusting = ['--trust', at('keys/trust.json'), '--allow-development-keys'];
    expect(solventVerify('bundle', at('run/bundle'), ...trusting)).toMatchObject({ exitCode: 0 });
  });
});

describe('keys that a setup left unfinished', () => {
  it('are refused by every command that reads them, and completed by the same setup', () => {
    const path = at('keys/keys.json');
    const record = JSON.parse(readFileSync(path, 'utf8')) as { circuits: { name: string }[] };
    const [awaited] = record.circuits.splice(1, 1);
    writeFileSync(path, encodeJsonLine({ ...record, awaited: [awaited!.name] }));
    for (const command of [
      PROVE,
      ['bench', '--keys', at('keys')],
      ['keys', 'list', at('keys')],
      ['trust', 'export', '--keys', at('keys'), '--platform', 'Corner Exchange', '--out', at('trust.json')],
    ]) {
      const { exitCode, errors } = solvent(...command);
      expect(errors).toContain('code: keys-incomplete');
      expect(errors).toContain('run solvent setup again');
      expect(exitCode).toBe(2);
    }
    expect(solvent(...SETUP)).toMatchObject({ exitCode: 0 });
    expect(solvent('keys', 'list', at('keys'), '--check')).toMatchObject({ exitCode: 0 });
    expect(solvent(...PROVE).output).toContain('The bundle was complete already');
  });
});
