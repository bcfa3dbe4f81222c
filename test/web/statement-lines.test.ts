import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Browser, Page } from 'playwright-core';

import { generateVenue } from '../../scripts/generate/venue/venue.js';
import { netStatement } from '../../src/presentation/index.js';
import { parseStatement, type Account, type StatementLine } from '../../src/protocol/index.js';
import { recomputeLines, type PublishedValuation } from '../../src/protocol/valuation/index.js';
import type { Snapshot } from '../../src/snapshot/index.js';
import { EVERY_POSITION, PUBLISHED } from '../protocol/valuation/lines.js';
import { takeSnapshot } from '../snapshot/books/whole/snapshots.js';
import { launchBrowser, PATIENCE_MS } from '../verifier/browser.js';

const source = (path: string) => resolve(import.meta.dirname, '../../src', path);

type Statement = { readonly lines: readonly StatementLine[]; readonly published: PublishedValuation };

let directory: string;
let browser: Browser;
let snapshot: Snapshot;
let accounts: readonly Account[];

/** The demonstration's venue, small, with every kind of line and of instrument that it has. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-lines-'));
  const venue = await generateVenue({
    users: 60,
    seed: 5,
    directory: join(directory, 'books'),
    format: 'csv',
  });
  const outDirectory = join(directory, 'snapshot');
  ({ snapshot, accounts } = await takeSnapshot(venue.configPath, { outDirectory }));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await rm(directory, { recursive: true, force: true });
});

/** A page with one of our modules as a global name. */
async function openWith(input: string, name: string): Promise<Page> {
  const bundle = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'iife', name });
  await bundle.close();
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addScriptTag({ content: output[0].code });
  return page;
}

/** What a line comes to, in text: its proof units, and the exact price that it is at. */
function describeLines({ lines, published }: Statement, recompute: typeof recomputeLines): string[] {
  return recompute(lines, published).map(({ units, priced }) =>
    [units, priced?.price.numerator, priced?.price.denominator].join(' '),
  );
}

function publishedOf({ assets, quote, takenAt, maxMarkAgeMs }: Snapshot): PublishedValuation {
  return { assets, quote, takenAt, maxMarkAgeMs };
}

const linesOf = ({ statement }: Account) => parseStatement(statement!).lines;

describe('in a browser', () => {
  it('lines come to the same digits as in Node, of every kind that there is', async () => {
    const statements = accounts.map((account) => ({
      ...{ lines: linesOf(account), published: publishedOf(snapshot) },
    }));
    const lines = statements.flatMap((statement) => statement.lines);
    // The rest is not in this venue's books: what orders hold is in the balances, and a debt is refused, not written off.
    expect([...new Set(lines.map(({ kind }) => kind))].sort()).toEqual(KINDS_OF_VENUE);
    const modelled = lines.filter(
      ({ valuation }) => valuation.of === 'position' && valuation.quote.kind === 'black-76',
    );
    expect(modelled.length).toBeGreaterThan(0);
    const each = EVERY_POSITION.map(([, line]) => ({ lines: [line], published: PUBLISHED }));
    const given = [...statements, ...each];
    const page = await openWith(source('protocol/valuation/index.ts'), 'valuation');
    const script = `(given) => { const describe = ${describeLines.toString()}; return given.map((one) => describe(one, valuation.recomputeLines)); }`;
    const answers = await page.evaluate(`(${script})(${JSON.stringify(given)})`);
    expect(answers).toEqual(given.map((statement) => describeLines(statement, recomputeLines)));
    await page.close();
  });
});

const KINDS_OF_VENUE = [
  ...[
    'cash',
    'collateral-posted',
    'collateral-received',
    'deposit-in-flight',
    'funding',
    'futures',
    'interest',
  ],
  ...['isolated-loss-limit', 'isolated-margin', 'loan', 'options', 'realised', 'withdrawal-in-flight'],
];

/** A valid answer on one account, as far as its amounts, its worth and its statement are drawn from it. */
function answerOf(account: Account, lines: readonly StatementLine[]) {
  const { assets, quote, takenAt, platform, totals, maxMarkAgeMs } = snapshot;
  const holdings = account.holdings.map(({ assetIndex, equityUnits, debtUnits }) => ({
    asset: assets[assetIndex]!.symbol,
    equity: equityUnits.toString(),
    debt: debtUnits.toString(),
  }));
  const report = {
    ...{ subject: 'inclusion', outcome: 'valid', valid: true, code: 'valid', insecure: false, advice: null },
    ...{ verdict: '', manifestHash: null, manifestHashCompared: false, comparedBy: [], registered: null },
    ...{ provenance: null, platform, takenAt, circuits: [], notShown: [] },
    checks: [{ number: 'U10', title: '', result: 'passed', compared: '' }],
    ...{ holdings, statement: lines, trustHash: null, trustHashCompared: false },
    totals: totals.map((total, index) => ({ ...total, asset: assets[index]!.symbol })),
    stated: { assets, quote, maxMarkAgeMs, scope: { included: '', excluded: [] } },
  };
  return { kind: 'report', report, trust: null, nets: netStatement(lines), reserves: null };
}

/** An integer of 10^-decimals as a page writes it, without its sign. */
function write(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
}

