import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeInclusion, toSource } from '../../conformance/adversary/world.js';
import { publishTrader, TRADER, TRADER_LINES } from '../../conformance/adversary/trader.js';
import { GERMAN } from '../../src/presentation/german.js';
import { SHEET_STYLE, speak } from '../../src/presentation/index.js';
import { encodeInclusion, formatManifestHash } from '../../src/protocol/index.js';
import { renderIndex } from '../../src/site/render-index.js';
import { renderReport } from '../../src/verifier/command/render.js';
import { projectRoot } from '../../src/system/index.js';
import { createPairing, renderHtml, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { findFaults, startBrowser, takePicture } from './browser.js';
import { fill, openPage, readVerdict, savePage, type SavedPage } from './check-page.js';
import { CEREMONY, DEVELOPMENT, publishAs, writeFiles } from './published-files.js';

const started = await startBrowser();
const STYLE = SHEET_STYLE + (await readFile(join(projectRoot(), 'src/site/site.css'), 'utf8'));
const traded = publishTrader(CEREMONY, TRADER_LINES);
const manifestHash = formatManifestHash(traded.manifest);
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'de-AT' };

const verify = async (inclusion = makeInclusion(traded, TRADER), userId = TRADER): Promise<Report> =>
  verifyInclusion(encodeInclusion(inclusion), toSource(traded), CEREMONY.trust, {
    ...{ pairing: await createPairing(), userId, manifestHash },
  });

