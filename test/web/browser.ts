import { readFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import sparticuz from '@sparticuz/chromium';
import { type Page, chromium, type Browser } from 'playwright-core';

import { projectRoot } from '../../src/system/index.js';

const SOURCE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core has against a page as it stands: each rule with its places. */
export async function findFaults(page: Page): Promise<string[]> {
  await page.evaluate(SOURCE);
  return page.evaluate<string[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join()))`,
  );
}

/** Where pictures go that nobody commits. */
const PICTURES = join(projectRoot(), 'node_modules/.cache/solvent-pictures');
/** Where the small ones go: `SOLVENT_IMAGES=docs/images npx vitest run test/web` makes those of the docs. */
const SMALL_PICTURES = process.env.SOLVENT_IMAGES ?? PICTURES;
const SMALL_HEIGHT_PX = 620;

/** For whatever a browser does: it ends what hangs, and fails nothing for want of speed. */
export const PATIENCE_MS = 1_200_000;

/** A browser from npm, without a system package; or why there is none here. */
export async function startBrowser(): Promise<Browser | { readonly missing: string }> {
  try {
    return await chromium.launch({
      executablePath: await sparticuz.executablePath(),
      // Not the arguments that come with it: they switch off the same-origin rules that the page relies upon.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      headless: true,
      timeout: PATIENCE_MS,
    });
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split('\n', 1)[0]! : 'unknown' };
  }
}

/** What a page did besides drawing: what it asked for, and what it complained of. */
export type Watched = { readonly requests: string[]; readonly complaints: string[] };

/** Notes every request and every complaint of a page, of its workers too. */
export function watch(page: Page): Watched {
  const watched: Watched = { requests: [], complaints: [] };
  page.on('request', (request) => watched.requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') watched.complaints.push(message.text());
  });
  page.on('pageerror', (error) => watched.complaints.push(error.message));
  return watched;
}

/** Draws the whole page as it stands into a file. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** Draws the upper part of an element, as wide as the page, into a file for the docs. */
export async function takeSmallPicture(page: Page, selector: string, name: string): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`expected ${selector} to be seen, got nothing`);
  const { width } = page.viewportSize()!;
  const y = box.y + (await page.evaluate<number>('window.scrollY'));
  await mkdir(SMALL_PICTURES, { recursive: true });
  await page.screenshot({
    path: join(SMALL_PICTURES, `${name}.png`),
    fullPage: true,
    clip: { x: 0, y: y - 16, width, height: Math.min(box.height + 32, SMALL_HEIGHT_PX) },
  });
}

/** Draws one element of a page as it stands into a file. */
export async function takeElementPicture(page: Page, selector: string, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.locator(selector).screenshot({ path: join(PICTURES, `${name}.png`) });
}
