import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  bytesToHex,
  encodeJsonLine,
  formatManifestHash,
  hashLabelled,
  TRUST_FORMAT,
} from '../../src/protocol/index.js';
import { startBrowser } from './browser.js';
import { check, fill, openPage, savePage, type SavedPage, type Visit } from './check-page.js';
import {
  CEREMONY,
  DEVELOPMENT,
  inclusionOfAnn,
  inclusionOfLea,
  publishAt,
  writeFiles,
} from './published-files.js';

const started = await startBrowser();
const published = publishAt(CEREMONY);
const inclusion = inclusionOfLea(CEREMONY, published);

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('the page on which a user checks their line', () => {
    describeChecks(browser);
  });
}

function describeChecks(browser: Browser): void {
  let saved: SavedPage;
  let files: Awaited<ReturnType<typeof writeFiles>>;

  beforeAll(async () => {
    saved = await savePage();
    files = await writeFiles(join(saved.folder, 'good'), { platform: CEREMONY, published, inclusion });
  });
  afterAll(() => saved.remove());

  const light = () => [files.inclusion, files.manifest, files.signature, files.trust];

  async function visit(what: Partial<Visit> & { readonly files: readonly string[] }) {
    const { page, context, watched } = await openPage(browser, saved.address);
    await fill(page, what);
    const verdict = await check(page);
    const text = await page.locator('body').innerText();
    await context.close();
    return { verdict, text, watched };
  }

  it('says that the money is in the proof, shows it as money, and asks nobody for anything', async () => {
    const { verdict, text, watched } = await visit({ files: light() });
    expect(verdict).toMatchObject({ tone: 'valid', label: 'Valid', headline: 'Your money is in the proof.' });
    expect(verdict.text).toContain('30 June 2026, 00:00:00 UTC');
    expect(text).toMatch(/BTC\s+1\.00000000\s+0\.00000000\s+2\.50000001/);
    expect(text).toMatch(/USDT\s+0\.000000\s+40,000\.000000\s+19\.000022/);
    expect(watched.requests.filter((url) => !url.startsWith('blob:'))).toEqual([saved.address]);
    expect(watched.complaints).toEqual([]);
  });

  it('compares both hashes, in any case and with white space, and says so', async () => {
    const hash = formatManifestHash(published.manifest).toUpperCase();
    const trustFile = await readFile(files.trust);
    const trustHash = bytesToHex(hashLabelled(TRUST_FORMAT, trustFile.subarray(0, -1)));
    const spaced = ` ${trustHash.slice(0, 32)} ${trustHash.slice(32)}`;
    const same = await visit({ files: light(), manifestHash: hash, trustHash: spaced });
    expect(same.verdict.tone).toBe('valid');
    expect(same.text.match(/the same as the hash that you pasted/g)).toHaveLength(2);
    const without = await visit({ files: light() });
    expect(without.text.match(/Not compared with what others were shown/g)).toHaveLength(2);
    const other = await visit({ files: light(), manifestHash: '0'.repeat(64) });
    expect(other.verdict).toMatchObject({ tone: 'invalid', code: 'manifest-hash-differs' });
    const otherTrust = await visit({ files: light(), trustHash: '0'.repeat(64) });
    expect(otherTrust.verdict).toMatchObject({ tone: 'unverifiable', code: 'trust-hash-differs' });
  });

  it('checks everybody’s proofs where both lists are there, and refuses one list alone', async () => {
    const full = await visit({ files: [...light(), files.batches, files.aggregates] });
    expect(full.verdict.tone).toBe('valid');
    expect(full.text).toContain('Everybody’s proofs');
    expect(full.text).toMatch(/6\.6 All proofs form one tree, in which each is counted once\s+passed/);
    const half = await visit({ files: [...light(), files.batches] });
    expect(half.verdict).toMatchObject({ tone: 'unverifiable', code: 'aggregates-missing' });
  });

  it('shows no amount and never says valid for a file that was tampered with', async () => {
    const richer = structuredClone(inclusion);
    richer.holdings[0]!.equity = '900000000';
    const tampered = await writeFiles(join(saved.folder, 'tampered'), {
      platform: CEREMONY,
      published,
      inclusion: richer,
    });
    const { verdict, text, watched } = await visit({ files: [tampered.inclusion, ...light().slice(1)] });
    expect(verdict).toMatchObject({ tone: 'invalid', label: 'Not valid', code: 'batch-digest-differs' });
    expect(verdict.text).toContain('Ask the platform for your inclusion file of this snapshot again');
    expect(text).not.toMatch(/9\.0000|Your money in the snapshot/);
    expect(text).toMatch(
      /6\.8 The id, the statement and the holdings are a row of the batch FAILED\s+expected/,
    );
    expect(watched.complaints).toEqual([]);
  });

  it('shows the statement line by line as it adds up, and none of it where a line was changed', async () => {
    const own = inclusionOfAnn(CEREMONY, published);
    const write = async (name: string, file: unknown) =>
      (await writeFiles(join(saved.folder, name), { platform: CEREMONY, published, inclusion: file }))
        .inclusion;
    const userId = 'ann@example.org';
    const path = await write('statement', own);
    const { verdict, text } = await visit({ files: [path, ...light().slice(1)], userId });
    expect(verdict.tone).toBe('valid');
    for (const shown of [
      /Balance\s+1\.75000000/,
      /Futures BTC-PERP\s+−0\.25000000/,
      'quantity −61,234.5, price 61,234.5 USDT, entered at 48,987.6',
      'priced by index of three venues, 29 June 2026, 23:59:59.5 UTC',
      'reference p-17',
      /You hold\s+1\.50000000 BTC/,
      /You hold\s+0\.000020 USDT/,
    ]) {
      expect(text).toMatch(shown);
    }
    const changed = structuredClone(own);
    changed.statement!.lines[0]!.value = '1.80';
    const other = structuredClone(own);
    other.statement!.lines[0]!.value = '1.8';
    other.statement!.lines[1]!.value = '-0.3';
    const expected = [
      [changed, 'schema-violated'],
      [other, 'statement-line-differs'],
    ] as const;
    for (const [index, [file, code]] of expected.entries()) {
      const given = [await write(`statement-${index}`, file), ...light().slice(1)];
      const refused = await visit({ files: given, userId });
      expect(refused.verdict).toMatchObject({ tone: 'invalid', code });
      expect(refused.text).not.toContain('BTC-PERP');
    }
  });

  it('refuses a manifest that was changed after it was signed', async () => {
    const lower = structuredClone(published);
    lower.manifest.totals[0]!.equity = '100000000';
    const lowered = await writeFiles(join(saved.folder, 'lower'), {
      platform: CEREMONY,
      published: lower,
      inclusion: { ...inclusion, manifestHash: formatManifestHash(lower.manifest) },
    });
    const { verdict } = await visit({ files: [lowered.inclusion, lowered.manifest, ...light().slice(2)] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'signature-invalid' });
  });

  it('refuses the file of somebody else', async () => {
    const { verdict } = await visit({ files: light(), userId: 'bob@example.org' });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'user-id-differs' });
    expect(verdict.text).not.toContain('bob@example.org');
  });

  it('refuses a file of another snapshot', async () => {
    const later = publishAt(CEREMONY, '2026-07-31T00:00:00Z');
    const other = await writeFiles(join(saved.folder, 'later'), {
      platform: CEREMONY,
      published: later,
      inclusion: inclusionOfLea(CEREMONY, later),
    });
    const { verdict } = await visit({ files: [other.inclusion, ...light().slice(1)] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'inclusion-of-other-snapshot' });
  });

  it('refuses development keys, and where they are allowed says INSECURE and never valid', async () => {
    const snapshot = publishAt(DEVELOPMENT);
    const development = await writeFiles(join(saved.folder, 'development'), {
      platform: DEVELOPMENT,
      published: snapshot,
      inclusion: inclusionOfLea(DEVELOPMENT, snapshot),
    });
    const given = [development.inclusion, development.manifest, development.signature, development.trust];
    const refused = await visit({ files: given });
    expect(refused.verdict).toMatchObject({ tone: 'invalid', code: 'development-keys' });
    expect(refused.verdict.text).toContain('tick the box');
    expect(refused.text).not.toContain('--allow');
    const allowed = await visit({ files: given, allowDevelopmentKeys: true });
    expect(allowed.verdict.tone).toBe('insecure');
    expect(allowed.verdict.label).toMatch(/^INSECURE/);
    expect(allowed.verdict.text).not.toMatch(/money is in the proof/);
    expect(allowed.text).toMatch(/INSECURE: your money/);
  });

  it('cannot say anything without the trust file, and says what is missing', async () => {
    const { verdict, text } = await visit({ files: light().slice(0, 3) });
    expect(verdict).toMatchObject({
      tone: 'unverifiable',
      label: 'Cannot be verified',
      code: 'trust-missing',
    });
    expect(verdict.text).toContain('from another place than the manifest');
    expect(verdict.text).not.toContain('--trust');
    expect(text).not.toContain('Your money in the snapshot');
  });

  it('takes no trust from the other files: those of a platform of somebody else are refused', async () => {
    const trust = structuredClone(CEREMONY.trust);
    trust.signingKey = 'ab'.repeat(32);
    const path = join(saved.folder, 'other-trust.json');
    await writeFile(path, encodeJsonLine(trust));
    const { verdict } = await visit({ files: [...light().slice(0, 3), path] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'signing-key-not-pinned' });
  });

  it('says which file is missing or cannot be read', async () => {
    const manifestMissing = await visit({ files: [files.inclusion, files.trust] });
    expect(manifestMissing.verdict).toMatchObject({ tone: 'unverifiable', code: 'manifest-missing' });
    expect(manifestMissing.verdict.text).not.toContain('--');
    const signatureMissing = await visit({ files: [files.inclusion, files.manifest, files.trust] });
    expect(signatureMissing.verdict).toMatchObject({ tone: 'unverifiable', code: 'signature-missing' });
    const path = join(saved.folder, 'spaced-trust.json');
    await writeFile(path, JSON.stringify(CEREMONY.trust, null, 2));
    const malformed = await visit({ files: [...light().slice(0, 3), path] });
    expect(malformed.verdict.tone).toBe('unverifiable');
    expect(malformed.verdict.text).toContain('The trust file cannot be read');
  });
}
