import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ed25519 } from '@noble/curves/ed25519.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeInclusion, type Published } from '../../conformance/adversary/world.js';
import { formatManifestHash, type Manifest } from '../../src/protocol/index.js';
import { encodePins } from '../../src/protocol/reserves/index.js';
import { publishSite, type SiteSources } from '../../src/site/site.js';
import { verifyHistory } from '../../src/verifier/index.js';
import { loadHistory } from '../../src/verifier/node/index.js';
import { verifyReservesHistory } from '../../src/verifier/reserves/index.js';
import {
  build,
  ETHER,
  KEYS,
  makeWorld,
  publish as publishReserves,
  wallet,
} from '../../conformance/adversary/reserves/world.js';
import { startBrowser } from './browser.js';
import { check, fill, openPage, savePage, type SavedPage } from './check-page.js';
import { CEREMONY, publishAs, writeFiles } from './published-files.js';

const started = await startBrowser();
const USER = 'lea@example.org';
const signer = {
  publicKey: CEREMONY.trust.signingKey,
  sign: (message: Uint8Array) => ed25519.sign(message, CEREMONY.signingSecret),
};
let directory = '';
const at = (...names: string[]) => join(directory, ...names);

/** A finished run, its user's file, and reserves of it: ether that is proven, and what a custodian confirms of the rest. */
async function makeRun(
  name: string,
  changes: Partial<Manifest> = {},
  previousReservesHash: string | null = null,
): Promise<{ published: Published; files: Awaited<ReturnType<typeof writeFiles>> }> {
  const published = publishAs(CEREMONY, { previousManifestHash: null, ...changes });
  const inclusion = makeInclusion(published, USER);
  await mkdir(at(name, 'bundle'), { recursive: true });
  const files = await writeFiles(at(name, 'bundle'), { platform: CEREMONY, published, inclusion });
  const { manifest } = published;
  const { platform, takenAt, snapshotHash } = manifest;
  const owed = manifest.totals.map(({ asset, equity, debt }, index) => ({
    asset,
    decimals: manifest.assets[index]!.decimals,
    equityUnits: BigInt(equity),
    debtUnits: BigInt(debt),
  }));
  const world = makeWorld();
  world.liabilities = {
    ...{ platform, takenAt, snapshotHash, signingKey: signer.publicKey, manifestHashCompared: false },
    ...{ manifestHash: formatManifestHash(manifest), trustHash: null, insecure: false, assets: owed },
  };
  world.entries = [
    wallet(KEYS.hot, 5n * ETHER + 123n),
    ...owed
      .filter(({ asset, equityUnits }) => asset !== 'ETH' && asset !== 'OLD' && equityUnits > 0n)
      .map(({ asset, equityUnits }) => ({
        ...({ kind: 'custody', custodian: 'vault', account: 'segregated-1', asset } as const),
        ...({ amount: equityUnits.toString(), level: 'attested', encumbrance: null } as const),
      })),
  ];
  const built = await build(world);
  built.draft = { ...built.draft, previousReservesHash };
  await mkdir(at(name, 'reserves'));
  for (const [file, bytes] of await publishReserves(built, signer))
    await writeFile(at(name, 'reserves', file), bytes);
  await writeFile(at(name, 'pins.json'), encodePins(built.pins));
  return { published, files };
}

const codeOf = (sources: SiteSources, out = at('none')) =>
  publishSite(sources, out).then(
    () => 'published',
    (error: unknown) => (error as { code: string }).code,
  );
