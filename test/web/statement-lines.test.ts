import { resolve } from 'node:path';

import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';

import { generateVenue } from '../../scripts/generate/venue/venue.js';
import { parseStatement, type StatementLine } from '../../src/protocol/index.js';
import { recomputeLines, type PublishedValuation } from '../../src/protocol/valuation/index.js';
import { EVERY_POSITION, PUBLISHED } from '../protocol/valuation/lines.js';
import { makeDirectory, takeSnapshot } from '../snapshot/books/whole/snapshots.js';
import { launchBrowser, PATIENCE_MS } from '../verifier/browser.js';

const VALUATION = resolve(import.meta.dirname, '../../src/protocol/valuation/index.ts');

type Statement = { readonly lines: readonly StatementLine[]; readonly published: PublishedValuation };

/** What a line comes to, in text: its proof units, and the exact price that it is at. */
function describeLines({ lines, published }: Statement, recompute: typeof recomputeLines): string[] {
  return recompute(lines, published).map(({ units, priced }) =>
    [units, priced?.price.numerator, priced?.price.denominator].join(' '),
  );
}

/** The statements of all users of the demonstration's venue, with every kind of line and of instrument. */
async function listStatements(): Promise<Statement[]> {
  const directory = await makeDirectory();
  const venue = await generateVenue({ users: 60, seed: 5, directory, format: 'csv' });
  const { snapshot, accounts } = await takeSnapshot(venue.configPath);
  const { assets, quote, takenAt, maxMarkAgeMs } = snapshot;
  const published = { assets, quote, takenAt, maxMarkAgeMs };
  return accounts.map(({ statement }) => ({ lines: parseStatement(statement!).lines, published }));
}

describe('in a browser', () => {
  it('lines come to the same digits as in Node, of every kind that there is', async () => {
    const bundle = await rolldown({ input: VALUATION, platform: 'browser', logLevel: 'silent' });
    const { output } = await bundle.generate({ format: 'iife', name: 'valuation' });
    await bundle.close();
    const statements = await listStatements();
    const lines = statements.flatMap((statement) => statement.lines);
    const modelled = lines.filter(
      ({ valuation }) => valuation.of === 'position' && valuation.quote.kind === 'black-76',
    );
    expect(modelled.length).toBeGreaterThan(0);
    const each = EVERY_POSITION.map(([, line]) => ({ lines: [line], published: PUBLISHED }));
    const given = [...statements, ...each];
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.addScriptTag({ content: output[0].code });
      const script = `(given) => { const describe = ${describeLines.toString()}; return given.map((one) => describe(one, valuation.recomputeLines)); }`;
      const answers = await page.evaluate(`(${script})(${JSON.stringify(given)})`);
      expect(answers).toEqual(given.map((statement) => describeLines(statement, recomputeLines)));
    } finally {
      await browser.close();
    }
  });
});
