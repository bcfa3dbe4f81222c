import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser, BrowserContext, Page } from 'playwright-core';

import { buildPage } from '../../scripts/web/page.js';
import { projectRoot } from '../../src/system/index.js';
import { PATIENCE_MS, watch, type Watched } from './browser.js';

/** The page as a file in a directory of its own, as a user saves it. */
export type SavedPage = {
  readonly directory: string;
  readonly address: string;
  readonly html: string;
  readonly remove: () => Promise<void>;
};

/** Builds the page from its sources and saves it. */
export async function savePage(): Promise<SavedPage> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-page-'));
  const html = await buildPage(projectRoot());
  const path = join(directory, 'check.html');
  await writeFile(path, html);
  return {
    directory,
    address: pathToFileURL(path).href,
    html,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** What a user does on the page. */
export type Visit = {
  readonly files: readonly string[];
  /** How many files that makes, where some are archives. */
  readonly fileCount?: number;
  readonly userId?: string;
  readonly manifestHash?: string;
  readonly trustHash?: string;
  readonly allowDevelopmentKeys?: boolean;
};

/** A page that was opened, and what it did. */
export type Opened = { readonly page: Page; readonly context: BrowserContext; readonly watched: Watched };

/** Opens the page without a network. */
export async function openPage(
  browser: Browser,
  address: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Opened> {
  const context = await browser.newContext({ ...options, offline: true });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(address);
  return { page, context, watched };
}

/** Fills the form in. */
export async function fill(page: Page, visit: Visit): Promise<void> {
  await page.getByLabel('Choose files').setInputFiles([...visit.files]);
  await page
    .locator('#slots .here')
    .nth((visit.fileCount ?? visit.files.length) - 1)
    .waitFor();
  await page.getByLabel('Your id at the platform').fill(visit.userId ?? 'lea@example.org');
  await page.getByLabel('Manifest hash').fill(visit.manifestHash ?? '');
  await page.getByLabel('Hash of the trust file').fill(visit.trustHash ?? '');
  await page.getByLabel(/accept development keys/).setChecked(visit.allowDevelopmentKeys ?? false);
}

/** The verdict as it stands on the page. */
export type ShownVerdict = {
  readonly tone: string;
  readonly label: string;
  readonly headline: string;
  readonly text: string;
  readonly code: string;
};

/** Presses the button and waits for the verdict. */
export async function check(page: Page): Promise<ShownVerdict> {
  await page.getByRole('button', { name: 'Check my account' }).click();
  return readVerdict(page);
}

/** The verdict, once there is one. */
export async function readVerdict(page: Page): Promise<ShownVerdict> {
  const verdict = page.locator('.verdict');
  await verdict.waitFor();
  const className = (await verdict.getAttribute('class')) ?? '';
  return {
    tone: className.replace('verdict ', ''),
    label: await verdict.locator('.label').innerText(),
    headline: await verdict.getByRole('heading').innerText(),
    text: await verdict.innerText(),
    code: await verdict.locator('code').innerText(),
  };
}
