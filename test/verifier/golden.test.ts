import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  createPairing,
  parseTrust,
  renderHtml,
  verifyBundle,
  verifyInclusion,
  type ReportedTotal,
} from '../../src/verifier/index.js';
import { parseInclusion } from '../../src/protocol/index.js';
import { openBundle, openManifest } from '../../src/verifier/node/index.js';

/** Every version that was ever released; their files are never made again. */
const BUNDLES = resolve(import.meta.dirname, '../../conformance/bundles');
const DIRECTORIES = readdirSync(BUNDLES).flatMap((version) =>
  readdirSync(join(BUNDLES, version), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(version, name)),
);

type Expected = {
  readonly manifestHash: string;
  readonly previousManifestHash: string | null;
  readonly takenAt: string;
  readonly totals: readonly { readonly asset: string; readonly equity: string; readonly debt: string }[];
  readonly users: readonly {
    readonly userId: string;
    readonly file: string;
    readonly holdings: readonly ReportedTotal[];
    readonly partCount: number;
    readonly lineCount: number | null;
  }[];
};

const pairing = await createPairing();

it('are there: one of plain balances, and one of books with statements', () => {
  expect(DIRECTORIES).toEqual(expect.arrayContaining([join('v2', 'balances'), join('v2', 'books')]));
});

describe.each(DIRECTORIES)('the golden bundle %s', (directory) => {
  const at = (...names: string[]) => join(BUNDLES, directory, ...names);
  const expected = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as Expected;
  const trust = parseTrust(readFileSync(at('..', 'trust.json')));
  const hashes = {
    manifestHash: expected.manifestHash,
    ...(expected.previousManifestHash === null
      ? {}
      : { previousManifestHash: expected.previousManifestHash }),
  };
  const options = { pairing, allowDevelopmentKeys: true, ...hashes };

  it('is valid, with the totals that it was made with', async () => {
    const report = await verifyBundle(await openBundle(at('bundle')), trust, options);
    expect(report).toMatchObject({
      code: 'valid',
      takenAt: expected.takenAt,
      manifestHash: expected.manifestHash,
      manifestHashCompared: true,
    });
    expect(report.totals).toEqual(expected.totals);
    expect(renderHtml(report)).toContain(expected.manifestHash);
  });

  it.each(expected.users)(
    'has the account of $userId, named by its directory or its manifest',
    async ({ userId, file, holdings, partCount, lineCount }) => {
      const bytes = readFileSync(at('inclusion', file));
      expect(parseInclusion(bytes).partCount).toBe(partCount);
      for (const source of [
        await openManifest(at('bundle', 'manifest.json')),
        await openBundle(at('bundle')),
      ]) {
        const report = await verifyInclusion(bytes, source, trust, { ...options, userId });
        expect(report).toMatchObject({ code: 'valid', valid: true });
        expect(report.holdings).toEqual(holdings);
        expect(report.statement?.length ?? null).toBe(lineCount);
      }
    },
  );

  it('is refused where one digit of a total or of an amount is another', async () => {
    const source = await openBundle(at('bundle'));
    const manifest = changeDigit(
      source.manifest,
      /("totals":\[\{"asset":"[^"]+","debt":"[0-9]+","equity":")([0-9])/,
    );
    const whole = await verifyBundle({ ...source, manifest }, trust, { pairing, allowDevelopmentKeys: true });
    expect(whole).toMatchObject({ code: 'signature-invalid', valid: false, totals: [] });
    const { userId, file } = expected.users[0]!;
    const bytes = changeDigit(readFileSync(at('inclusion', file)), /("slots":\[\{"amount":")([0-9])/);
    const own = await verifyInclusion(bytes, await openBundle(at('bundle')), trust, { ...options, userId });
    expect(own).toMatchObject({ valid: false, code: 'opening', holdings: [], statement: null });
  });
});

/** Another digit in the place that a pattern ends at, and nothing else. */
function changeDigit(bytes: Uint8Array, pattern: RegExp): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const changed = text.replace(
    pattern,
    (_, head: string, digit: string) => head + (digit === '1' ? '2' : '1'),
  );
  if (changed === text) throw new Error('expected a digit to change, got none');
  return Buffer.from(changed);
}
