import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BUNDLE_FILES } from '../../src/protocol/index.js';
import { publishSite } from '../../src/site/site.js';
import { solvent } from '../integration/commands.js';
import { startBrowser } from './browser.js';
import { check, fill, openPage } from './check-page.js';

const started = await startBrowser();
const directory = mkdtempSync(join(tmpdir(), 'solvent-published-'));
const at = (name: string) => join(directory, name);
const ALICE = 'alice@example.com';

function succeed(...args: string[]): void {
  const { exitCode, errors } = solvent(...args);
  if (exitCode !== 0) throw new Error(`expected ${args[0]!} to succeed, got: ${errors}`);
}

/** Circuits, keys and proofs as users get them: what the simulated ones of the other tests stand for. */
beforeAll(async () => {
  const users = Array.from({ length: 20 }, (_, user) => `user${user}@example.com,ETH,${user + 1},0`);
  const balances = [`${ALICE},BTC,0.25,0`, `${ALICE},USD,100.5,0`, 'bob@example.com,USD,5000,0', ...users];
  writeFileSync(at('balances.csv'), ['user_id,asset,equity,debt', ...balances, ''].join('\n'));
  const assets = ['BTC,8,97000.5,0.9', 'ETH,8,3400,0.85', 'USD,2,1,1'];
  writeFileSync(at('assets.csv'), ['symbol,decimals,price,collateral_ratio', ...assets, ''].join('\n'));
  succeed('setup', '--profile', 'tiny', '--keys', at('keys'), '--development');
  const books = ['--balances', at('balances.csv'), '--assets', at('assets.csv')];
  const statement = ['--platform', 'Corner Exchange', '--at', '2026-01-31T00:00:00Z', '--quote', 'USD'];
  succeed('snapshot', ...statement, ...books, '--out', at('snapshot'));
  succeed('prove', at('snapshot'), '--keys', at('keys'), '--out', at('run'));
  succeed('inclusion', at('run'), '--user', ALICE, '--out', at('alice.json'));
  await publishSite({ run: at('run'), trust: at('keys/trust.json') }, at('site'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('a proven run, published', () => {
    it('is checked by its user on the site’s own page, with the files of the site', async () => {
      const { page, context, watched } = await openPage(browser, pathToFileURL(at('site/check.html')).href);
      await fill(page, {
        files: [
          at('alice.json'),
          ...Object.values(BUNDLE_FILES).map((name) => at(`site/bundle/${name}`)),
          at('site/trust.json'),
        ],
        userId: ` ${ALICE} `,
        allowDevelopmentKeys: true,
      });
      expect(await check(page)).toMatchObject({ tone: 'insecure', code: 'development-keys-allowed' });
      const text = await page.locator('#result').innerText();
      expect(text).toMatch(/BTC\s+0\.25000000\s+0\.25000000/);
      expect(text).toMatch(/USD\s+100\.50\s+5,100\.50/);
      expect(text).not.toMatch(/\d failed/i);
      expect(watched.complaints).toEqual([]);
      expect(watched.requests.filter((url) => !/^(?:file|blob|data):/.test(url))).toEqual([]);
      await page.getByLabel(/accept development keys/).uncheck();
      expect(await check(page)).toMatchObject({ tone: 'invalid', code: 'development-keys' });
      await page.getByLabel('Your id at the platform').fill('bob@example.com');
      await page.getByLabel(/accept development keys/).check();
      expect(await check(page)).toMatchObject({ tone: 'invalid', code: 'id-commitment' });
      await context.close();
    });
  });
}