/** English sentences of the table in a text: those with a few words, since single words are in names too. */
function findEnglish(text: string): string[] {
  return Object.entries(GERMAN)
    .filter(([english, german]) => english.split(' ').length > 3 && english !== german)
    .flatMap(([english]) =>
      text.includes(english.replace(/\{.*/, '')) && !english.startsWith('{') ? [english] : [],
    )
    .filter((english) => english.replace(/\{.*/, '').length > 12);
}

/** A page without what is English in every language: what each check compared. */
function textOf(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<(\w+)[^<>]* lang="en">[^<>]*<\/\1>/g, '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('a report in German', () => {
  it('has its words and numbers in German, and its code and its records as they are', async () => {
    const report = await verify();
    const page = speak('de', () => renderHtml(report));
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('<h1>✓ Gültig (VALID)</h1>');
    expect(page).toContain('<code>valid</code>');
    const seen = textOf(page);
    expect(seen).toMatch(/\d{1,2}\. [A-Z][a-zä]+ 20\d\d, \d\d:\d\d:\d\d UTC/);
    expect(seen).toMatch(/\d\.\d{3},\d{2}/);
    expect(seen).not.toMatch(/\d,\d{3}\.\d/);
    expect(findEnglish(seen)).toEqual([]);
    const text = speak('de', () => renderReport(report));
    expect(text.split('\n')[0]).toBe('VALID  valid');
    // What each check compared stands far in.
    expect(findEnglish(text.replace(/^ {15,}.*$/gm, ''))).toEqual([]);
    expect(speak('de', () => renderHtml(report))).toBe(page);
  });

  it('follows in its verdict from the code alone, whatever sentence stands in the report', async () => {
    const wrong = makeInclusion(traded, TRADER);
    wrong.parts[0]!.slots[0]!.amount = '900000000';
    const report = await verify(wrong);
    expect(report.valid).toBe(false);
    const forged = { ...report, verdict: 'Valid: trust me.', advice: 'Do nothing.' };
    const page = speak('de', () => renderHtml(forged));
    expect(page).toContain('✕ Ungültig (INVALID)');
    expect(page).toContain(`<code>${report.code}</code>`);
    expect(page).not.toMatch(/trust me|Do nothing/);
    expect(findEnglish(textOf(page))).toEqual([]);
    expect(speak('de', () => renderReport(forged)).split('\n')[0]).toBe(`INVALID  ${report.code}`);
  });
});

const front = {
  manifest: publishAs(DEVELOPMENT, { previousManifestHash: 'ab'.repeat(32) }).manifest,
  ...{ manifestHash, pageHash: 'cd'.repeat(32), trustHash: 'ef'.repeat(32) },
  ...{ provenance: null, reserves: null, snapshots: [] },
};

describe('the front page in German', () => {
  it('says all of it in German, leads to the check page in German, and asks for nothing', () => {
    const page = speak('de', () => renderIndex(front, STYLE));
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('href="check.html?lang=de"');
    expect(page).toContain('UNSICHER (INSECURE)');
    expect(findEnglish(textOf(page))).toEqual([]);
    expect(renderIndex(front, STYLE)).toContain('href="check.html"');
  });
});

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('the check page in German', () => {
    describePage(browser);
  });
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
const readAll = (page: Page) =>
  page.evaluate<string>(
    `[...document.querySelectorAll('body *')].filter((found) => !found.closest('[lang=en], script, noscript, option'))
      .flatMap((found) => [...found.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data))
      .concat([...document.querySelectorAll('[aria-label]')].map((found) => found.ariaLabel), document.title)
      .join(' ').replace(/\\s+/g, ' ')`,
  );

function describePage(browser: Browser): void {
  let saved: SavedPage;
  let files: Awaited<ReturnType<typeof writeFiles>>;

  beforeAll(async () => {
    saved = await savePage();
    const inclusion = makeInclusion(traded, TRADER);
    files = await writeFiles(join(saved.directory, 'trader'), {
      platform: CEREMONY,
      published: traded,
      inclusion,
    });
  });
  afterAll(() => saved.remove());

  it('speaks the language of the browser or of the address, and changes it without losing anything', async () => {
    const { page, context, watched } = await openPage(browser, saved.address, PHONE);
    const language = page.locator('#language');
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    expect(await language.inputValue()).toBe('de');
    expect(findEnglish(await readAll(page))).toEqual([]);
    expect(await widthOf(page)).toBe(360);
    await takePicture(page, 'german-start-phone');
    await language.selectOption('en');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await fill(page, { files: Object.values(files), userId: TRADER, manifestHash });
    await language.selectOption('de');
    await page.getByRole('button', { name: 'Mein Konto prüfen' }).click();
    const german = await readVerdict(page);
    expect(german).toMatchObject({ tone: 'valid', label: 'Gültig (VALID)', code: 'valid' });
    expect(german.headline).toBe('Ihr Geld ist im Nachweis.');
    expect(findEnglish(await readAll(page))).toEqual([]);
    expect(await widthOf(page)).toBe(360);
    expect(await findFaults(page)).toEqual([]);
    await takePicture(page, 'german-valid-phone');
    await language.selectOption('en');
    expect(await readVerdict(page)).toMatchObject({
      label: 'Valid',
      headline: 'Your money is in the proof.',
    });
    expect(await page.locator('#slots .here').count()).toBe(7);
    expect(await page.locator('#user').inputValue()).toBe(TRADER);
    expect(watched.requests.filter((request) => !/^(?:file|blob):/.test(request))).toEqual([]);
    expect(watched.complaints).toEqual([]);
    await page.goto(`${saved.address}?lang=xx`);
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    await page.goto(`${saved.address}?lang=en`);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await context.close();
  });

  it('fits a phone as a report and as a front page too, with nothing that axe-core objects to', async () => {
    const context = await browser.newContext({ ...PHONE, offline: true });
    const report = await verify();
    const pages = {
      report: speak('de', () => renderHtml(report)),
      site: speak('de', () => renderIndex(front, STYLE)),
    };
    for (const [name, html] of Object.entries(pages)) {
      // A page of its own: the policy of the one before would hold for it too.
      const page = await context.newPage();
      await page.setContent(html);
      await takePicture(page, `german-${name}-phone`);
      expect(await widthOf(page), name).toBe(360);
      expect(await findFaults(page)).toEqual([]);
    }
    await context.close();
  });
}
