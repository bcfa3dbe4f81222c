import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { assessRisk, attributeSnapshots, PARTS, writeStatements } from '../../src/analysis/index.js';
import { createSnapshotFromBooks } from '../../src/snapshot/index.js';
import { findFaults, startBrowser, takePicture, watch } from '../web/browser.js';

import { INSTANTS, writeRandomBooks } from './random-books.js';

let directory: string;
let browser: Browser;
const root = (name: string) => join(directory, name);

beforeAll(async () => {
  const started = await startBrowser();
  if ('missing' in started) throw new Error(`expected a browser, got none: ${started.missing}`);
  browser = started;
  directory = await mkdtemp(join(tmpdir(), 'solvent-pages-'));
  const { configPaths } = await writeRandomBooks(root('books'), { seed: 2, accountCount: 24 });
  for (const at of [0, 1] as const) {
    const outDirectory = root(`snapshot-${at}`);
    await createSnapshotFromBooks({ configPath: configPaths[at]!, takenAt: INSTANTS[at], outDirectory });
  }
  await attributeSnapshots({
    ...{ before: root('snapshot-0'), after: root('snapshot-1'), configPath: configPaths[1]! },
    outDirectory: root('attribution'),
  });
  await assessRisk({ snapshot: root('snapshot-1'), outDirectory: root('risk') });
  await writeStatements({
    ...{
      snapshot: root('snapshot-1'),
      outDirectory: root('statements'),
      attribution: root('attribution'),
    },
  });
});

afterAll(async () => {
  await browser.close();
  await rm(directory, { recursive: true, force: true });
});

describe.each([
  ['attribution', 'attribution/report.html'],
  ['risk', 'risk/report.html'],
  ['statement', 'statements/0001/0000001.html'],
])('the page of %s', (name, path) => {
  it.each([
    ['wide', 1000, 'light'],
    ['narrow', 360, 'dark'],
  ] as const)(
    'fits a %s screen, asks for nothing, and breaks no policy of its own',
    async (size, width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const watched = watch(page);
      const url = pathToFileURL(root(path)).href;
      await page.goto(url);
      expect(watched).toEqual({ requests: [url], complaints: [] });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await findFaults(page)).toEqual([]);
      await takePicture(page, `${name}-${size}`);
      await page.close();
    },
  );
});

it('a waterfall has a bar for each part, and a heat map a cell for each shock', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(root('attribution/report.html')).href);
  expect(await page.locator('.waterfall').first().locator('li').count()).toBe(PARTS.length);
  await page.goto(pathToFileURL(root('risk/report.html')).href);
  expect(await page.locator('.map rect.cell, .map rect.empty').count()).toBe(15 * 9);
  await page.close();
});
