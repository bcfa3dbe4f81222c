import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeInclusion } from '../../conformance/adversary/world.js';
import { publishTrader, TRADER, TRADER_LINES } from '../../conformance/adversary/trader.js';
import { findFaults, startBrowser, takeElementPicture, takePicture, takeSmallPicture } from './browser.js';

import { check, fill, openPage, savePage, type SavedPage } from './check-page.js';
import { CEREMONY, publishAs, writeFiles } from './published-files.js';

const started = await startBrowser();

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('what an account is worth, on the page', () => {
    describeWorth(browser);
  });
}

const WORTH = '[aria-labelledby="worth-title"]';

/** Pages of a PDF, by the objects that it is made of. */
const countPages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;

function describeWorth(browser: Browser): void {
  let saved: SavedPage;
  let files: string[];

  beforeAll(async () => {
    saved = await savePage();
    const published = publishTrader(CEREMONY, TRADER_LINES);
    const inclusion = makeInclusion(published, TRADER);
    files = Object.values(await writeFiles(saved.directory, { platform: CEREMONY, published, inclusion }));
  });
  afterAll(() => saved.remove());

  async function open(options: Parameters<Browser['newContext']>[0] = {}) {
    const opened = await openPage(browser, saved.address, options);
    await fill(opened.page, { files, userId: TRADER });
    expect((await check(opened.page)).tone).toBe('valid');
    return opened;
  }
  const answerOf = (page: Page) => page.locator('#what-if-answer').innerText();
  const thenOf = (page: Page) => page.locator('.positions [data-label="If so"]').allInnerTexts();

  it('says it in words, what each position has made, and where cover ends', async () => {
    const { page, context } = await open();
    const text = await page.locator('section[aria-labelledby="worth-title"]').innerText();
    // 1.5 BTC and what they made, less 43,600.25 USDT that are owed.
    expect(text).toContain(
      'your account is worth 51,702.14 USD: you hold 95,302.39 USD and owe 43,600.25 USD',
    );
    expect(text).toMatch(/The cover of your account is 46,937\.02 USD/);
    expect(text).toMatch(/Cover ends if BTC falls by ≈ \d+\.\d %, to ≈ [\d,.]+ USD, and all else stays/);
    expect(text).toMatch(
      /Short 300 contracts, each of 100 units of the quote currency\. It gains as BTC falls/,
    );
    expect(text).toContain('You may buy BTC at 70,000, until 25 September 2026');
    expect(text).toContain('Its buyer may sell ETH at 2,600');
    expect(text).toMatch(/ETH-USDT-PERP[^]*2,406\.000000 USDT/);
    expect(text).toContain('Proven: the amounts that you hold and owe');
    expect(text).toContain('by no proof');
    expect(await page.locator('details li').first().isVisible()).toBe(false);
    await context.close();
  });

  it('revalues lines as a slider moves by keyboard, and takes it back, with nothing asked of anybody', async () => {
    const { page, context, watched } = await open();
    const before = [await answerOf(page), ...(await thenOf(page))];
    const slider = page.getByRole('slider', { name: /moves by/ });
    await slider.focus();
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('BTC +10 %');
    expect(await answerOf(page)).toMatch(/^With BTC 10 % higher, at ≈ 66,000\.00 USD, .* more than now\./);
    const [inverse, call, linear, put] = await thenOf(page);
    // -30,000 (1/58000 - 1/66000), and what hangs on ETH stays.
    expect(inverse).toBe('≈ −0.062696 BTC');
    expect(Number(/[\d.]+/.exec(call!)![0])).toBeGreaterThan(0.105615);
    expect([linear, put]).toEqual(['≈ 2,406.000000 USDT', '≈ −506.250000 USDT']);
    await page.getByRole('slider', { name: /volatility/ }).fill('-20');
    expect(await thenOf(page)).not.toContain(call);
    await page.getByLabel('The price of').selectOption('ETH');
    expect((await thenOf(page))[0]).toBe('≈ −0.017241 BTC');
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByLabel('The price of').selectOption('BTC');
    expect([await answerOf(page), ...(await thenOf(page))]).toEqual(before);
    expect(watched.requests.filter((url) => !url.startsWith('blob:'))).toEqual([saved.address]);
    expect(watched.complaints).toEqual([]);
    await context.close();
  });

  it('says why there are no sliders, of a user whose platform gave no statement', async () => {
    const published = publishAs(CEREMONY);
    const inclusion = makeInclusion(published, 'lea@example.org');
    expect(inclusion.statement).toBeNull();
    const directory = join(saved.directory, 'without-statement');
    const own = Object.values(await writeFiles(directory, { platform: CEREMONY, published, inclusion }));
    const { page, context } = await openPage(browser, saved.address);
    await fill(page, { files: own, userId: 'lea@example.org' });
    expect((await check(page)).tone).toBe('valid');
    expect(await page.locator(WORTH).innerText()).toMatch(
      /no slider here[^]*gave no statement[^]*\(no-statement\)/,
    );
    expect(await page.locator('.what-if').count()).toBe(0);
    await context.close();
    const traders = await open();
    expect(await traders.page.locator(WORTH).innerText()).not.toContain('no-statement');
    await traders.context.close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe-core objects to once it was moved, %s',
    async (colorScheme) => {
      for (const width of [900, 360]) {
        const { page, context } = await open({ colorScheme, viewport: { width, height: 900 } });
        await page.getByRole('slider', { name: /moves by/ }).fill('-45');
        await page.locator('summary').click();
        expect(await findFaults(page)).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
        await takeElementPicture(page, WORTH, `worth-${colorScheme}-${width}`);
        if (colorScheme === 'light' && width === 900) await takeSmallPicture(page, WORTH, 'check-worth');
        await context.close();
      }
    },
  );

  it('is printed on one page, without what paper cannot do', async () => {
    const { page, context } = await open({ colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4' });
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.setViewportSize({ width: 700, height: 990 });
    const text = await page.locator('body').innerText();
    expect(text).toMatch(/Statement of position[^]*Valid[^]*1\.58837317[^]*BTC-PERP[^]*Manifest hash/);
    expect(text).not.toMatch(/The files|Can you trust|What if|If so|Show what each/);
    await takePicture(page, 'worth-print');
    expect(countPages(pdf)).toBe(1);
    await context.close();
  });
}
