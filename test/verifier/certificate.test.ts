import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeInclusion, formatManifestHash, type InclusionFile } from '../../src/protocol/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { makeInclusion, type Platform } from '../../conformance/adversary/world.js';
import { publishTrader, TRADER, TRADER_LINES } from '../../conformance/adversary/trader.js';
import { findFaults } from '../web/browser.js';
import { CEREMONY, DEVELOPMENT, writeFiles } from '../web/published-files.js';
import { launchBrowser, PATIENCE_MS } from './browser.js';

let directory: string;
const made = (platform: Platform) => {
  const published = publishTrader(platform, TRADER_LINES);
  return { platform, published, inclusion: makeInclusion(published, TRADER) };
};
const ceremony = made(CEREMONY);
const at = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-certificate-'));
  await writeFiles(at('ceremony'), ceremony);
  await writeFiles(at('development'), made(DEVELOPMENT));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs the command over the files of a directory, with a certificate of that name. */
async function certify(
  from: string,
  name: string,
  { user = TRADER, file = at(`${from}/inclusion.json`), more = [] as readonly string[] } = {},
) {
  let [out, errors] = ['', ''];
  const manifest = ['--manifest', at(`${from}/manifest.json`), '--trust', at(`${from}/trust.json`)];
  const code = await runCommand(
    ['inclusion', file, '--user', user, ...manifest, '--certificate', at(name), ...more],
    {
      write: (text) => (out += text),
      writeError: (text) => (errors += text),
      readLine: () => Promise.resolve(''),
    },
  );
  const isWritten = (await readdir(directory)).includes(name);
  return { code, out, errors, page: isWritten ? await readFile(at(name), 'utf8') : undefined };
}

describe('a certificate', () => {
  it('has the verdict, the signed hash, the rows and the lines, and is for its owner alone to give away', async () => {
    const { code, page, errors } = await certify('ceremony', 'good.html');
    expect([code, errors]).toEqual([0, '']);
    expect((await stat(at('good.html'))).mode & 0o777).toBe(0o600);
    expect(page).toContain('✓ Valid');
    expect(page).toContain(formatManifestHash(ceremony.published.manifest));
    expect(page).toContain(ceremony.published.signature.signature);
    expect(page).toContain(TRADER);
    expect(page).toMatch(/holds 1\.58837317 BTC; owes 43,600\.250000 USDT/);
    for (const { reference } of TRADER_LINES) expect(page).toContain(reference);
    expect(page).toMatch(/and anyone can write one/);
    expect(page).not.toContain('INSECURE');
    expect(page).not.toMatch(/<script|<link|<img|\bhref=|\bsrc=|\bstyle=/i);
    const again = await certify('ceremony', 'again.html');
    expect(again.page).toBe(page);
  });

  it('has nothing of other users, no total, and nothing that opens a row', async () => {
    const { page } = await certify('ceremony', 'alone.html');
    const { groups, parts, batches } = ceremony.inclusion;
    const secret = [
      ...groups.flatMap(({ maskPoint, blindOpening, entries }) => [
        ...[maskPoint, blindOpening],
        ...entries.flatMap(({ point, id }) => [point, id]),
      ]),
      ...parts.flatMap(({ nonce, blind }) => [nonce, blind]),
      ...batches.flatMap(({ groupHashes }) => groupHashes),
    ];
    expect(secret.length).toBeGreaterThan(5);
    for (const text of secret) expect(page).not.toContain(text);
    // What all users have of BTC and of XYZ, which this one has nothing of.
    expect(page).not.toMatch(/7\.08837322|XYZ|ETH [0-9]/);
  });

  it('is not written where the verdict is not valid, and the command says so', async () => {
    const write = async (name: string, change: (file: InclusionFile) => void) => {
      const file = structuredClone(ceremony.inclusion);
      change(file);
      await writeFile(at(name), encodeInclusion(file));
      return at(name);
    };
    const richer = await write('richer.json', ({ parts }) => (parts[0]!.slots[0]!.amount = '158837318'));
    const line = await write('line.json', ({ statement }) => (statement!.lines[0]!.value = '1.50000001'));
    for (const given of [
      { file: richer },
      { file: line },
      { user: 'bob@example.org' },
      { more: ['--own-rows'] },
      { more: ['--manifest-hash', '00'.repeat(32)] },
      { more: ['--trust-hash', '00'.repeat(32), '--json'] },
    ]) {
      const { code, errors, page } = await certify('ceremony', 'refused.html', given);
      expect(code).not.toBe(0);
      expect([errors, page]).toEqual(['no certificate was written: the verdict is not valid\n', undefined]);
    }
    const keys = await certify('development', 'refused.html');
    expect([keys.code, keys.page]).toEqual([1, undefined]);
  });

  it('says INSECURE in its title and at every heading where development keys were allowed', async () => {
    const { code, page } = await certify('development', 'insecure.html', {
      more: ['--allow-development-keys'],
    });
    expect(code).toBe(0);
    expect(page).toContain('<title>INSECURE, no certificate');
    expect(page).toContain('This certifies nothing');
    expect(page).not.toMatch(/✓ Valid|Certificate of holdings/);
    expect(page!.match(/<h2>(?!Not shown)/g)!.length).toBe(
      page!.match(/<h2>[^<]+<span class="mark">INSECURE/g)!.length,
    );
  });

  it('takes the place of no other file, and leaves nothing where it cannot be written', async () => {
    await writeFile(at('there.html'), 'another');
    const there = await certify('ceremony', 'there.html', { more: ['--json'] });
    expect(there.code).toBe(2);
    expect(there.out).toContain('"code": "certificate-exists"');
    expect(there.page).toBe('another');
    const nowhere = await certify('ceremony', 'no-directory/one.html');
    expect(nowhere.code).toBe(2);
    expect(nowhere.errors).toContain('code: file-unwritable');
    expect(nowhere.out).not.toContain('VALID');
    expect((await readdir(directory)).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('is read by screen readers, on a phone and in the dark, and prints on one page', async () => {
    await certify('ceremony', 'looks.html');
    const browser = await launchBrowser();
    try {
      for (const [colorScheme, width] of [
        ['light', 800],
        ['dark', 360],
      ] as const) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
        page.setDefaultTimeout(PATIENCE_MS);
        await page.goto(`file://${at('looks.html')}`);
        expect(await findFaults(page)).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
        if (process.env.SOLVENT_PICTURES !== undefined) {
          await page.screenshot({
            path: join(process.env.SOLVENT_PICTURES, `certificate-${width}.png`),
            fullPage: true,
          });
        }
        const pdf = await page.pdf({ format: 'A4' });
        expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
