import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { formatManifestHash } from '../../src/protocol/index.js';
import { findFaults, startBrowser, takePicture, takeSmallPicture } from './browser.js';

import { check, fill, openPage, readVerdict, savePage, type SavedPage, type Visit } from './check-page.js';
import { CEREMONY, DEVELOPMENT, publishAs, writeFiles } from './published-files.js';
import { publishTrader, TRADER, TRADER_LINES } from '../../conformance/adversary/trader.js';
import { makeInclusion } from '../../conformance/adversary/world.js';

const started = await startBrowser();
const published = publishAs(CEREMONY);

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('every state of the page', () => {
    describeLooks(browser);
  });
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

function describeLooks(browser: Browser): void {
  let saved: SavedPage;
  const states = new Map<string, Visit>();
  let keyboard: Visit;

  beforeAll(async () => {
    saved = await savePage();
    const write = (name: string, parts: Parameters<typeof writeFiles>[1]) =>
      writeFiles(join(saved.directory, name), parts);
    const inclusion = makeInclusion(published, 'ann@example.org');
    const good = await write('good', { platform: CEREMONY, published, inclusion });
    const richer = structuredClone(inclusion);
    richer.parts[0]!.slots[0]!.amount = '900000000';
    const tampered = await write('tampered', { platform: CEREMONY, published, inclusion: richer });
    const test = publishAs(DEVELOPMENT);
    const development = await write('development', {
      platform: DEVELOPMENT,
      published: test,
      inclusion: makeInclusion(test, 'lea@example.org'),
    });
    const withoutTrust = Object.entries(good).flatMap(([kind, path]) => (kind === 'trust' ? [] : [path]));
    const traded = publishTrader(CEREMONY, TRADER_LINES);
    const trader = await write('trader', {
      platform: CEREMONY,
      published: traded,
      inclusion: makeInclusion(traded, TRADER),
    });
    states.set('valid', {
      files: Object.values(trader),
      userId: TRADER,
      manifestHash: formatManifestHash(traded.manifest),
    });
    keyboard = { files: Object.values(good), userId: 'ann@example.org' };
    states.set('invalid', { files: Object.values(tampered), userId: 'ann@example.org' });
    states.set('unverifiable', { files: withoutTrust });
    states.set('insecure', { files: Object.values(development), allowDevelopmentKeys: true });
  });
  afterAll(() => saved.remove());

  it.each(['light', 'dark'] as const)('has nothing that axe-core objects to, %s', async (colorScheme) => {
    const { page, context } = await openPage(browser, saved.address, {
      colorScheme,
      viewport: { width: 800, height: 900 },
    });
    expect(await findFaults(page)).toEqual([]);
    await takePicture(page, `start-${colorScheme}`);
    for (const [tone, visit] of states) {
      await page.reload();
      await fill(page, visit);
      expect((await check(page)).tone).toBe(tone);
      expect(await findFaults(page)).toEqual([]);
      await takePicture(page, `${tone}-${colorScheme}`);
      if (colorScheme === 'light') await takeSmallPicture(page, '#result', `check-${tone}`);
    }
    await context.close();
  });

  it('fits a phone of 360 pixels without scrolling sideways', async () => {
    const { page, context } = await openPage(browser, saved.address, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    expect(await widthOf(page)).toBe(360);
    for (const [tone, visit] of states) {
      await page.reload();
      await fill(page, visit);
      expect((await check(page)).tone).toBe(tone);
      expect(await widthOf(page)).toBe(360);
      expect(await findFaults(page)).toEqual([]);
      await takePicture(page, `${tone}-phone`);
    }
    await context.close();
  });

  it('is worked by keyboard alone, and moves the focus to the answer, which is announced', async () => {
    const { page, context } = await openPage(browser, saved.address);
    const focused = () => page.evaluate<string>('document.activeElement.id');
    const { files } = keyboard;
    // Waited for from here on: the browser is told to hand dialogs over, and a key must not come before that.
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('language');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('files');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles([...files]);
    await page.locator('#slots .here').nth(6).waitFor();
    // Past the seven buttons that take a file away again.
    for (let tab = 0; tab < 8; tab++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('user');
    await page.keyboard.type('ann@example.org');
    await page.keyboard.press('Enter');
    expect((await readVerdict(page)).tone).toBe('valid');
    expect(await focused()).toBe('verdict');
    const status = page.locator('#progress');
    expect(await status.getAttribute('role')).toBe('status');
    expect(await status.innerText()).toBe('Valid. Your money is in the proof.');
    await context.close();
  });

  it('tells the states apart by word and outline, not by colour alone', async () => {
    const { page, context } = await openPage(browser, saved.address);
    const seen = new Set<string>();
    for (const [tone, visit] of states) {
      await page.reload();
      await fill(page, visit);
      const { label } = await check(page);
      const outline = await page.locator('.icon .outline').getAttribute('d');
      seen.add(label);
      seen.add(outline ?? tone);
    }
    expect(seen.size).toBe(2 * states.size);
    await context.close();
  });
}