/** A stated decimal as a page writes it, without its sign. */
function group(decimal: string): string {
  const [whole = '', fraction] = decimal.replace('-', '').split('.');
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A price of 12 digits at most behind the point, in 10^-12. */
function scalePrice(price: string): bigint {
  const [whole, fraction = ''] = price.split('.');
  return BigInt(whole! + fraction.padEnd(12, '0'));
}

/** All numbers that follow from lines that are recomputed here, from what they state, and from published totals. */
function listNumbers(lines: readonly StatementLine[]): Set<string> {
  const numbers = new Set<string>();
  const assets = new Map(snapshot.assets.map((asset, at) => [asset.symbol, { ...asset, at }]));
  const nets = new Map<string, bigint>();
  for (const { line, units, priced } of recomputeLines(lines, publishedOf(snapshot))) {
    const { decimals, price } = assets.get(line.asset)!;
    numbers.add(write(units, decimals));
    numbers.add(write((units * scalePrice(price)) / 10n ** BigInt(decimals + 10), 2));
    const key = JSON.stringify([line.account, line.bucket, line.asset]);
    nets.set(key, (nets.get(key) ?? 0n) + units);
    const { valuation } = line;
    if (valuation.of !== 'position') continue;
    const { instrument, quantity, entryPrice, quote } = valuation;
    for (const stated of [quantity, entryPrice, instrument.contractSize])
      if (stated !== null) numbers.add(group(stated));
    if (instrument.kind === 'option') numbers.add(group(instrument.strike));
    if (quote.kind !== 'black-76') numbers.add(group(quote.price));
    else {
      for (const stated of [quote.forward.price, quote.volatility.value, quote.rate]) numbers.add(stated);
      const { numerator, denominator } = priced!.price;
      numbers.add(
        group(
          write((numerator * 10n ** 18n) / denominator, 18)
            .replaceAll(',', '')
            .replace(/\.?0+$/, ''),
        ),
      );
    }
  }
  const sums = new Map<string, { equity: bigint; debt: bigint }>();
  for (const [key, net] of nets) {
    const [, , asset] = JSON.parse(key) as [string, string, string];
    numbers.add(write(net, assets.get(asset)!.decimals));
    const { equity, debt } = sums.get(asset) ?? { equity: 0n, debt: 0n };
    sums.set(asset, net > 0n ? { equity: equity + net, debt } : { equity, debt: debt - net });
  }
  let [held, owed, collateral] = [0n, 0n, 0n];
  for (const [asset, { equity, debt }] of sums) {
    const { decimals, price, collateralRatio, at } = assets.get(asset)!;
    for (const units of [equity, debt, BigInt(snapshot.totals[at]!.equity)])
      numbers.add(write(units, decimals));
    // In 10^-36 of the quote currency.
    const unit = scalePrice(price) * 10n ** BigInt(24 - decimals);
    held += equity * unit;
    owed += debt * unit;
    collateral += (equity * unit * scalePrice(collateralRatio)) / 10n ** 12n;
  }
  for (const value of [held, owed, held - owed, collateral - owed]) numbers.add(write(value / 10n ** 34n, 2));
  return numbers;
}

/** The numbers in what a page shows of an account, without names, instants, and what is marked as approximate. */
function readNumbers(text: string, lines: readonly StatementLine[]): string[] {
  const names = lines.flatMap(({ account, bucket, reference, valuation }) => [
    ...[account, bucket, reference],
    // What the model and its day count are called.
    ...(valuation.of === 'position' ? [valuation.instrument.name, 'black-76', 'act/365'] : []),
  ]);
  let rest = text
    .replace(/\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d:\d\d(?:\.\d+)? UTC/g, ' ')
    .replace(/≈ −?[\d,.]+/g, ' ');
  for (const name of [...new Set(names)].filter(Boolean).sort((a, b) => b.length - a.length))
    rest = rest.replaceAll(name, ' ');
  return rest.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? [];
}

describe('the page of a user of the demonstration’s venue', () => {
  const SCRIPT = `(answers) => answers.map((answer) => {
    document.body.replaceChildren(...page.renderAnswer(answer).nodes);
    document.querySelectorAll('.what-if, details').forEach((element) => element.remove());
    return ['amounts', 'worth', 'statement'].map((id) => document.querySelector('[aria-labelledby="' + id + '-title"]').innerText).join(' ');
  })`;

  it('has no number that does not follow from a line that was recomputed', async () => {
    const page = await openWith(source('web/page/render-result.ts'), 'page');
    const answers = accounts.map((account) => answerOf(account, linesOf(account)));
    const texts = await page.evaluate<string[]>(`(${SCRIPT})(${JSON.stringify(answers)})`);
    let count = 0;
    for (const [at, account] of accounts.entries()) {
      const lines = linesOf(account);
      const known = listNumbers(lines);
      const shown = readNumbers(texts[at]!, lines);
      expect(shown.filter((number) => !known.has(number))).toEqual([]);
      count += shown.length;
    }
    expect(count).toBeGreaterThan(1000);
    await page.close();
  });

  it('would have one if it showed another value than that', async () => {
    const page = await openWith(source('web/page/render-result.ts'), 'page');
    const account = accounts.find((one) => linesOf(one).length > 3)!;
    const lines = linesOf(account);
    const [first, ...others] = lines;
    const changed = [{ ...first!, value: `${first!.value.split('.')[0]!}.12345678` }, ...others];
    const [text] = await page.evaluate<string[]>(
      `(${SCRIPT})(${JSON.stringify([answerOf(account, changed)])})`,
    );
    const known = listNumbers(lines);
    expect(readNumbers(text!, lines).filter((number) => !known.has(number)).length).toBeGreaterThan(0);
    await page.close();
  });
});
