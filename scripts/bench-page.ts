import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';

import { makePlatform, makeInclusion } from '../conformance/adversary/world.js';
import { LISTED } from '../conformance/adversary/exchange.js';
import { makeLongStatement, publishTrader, TRADER } from '../conformance/adversary/trader.js';
import { encodeInclusion, encodeJsonLine, type StatementLine } from '../src/protocol/index.js';
import type { recomputeLines } from '../src/protocol/valuation/index.js';
import { projectRoot } from '../src/system/index.js';
import { buildPage } from './web/page.js';
import { describeScript } from './command-line.js';

type Flags = {
  readonly bundle?: string;
  readonly inclusion?: string;
  readonly trust?: string;
  readonly user?: string;
};

const { bundle, inclusion, trust, user } = describeScript('npm run bench:page --', {
  does: 'Measure, in a browser, making a statement’s lines again and a move of the slider, and, of files that are given, the whole check.',
  examples: ['', '--bundle run/bundle --inclusion a.json --trust keys/trust.json --user a@example.com'],
})
  .option('--bundle <directory>', 'a bundle to check whole, with the three flags below')
  .option('--inclusion <file>', 'an inclusion file of it')
  .option('--trust <file>', 'the trust file')
  .option('--user <id>', 'whose inclusion file it is')
  .parse()
  .opts<Flags>();

const LINES = 100;
const MODELLED = 20;
const ROUNDS = 30;
const WHOLE_ROUNDS = 5;
const LONGEST_MS = 60_000;

/** The middle and the worst of some times, in milliseconds. */
type Spread = { readonly middle: number; readonly worst: number };

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  return { middle: sorted[Math.floor(sorted.length / 2)]!, worst: sorted.at(-1)! };
}

const show = (name: string, { middle, worst }: Spread, goalMs: number) => {
  const text = [middle, worst].map((ms) => ms.toFixed(1));
  process.stdout.write(
    `${name.padEnd(52)} ${text[0]!.padStart(7)} ms in the middle, ${text[1]!.padStart(7)} ms at worst; ${(middle / goalMs).toFixed(2)} of the ${String(goalMs)} ms that it may take\n`,
  );
};

/** Times in the browser how long it takes to make all lines again, once the code is warm. */
async function measureLines(page: Page, lines: readonly StatementLine[]): Promise<number[]> {
  const input = join(projectRoot(), 'src/protocol/valuation/index.ts');
  const bundle = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'iife', name: 'valuation' });
  await bundle.close();
  await page.addScriptTag({ content: output[0].code });
  const published = { assets: LISTED, quote: 'USD', takenAt: '2026-06-30T00:00:00Z', maxMarkAgeMs: 60_000 };
  const time = (
    valuation: { recomputeLines: typeof recomputeLines },
    given: {
      lines: readonly StatementLine[];
      published: Parameters<typeof recomputeLines>[1];
      rounds: number;
    },
  ) =>
    Array.from({ length: given.rounds }, () => {
      const start = performance.now();
      valuation.recomputeLines(given.lines, given.published);
      return performance.now() - start;
    });
  const given = JSON.stringify({ lines, published, rounds: ROUNDS });
  return page.evaluate<number[]>(`(${time.toString()})(valuation, ${given})`);
}

/** Times a move of the slider on the page itself: its script, style and layout. */
async function measureFrames(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`(async () => {
    const slider = document.getElementById('what-if-price');
    const times = [];
    for (let round = 0; round < ${String(ROUNDS)}; round++) {
      slider.value = String(round - 15);
      const start = performance.now();
      // 'change' draws at once; 'input' waits for the frame that it is measured for.
      slider.dispatchEvent(new Event('change'));
      document.body.getBoundingClientRect();
      times.push(performance.now() - start);
      await new Promise(requestAnimationFrame);
    }
    return times;
  })()`);
}

async function writeFiles(directory: string, lines: readonly StatementLine[]): Promise<string[]> {
  const platform = makePlatform('honest');
  const published = publishTrader(platform, lines);
  const { manifest, signature, commitments, weights, proofs } = published;
  const lists = { commitments, proofs };
  const files: Readonly<Record<string, Uint8Array | string>> = {
    'inclusion.json': encodeInclusion(makeInclusion(published, TRADER)),
    'manifest.json': encodeJsonLine(manifest),
    'manifest.sig.json': encodeJsonLine(signature),
    'weights.json': encodeJsonLine(weights),
    'trust.json': encodeJsonLine(platform.trust),
    ...Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [
        `${name}.ndjson`,
        Buffer.concat((list as readonly object[]).map(encodeJsonLine)),
      ]),
    ),
  };
  await Promise.all(
    Object.entries(files).map(([name, content]) => writeFile(join(directory, name), content)),
  );
  return Object.keys(files).map((name) => join(directory, name));
}

/** Opens the page with files chosen and an id typed, so that one click checks them. */
async function openPage(
  browser: Browser,
  { path, files, id }: { readonly path: string; readonly files: readonly string[]; readonly id: string },
): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.getByLabel('Choose files').setInputFiles([...files]);
  await page
    .locator('#slots .here')
    .nth(files.length - 1)
    .waitFor();
  await page.getByLabel('Your id at the platform').fill(id);
  await page.getByLabel(/accept development keys/).check();
  return page;
}

/** Times a whole check, from the click to the verdict, each on a page of its own. */
async function measureWhole(browser: Browser, path: string): Promise<void> {
  if (bundle === undefined || inclusion === undefined || trust === undefined || user === undefined) return;
  const names = ['manifest.json', 'manifest.sig.json', 'commitments.ndjson', 'weights.json', 'proofs.ndjson'];
  const files = [...names.map((name) => join(bundle, name)), inclusion, trust].filter((file) =>
    existsSync(file),
  );
  const times: number[] = [];
  for (let round = 0; round < WHOLE_ROUNDS; round++) {
    const page = await openPage(browser, { path, files, id: user });
    const start = performance.now();
    await page.getByRole('button', { name: 'Check my account' }).click();
    await page.locator('#verdict').waitFor({ timeout: LONGEST_MS });
    times.push(performance.now() - start);
    const headline = await page.locator('#verdict').innerText();
    // Of what is refused the time says nothing.
    if (!/files agree|money is in the proof/.test(headline))
      throw new Error(`expected files that agree, got: ${headline}`);
    await page.close();
  }
  show('the whole bundle and one account, from click to verdict', spread(times), 1500);
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-page-'));
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const lines = makeLongStatement(LINES, MODELLED);
    const files = await writeFiles(directory, lines);
    await writeFile(join(directory, 'check.html'), await buildPage(projectRoot()));
    process.stdout.write(
      `${String(LINES)} lines, ${String(MODELLED)} of them priced by the model, in Chromium\n`,
    );
    const blank = await browser.newPage();
    show('every line made again', spread(await measureLines(blank, lines)), 50);
    const path = join(directory, 'check.html');
    const page = await openPage(browser, { path, files, id: TRADER });
    await page.getByRole('button', { name: 'Check my account' }).click();
    await page.locator('#what-if-price').waitFor();
    show('a move of the slider, with its layout', spread(await measureFrames(page)), 16);
    await page.close();
    await measureWhole(browser, path);
  } finally {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  }
}

await main();
