import { describe, expect, it } from 'vitest';

import { encodeJsonLine, type InclusionFile } from '../../src/protocol/index.js';
import { renderReport } from '../../src/verifier/command/render.js';
import { createPairing, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { FILES, honest, platform } from '../../conformance/adversary/case.js';
import { forgeLeaf } from '../../conformance/adversary/inclusion.js';
import { makeLine, toSource, type User } from '../../conformance/adversary/world.js';

const pairing = await createPairing();

const verify = (file: InclusionFile, userId = file.userId): Promise<Report> => {
  const { manifest, signature } = toSource(honest);
  return verifyInclusion(encodeJsonLine(file), { manifest, signature }, platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId,
  });
};

/** The report on a user whom the platform has with these lines, alone in a snapshot. */
async function reportOn(user: User): Promise<Report> {
  const { bytes, source, userId } = forgeLeaf(user, () => undefined);
  return verifyInclusion(bytes!, source, platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId: userId!,
  });
}

describe('the report on a user with a statement', () => {
  it('holds its lines as the file states them, and says that they add up', async () => {
    const report = await verify(FILES.ann);
    expect(report.code).toBe('valid');
    expect(report.statement).toEqual(FILES.ann.statement!.lines);
    expect(report.notShown.join()).toContain('each line of your statement');
    const check = report.checks.find(({ title }) => title.includes('add up'))!;
    expect(check).toMatchObject({
      number: '6.8',
      result: 'passed',
      compared: '4 lines, each made again from what it states, with 2 holdings, to the last proof unit',
    });
  });

  it('shows every line as money, what is netted together, and where prices come from', async () => {
    const text = renderReport(await verify(FILES.ann));
    expect(text).toContain('Your statement: what your holdings are the sum of');
    expect(text).toMatch(/BTC of main\n +Balance +1\.75000000\n/);
    expect(text).toMatch(
      /Futures BTC-PERP \(p-17\) +-61,234\.5 {2}at 61,234\.5 USDT, entered at 48,987\.6 +-0\.25000000\n/,
    );
    expect(text).toMatch(/You hold +1\.50000000\n/);
    expect(text).toContain('Price of BTC-PERP: index of three venues, 2026-06-29T23:59:59.5Z');
    expect(text).toMatch(/USDT of main\n +Balance +0\.000010\n +Held by open orders +0\.000010\n/);
  });

  it('names isolated buckets and what is owed', async () => {
    const report = await reportOn({
      userId: 'max@example.org',
      circuit: 'margin-2',
      holdings: [
        { assetIndex: 0, equityUnits: 100_000_000n, debtUnits: 0n },
        { assetIndex: 1, equityUnits: 0n, debtUnits: 2_000_000n },
      ],
      lines: [
        makeLine({ asset: 'BTC', value: '1' }),
        makeLine({ asset: 'USDT', value: '-7', bucket: 'p-9', kind: 'funding', reference: 'f-1' }),
        makeLine({ asset: 'USDT', value: '5', bucket: 'p-9', kind: 'isolated-margin', reference: 'p-9' }),
      ],
    });
    expect(report.code).toBe('valid');
    expect(renderReport(report)).toMatch(/USDT of main, isolated p-9\n[^]*You owe +2\.000000\n/);
  });

  it('cannot be made to hide or reorder text by the platform', async () => {
    const report = await reportOn({
      userId: 'max@example.org',
      circuit: 'spot-2',
      holdings: [{ assetIndex: 0, equityUnits: 1n, debtUnits: 0n }],
      lines: [makeLine({ asset: 'BTC', value: '0.00000001', reference: 'a\u202eb', account: 'c\u200bd' })],
    });
    const text = renderReport(report);
    expect(text).toContain('a\\u{202e}b');
    expect(text).toContain('c\\u{200b}d');
    expect(text).not.toMatch(/[\u202e\u200b]/);
  });

  it('shows no line of a file that is refused', async () => {
    const file = structuredClone(FILES.ann);
    file.statement!.lines[0]!.value = '2';
    const report = await verify(file);
    expect(report).toMatchObject({ code: 'statement-does-not-add-up', statement: null, holdings: [] });
    expect(renderReport(report)).not.toMatch(/Your statement|main|p-17/);
  });
});

describe('the report on a user without a statement', () => {
  it('says so, and that the leaf has none', async () => {
    const report = await verify(FILES.bob);
    expect(report).toMatchObject({ code: 'valid', statement: null });
    expect(report.checks.find(({ title }) => title.includes('add up'))!.compared).toContain(
      'none in the leaf',
    );
    expect(renderReport(report)).not.toContain('Your statement');
  });

  it('shows one without lines as nothing', async () => {
    const report = await reportOn({ userId: 'nil@example.org', circuit: 'spot-2', holdings: [], lines: [] });
    expect(report).toMatchObject({ code: 'valid', statement: [] });
    expect(renderReport(report)).toContain('no lines: there is nothing that you hold or owe');
  });
});