const sourcesOf = (name: string) => ({ run: at(name), reserves: at(name, 'reserves') });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-site-reserves-'));
  await makeRun('first');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a published site with reserves', () => {
  it('has the files that were signed, and says what is held at each level and what that does not show', async () => {
    await writeFile(at('first/reserves/notes.txt'), 'private');
    const trust = at('first/bundle/trust.json');
    const site = await publishSite({ ...sourcesOf('first'), trust, pins: at('first/pins.json') }, at('site'));
    expect(site.pinsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(await readdir(at('site/reserves'))).toEqual([
      'entries.ndjson',
      'evidence.ndjson',
      'headers.eip155-1.bin',
      'reserves.json',
      'reserves.sig.json',
      'state.eip155-1.bin',
    ]);
    expect(await readdir(at('site'))).not.toContain('pins.json');
    const front = await readFile(at('site/index.html'), 'utf8');
    for (const told of [site.reservesHash!, '5.00000000', 'attested', 'What reserves do not show']) {
      expect(front).toContain(told);
    }
    expect(front).toMatch(/class="not-shown">not shown</);
    expect(front).not.toContain('these are its liabilities, not its assets');
  });

  it('is not made of reserves that are cut short, of another snapshot, or that readers would refuse', async () => {
    const trust = at('first/bundle/trust.json');
    await makeRun('other', { takenAt: '2026-07-31T00:00:00Z' });
    expect(await codeOf({ run: at('first'), reserves: at('other/reserves') })).toBe(
      'reserves-of-another-run',
    );
    expect(await codeOf({ ...sourcesOf('first'), trust, pins: at('other/pins.json') })).toBe(
      'reserves-not-valid',
    );
    expect(await codeOf({ ...sourcesOf('first'), pins: at('first/pins.json') })).toBe('pins-alone');
    expect(await codeOf({ run: at('first'), trust, pins: at('first/pins.json') })).toBe('pins-alone');
    const path = at('other/reserves/entries.ndjson');
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    expect(await codeOf(sourcesOf('other'))).toBe('reserves-incomplete');
    expect(await readdir(directory)).not.toContain('none');
  });

  it('keeps the reserves of the site before in its history, and takes none that do not follow them', async () => {
    const { manifestHash, reservesHash } = await publishSite(sourcesOf('first'), at('chain-1'));
    const next = { takenAt: '2026-07-31T00:00:00Z', previousManifestHash: manifestHash };
    await makeRun('forgetful', next);
    expect(await codeOf({ ...sourcesOf('forgetful'), previous: at('chain-1') })).toBe(
      'reserves-do-not-follow',
    );
    await makeRun('second', next, reservesHash);
    await publishSite({ ...sourcesOf('second'), previous: at('chain-1') }, at('chain-2'));
    // The history of each site can be walked, reserves and all.
    expect(await readdir(at('chain-1/history/2026-06-30T000000Z/reserves'))).toEqual([
      'reserves.json',
      'reserves.sig.json',
    ]);
    const history = await loadHistory(at('chain-2'));
    const { entries } = verifyReservesHistory(history, verifyHistory(history));
    expect(entries.map(({ reservesHash: hash }) => hash !== null)).toEqual([true, true]);
    const kept = at('chain-2/history/2026-06-30T000000Z/reserves');
    expect(await readFile(join(kept, 'state.eip155-1.bin'))).toEqual(
      await readFile(at('first/reserves/state.eip155-1.bin')),
    );
  });
});

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  let saved: SavedPage;
  beforeAll(async () => {
    saved = await savePage();
  });
  afterAll(async () => {
    await saved.remove();
    await browser.close();
  });

  describe('reserves on the check page', () => {
    it('are verified by the pins of its user alone, without a network', async () => {
      const { files } = await makeRun('page');
      const { page, context, watched } = await openPage(browser, saved.address);
      await fill(page, { files: Object.values(files), userId: USER });
      const outcome = page.locator('#reserves-outcome');
      const ask = async () => {
        expect(await check(page)).toMatchObject({ tone: 'valid', code: 'valid' });
        return outcome.innerText();
      };
      const names = await readdir(at('page/reserves'));
      await page.getByLabel('Add the reserves').setInputFiles(names.map((name) => at('page/reserves', name)));
      await page.locator('#reserve-slots .here').waitFor();
      expect(await ask()).toContain('pins-missing');
      await page.getByLabel('Add your pins').setInputFiles(at('page/pins.json'));
      await page.locator('#reserve-slots .here').nth(1).waitFor();
      expect(await ask()).toMatch(/^✕ Short/);
      const text = await page.locator('#result').innerText();
      expect(text).toMatch(/ETH\s+12\.00000003\s+5\.00000000\s+41\.66 %\s+short/);
      expect(text).toContain('Who has a legal right to it');
      const entries = await readFile(at('page/reserves/entries.ndjson'), 'utf8');
      await mkdir(at('lie'));
      await writeFile(
        at('lie/entries.ndjson'),
        entries.replace('5000000000000000123', '6000000000000000123'),
      );
      await page.getByLabel('Add the reserves').setInputFiles(at('lie/entries.ndjson'));
      expect(await ask()).toContain('file-hash-differs');
      expect(await page.locator('#result').innerText()).not.toContain('41.66');
      expect(watched.complaints).toEqual([]);
      expect(watched.requests.filter((url) => !/^(?:file|blob|data):/.test(url))).toEqual([]);
      await context.close();
    });
  });
}
