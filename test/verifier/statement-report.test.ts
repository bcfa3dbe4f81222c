import { describe, expect, it } from 'vitest';

import {
  encodeInclusion,
  type InclusionFile,
  type Slot,
  type StatementLine,
} from '../../src/protocol/index.js';
import { renderReport } from '../../src/verifier/command/render.js';
import { createPairing, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { FILES, honest, platform, publishLie } from '../../conformance/adversary/case.js';
import { debt, equity, makeRow, ownerOf, spot } from '../../conformance/adversary/exchange.js';
import { MARGIN_3, SPOT_3 } from '../../conformance/adversary/platform.js';
import { makeInclusion, makeLine, toSource, type Published } from '../../conformance/adversary/world.js';

const pairing = await createPairing();

const verify = (file: InclusionFile, published: Published = honest): Promise<Report> =>
  verifyInclusion(encodeInclusion(file), toSource(published), platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId: file.userId,
  });

/** The report on a user whom the platform has with these lines, in one row. */
async function reportOn(lines: readonly StatementLine[], slots: readonly Slot[]): Promise<Report> {
  const layout = slots.some((slot) => 'side' in slot) ? MARGIN_3 : SPOT_3;
  const published = publishLie((planned) => {
    const batch = planned.find((candidate) => candidate.layout === layout)!;
    const free = batch.rows.findIndex(({ owner }) => owner === undefined);
    planned[planned.indexOf(batch)] = {
      ...batch,
      rows: batch.rows.with(free, makeRow(layout, ownerOf('new', [1, 1], lines), slots)),
    };
  });
  return verify(makeInclusion(published, 'new@example.org'), published);
}

describe('the report on a user with a statement', () => {
  it('holds its lines as the file states them, and says that they add up', async () => {
    const report = await verify(FILES.ann);
    expect(report.code).toBe('valid');
    expect(report.statement).toEqual(FILES.ann.statement!.lines);
    expect(report.notShown.join()).toContain('each line of your statement');
    const check = report.checks.find(({ number }) => number === 'U10')!;
    expect(check).toMatchObject({
      number: 'U10',
      result: 'passed',
      compared: '2 assets over 1 part with 4 lines of the statement',
    });
  });

  it('shows every line as money, what is netted together, and where prices come from', async () => {
    const text = renderReport(await verify(FILES.ann));
    expect(text).toContain('Your statement: what your holdings are the sum of');
    expect(text).toMatch(/BTC of main\n +Balance +1\.75000000\n/);
    expect(text).toMatch(
      /Futures BTC-PERP \(p-17\) +-750 {2}at [0-9,]+ USDT, entered at [0-9,]+ +-0\.25000000\n/,
    );
    expect(text).toMatch(/You hold +1\.50000000\n/);
    expect(text).toContain('Price of BTC-PERP: index, 2026-06-29T23:59:59.5Z');
    expect(text).toMatch(/USDT of main\n +Balance +0\.000010\n +Held by open orders +0\.000010\n/);
  });

  it('names isolated buckets and what is owed', async () => {
    const isolated = { bucket: 'p-9', reference: 'p-9' };
    const report = await reportOn(
      [
        makeLine({ asset: 'BTC', value: '1' }),
        makeLine({ asset: 'USDT', value: '-7', ...isolated, kind: 'loan' }),
        makeLine({ asset: 'USDT', value: '5', ...isolated, kind: 'isolated-margin' }),
      ],
      [equity(0, 100_000_000n), debt(1, 2_000_000n)],
    );
    expect(report.code).toBe('valid');
    expect(renderReport(report)).toMatch(/USDT of main, isolated p-9\n[^]*You owe +2\.000000\n/);
  });

  it('cannot be made to hide or reorder text by the platform', async () => {
    const line = makeLine({ asset: 'BTC', value: '0.00000001', reference: 'a\u202eb', account: 'c\u200bd' });
    const report = await reportOn([line], [spot(0, 1n)]);
    const text = renderReport(report);
    expect(text).toContain('a\\u{202e}b');
    expect(text).toContain('c\\u{200b}d');
    expect(text).not.toMatch(/[\u202e\u200b]/);
  });

  it('shows no line of a file that is refused', async () => {
    const file = structuredClone(FILES.ann);
    file.statement!.lines[0]!.value = '2';
    const report = await verify(file);
    expect(report).toMatchObject({ code: 'id-commitment', statement: null, holdings: [] });
    expect(renderReport(report)).not.toMatch(/Your statement|main|p-17/);
  });
});

describe('the report on a user without a statement', () => {
  it('says so', async () => {
    const report = await verify(FILES.bob);
    expect(report).toMatchObject({ code: 'valid', statement: null });
    expect(report.checks.find(({ number }) => number === 'U10')!.compared).toContain(
      'there is no statement to compare with',
    );
    expect(renderReport(report)).not.toContain('Your statement');
  });

  it('shows one without lines as nothing', async () => {
    const report = await reportOn([], []);
    expect(report).toMatchObject({ code: 'valid', statement: [] });
    expect(renderReport(report)).toContain('no lines: there is nothing that you hold or owe');
  });
});
