import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PATIENCE_MS, startBrowser } from './browser.js';
import { check, fill, openPage, readVerdict, savePage, type SavedPage } from './check-page.js';
import { CEREMONY, publishAs, writeFiles } from './published-files.js';
import { makeInclusion } from '../../conformance/adversary/world.js';

const started = await startBrowser();
const published = publishAs(CEREMONY);

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('the form of the check page', () => {
    describeForm(browser);
  });
}

function describeForm(browser: Browser): void {
  let saved: SavedPage;
  let files: Awaited<ReturnType<typeof writeFiles>>;

  beforeAll(async () => {
    saved = await savePage();
    const inclusion = makeInclusion(published, 'lea@example.org');
    files = await writeFiles(join(saved.directory, 'good'), { platform: CEREMONY, published, inclusion });
  });
  afterAll(() => saved.remove());

  const all = () => Object.values(files);

  it('forgets its answer as soon as anything that was asked changes', async () => {
    const { page, context } = await openPage(browser, saved.address);
    await fill(page, { files: all() });
    expect((await check(page)).tone).toBe('valid');
    await page.getByLabel('Your id at the platform').fill('bob@example.org');
    expect(await page.locator('.verdict').count()).toBe(0);
    expect((await check(page)).tone).toBe('invalid');
    await page.getByRole('button', { name: 'Remove: The trust file' }).click();
    expect(await page.locator('.verdict').count()).toBe(0);
    await context.close();
  });

  it('says that nothing was checked where the browser lets no checker start', async () => {
    for (const [take, code] of [
      ['delete window.Worker', 'checker-not-started'],
      [
        'window.Worker = class extends EventTarget { constructor() { super(); throw new Error() } }',
        'checker-not-started',
      ],
      [
        'window.Worker = class extends EventTarget { postMessage() { this.dispatchEvent(new Event("error")) } terminate() {} }',
        'checker-not-started',
      ],
    ] as const) {
      const { page, context } = await openPage(browser, saved.address);
      await page.evaluate(take);
      await fill(page, { files: all() });
      const verdict = await check(page);
      expect(verdict).toMatchObject({ tone: 'fault', label: 'Not checked', code });
      expect(verdict.text).toContain('Use a current browser');
      await context.close();
    }
  });

  it('asks for what it needs before it checks, at the input that lacks it', async () => {
    const { page, context } = await openPage(browser, saved.address);
    const press = () => page.getByRole('button', { name: 'Check my account' }).click();
    const focused = () => page.evaluate<string>('document.activeElement.id');
    await press();
    expect(await focused()).toBe('files');
    expect(await page.locator('#files-problem').innerText()).toContain('inclusion-missing');
    await page.getByLabel('Choose files').setInputFiles(all());
    await press();
    expect(await focused()).toBe('user');
    await page.getByLabel('Your id at the platform').fill('lea@example.org');
    await page.getByLabel('Manifest hash').fill('abc');
    await press();
    expect(await focused()).toBe('manifest-hash');
    expect(await page.locator('#manifest-hash-problem').innerText()).toContain('hash-malformed');
    await context.close();
  });

  it('names a file that it does not take, and keeps those that it has', async () => {
    const path = join(saved.directory, 'holiday.json');
    await writeFile(path, '{"format":"a picture"}');
    const { page, context } = await openPage(browser, saved.address);
    await fill(page, { files: all() });
    await page.getByLabel('Choose files').setInputFiles(path);
    const refused = page.locator('#slots .refused');
    await refused.getByText('file-not-recognised').waitFor();
    expect(await refused.innerText()).toContain('holiday.json');
    expect(await page.locator('#files-status').textContent()).toContain('holiday.json');
    expect((await check(page)).tone).toBe('valid');
    expect(await refused.innerText()).toContain('holiday.json');
    await page.getByLabel('Choose files').setInputFiles(files.trust);
    await page.locator('#slots').getByText('in place of an earlier one').waitFor();
    expect(await refused.innerText()).toContain('holiday.json');
    await page.getByRole('button', { name: 'Remove: holiday.json' }).click();
    expect(await refused.count()).toBe(0);
    await context.close();
  });

  it('names a file that took the place of another one of its kind', async () => {
    const path = join(saved.directory, 'another.json');
    await writeFile(path, await readFile(files.inclusion));
    const { page, context } = await openPage(browser, saved.address);
    await fill(page, { files: all() });
    await page.getByLabel('Choose files').setInputFiles(path);
    const name = files.inclusion.split('/').at(-1)!;
    await page.locator('#slots').getByText(`another.json, in place of ${name}`).waitFor();
    expect(await page.locator('#files-status').textContent()).toContain(`another.json, in place of ${name}`);
    await context.close();
  });

  it.each([
    ['valid', {}],
    ['invalid', { userId: 'bob@example.org' }],
  ] as const)('brings its verdict into view on a phone, keyboard or not: %s', async (tone, visit) => {
    const { page, context } = await openPage(browser, saved.address, {
      ...{ viewport: { width: 390, height: 664 }, isMobile: true, hasTouch: true },
    });
    const isInView = () =>
      page.evaluate<boolean>(
        `(() => {
          const { top, bottom } = document.getElementById('verdict').getBoundingClientRect();
          return top >= 0 && bottom <= visualViewport.height;
        })()`,
      );
    await fill(page, { files: all(), ...visit });
    // The keyboard is there while the id is typed, and goes once the answer has the focus.
    await page.setViewportSize({ width: 390, height: 320 });
    await page.getByLabel('Your id at the platform').press('Enter');
    expect((await readVerdict(page)).tone).toBe(tone);
    expect(await isInView()).toBe(true);
    await page.setViewportSize({ width: 390, height: 664 });
    await expect.poll(isInView, { timeout: PATIENCE_MS }).toBe(true);
    await context.close();
  });

  it('shows what each check compared when it is asked', async () => {
    const { page, context } = await openPage(browser, saved.address);
    await fill(page, { files: all() });
    await check(page);
    const compared = page.getByText('1 row with the amounts shown');
    const toggle = page.getByRole('button', { name: 'Show what each compared' });
    expect([await compared.isVisible(), await toggle.getAttribute('aria-expanded')]).toEqual([
      false,
      'false',
    ]);
    await toggle.press('Enter');
    expect([await compared.isVisible(), await toggle.getAttribute('aria-expanded')]).toEqual([true, 'true']);
    await context.close();
  });

  it('lets nothing of another origin be fetched, drawn or run', async () => {
    const { page, context } = await openPage(browser, saved.address);
    const refused = await page.evaluate<string[]>(
      `new Promise((resolve) => {
        const seen = new Set();
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          seen.add(effectiveDirective);
          if (seen.size === 4) resolve([...seen].sort());
        });
        fetch('https://example.org/').catch(() => undefined);
        new Image().src = 'https://example.org/pixel.png';
        document.body.append(Object.assign(document.createElement('script'), { textContent: '0' }));
        document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.org/' }));
      })`,
    );
    expect(refused).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem']);
    await context.close();
  });

  it('takes files that are dropped anywhere', async () => {
    const { page, context } = await openPage(browser, saved.address);
    const contents = await Promise.all(all().map((path) => readFile(path, 'utf8')));
    await page.evaluate(
      `(() => {
        const transfer = new DataTransfer();
        for (const [index, text] of ${JSON.stringify(contents)}.entries())
          transfer.items.add(new File([text], 'file-' + index));
        document.body.dispatchEvent(
          new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }),
        );
      })()`,
    );
    await page.locator('#slots .here').nth(3).waitFor();
    await page.getByLabel('Your id at the platform').fill('lea@example.org');
    expect((await check(page)).tone).toBe('valid');
    await context.close();
  });
}
