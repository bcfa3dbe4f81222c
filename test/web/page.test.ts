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
import { encodeCeremonyEvidence } from '../../src/protocol/ceremony/index.js';
import { simulateCeremony } from '../../conformance/adversary/ceremony.js';
import { startBrowser } from './browser.js';
import { check, fill, openPage, savePage, type SavedPage, type Visit } from './check-page.js';
import { CEREMONY, DEVELOPMENT, publishAs, SHOWN, writeFiles } from './published-files.js';
import { packArchive } from './zip-writer.js';
import { makeInclusion } from '../../conformance/adversary/world.js';

/** What stands on the page of ann's statement. */
const SHOWN_OF_ANN: readonly RegExp[] = [
  /Balance\s+1\.7/,
  /Futures BTC-PERP\s+−/,
  /quantity −750, price [0-9,]+ USDT, entered at [0-9,]+/,
  /priced by index, 29 June 2026, 23:59:59\.5 UTC/,
  /reference p-17/,
  /You hold\s+1\.50000000 BTC/,
  /You hold\s+0\.000020 USDT/,
];

const started = await startBrowser();
const published = publishAs(CEREMONY);
const inclusion = makeInclusion(published, 'lea@example.org');

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('the page on which a user checks their account', () => {
    describeChecks(browser);
  });
}

function describeChecks(browser: Browser): void {
  let saved: SavedPage;
  let files: Awaited<ReturnType<typeof writeFiles>>;

  beforeAll(async () => {
    saved = await savePage();
    files = await writeFiles(join(saved.directory, 'good'), { platform: CEREMONY, published, inclusion });
  });
  afterAll(() => saved.remove());

  /** All files, the user's own first and the trust file last. */
  const all = () => {
    const { inclusion: own, manifest, signature, commitments, weights, proofs, trust } = files;
    return [own, manifest, signature, commitments, weights, proofs, trust];
  };
  const bundle = () => all().slice(1, 6);

  async function visit(what: Partial<Visit> & { readonly files: readonly string[] }) {
    const { page, context, watched } = await openPage(browser, saved.address);
    await fill(page, what);
    const verdict = await check(page);
    const text = await page.locator('body').innerText();
    await context.close();
    return { verdict, text, watched };
  }

  it('says that the money is in the proof, shows it as money, and asks nobody for anything', async () => {
    const { verdict, text, watched } = await visit({ files: all() });
    expect(verdict).toMatchObject({ tone: 'valid', label: 'Valid', headline: 'Your money is in the proof.' });
    expect(verdict.text).toContain('30 June 2026, 00:00:00 UTC');
    expect(text).toMatch(/BTC\s+1\.00000000\s+0\.00000000\s+5\.50000005/);
    expect(text).toMatch(/USDT\s+0\.000000\s+40,000\.000000\s+19\.000022/);
    expect(watched.requests.filter((url) => !url.startsWith('blob:'))).toEqual([saved.address]);
    expect(watched.complaints).toEqual([]);
  });

  it('says of keys of a ceremony that it is stated, until its evidence is added, and then what it counted', async () => {
    const keys = (text: string) => /\nKeys\s+([^\n]+(?:\n[^\n]+)?)/.exec(text)?.[1];
    const without = await visit({ files: all() });
    expect(without.verdict.tone).toBe('valid');
    expect(keys(without.text)).toMatch(
      /^of a ceremony: stated, not shown\s*Add ceremony\.json, which shows it/,
    );
    expect(without.text).toContain('The ceremony of the keys optional');
    const path = join(saved.directory, 'ceremony.json');
    await writeFile(path, encodeCeremonyEvidence(SHOWN.evidence));
    const shown = await visit({ files: [...all(), path] });
    expect(shown.verdict).toMatchObject({ tone: 'valid', code: 'valid' });
    expect(keys(shown.text)).toMatch(/^of a ceremony, shown: 2 contributions, signed by 2 different keys/);
    expect(shown.text).not.toContain('stated, not shown');
    expect(shown.watched.complaints).toEqual([]);
    await writeFile(path, encodeCeremonyEvidence(simulateCeremony('others', ['Alice', 'Bob']).evidence));
    const other = await visit({ files: [...all(), path] });
    expect(other.verdict).toMatchObject({ tone: 'invalid', code: 'ceremony-provenance-differs' });
    expect(other.verdict.text).toContain('Get ceremony.json again');
  });

  it('compares both hashes, in any case and with white space, and says so', async () => {
    const hash = formatManifestHash(published.manifest).toUpperCase();
    const trustFile = await readFile(files.trust);
    const trustHash = bytesToHex(hashLabelled(TRUST_FORMAT, trustFile.subarray(0, -1)));
    const spaced = ` ${trustHash.slice(0, 32)} ${trustHash.slice(32)}`;
    const same = await visit({ files: all(), manifestHash: hash, trustHash: spaced });
    expect(same.verdict.tone).toBe('valid');
    expect(same.text.match(/the same as the hash that you pasted/g)).toHaveLength(2);
    const without = await visit({ files: all() });
    expect(without.text.match(/Not compared with what others were shown/g)).toHaveLength(2);
    const other = await visit({ files: all(), manifestHash: '0'.repeat(64) });
    expect(other.verdict).toMatchObject({ tone: 'invalid', code: 'manifest-hash-differs' });
    const otherTrust = await visit({ files: all(), trustHash: '0'.repeat(64) });
    expect(otherTrust.verdict).toMatchObject({ tone: 'unverifiable', code: 'trust-hash-differs' });
  });

  it('makes every check of the protocol, over all proofs', async () => {
    const { text } = await visit({ files: all() });
    for (const title of [
      '8 Collateral covers the debts of every row',
      'U9 The rows are those that the proofs count',
    ]) {
      expect(text).toMatch(new RegExp(`${title}\\s+passed`));
    }
  });

  it('takes one ZIP with everything but the trust file, stored or deflated', async () => {
    for (const isDeflated of [true, false]) {
      const path = join(saved.directory, 'all.zip');
      await writeFile(path, await packArchive([files.inclusion, ...bundle()], { isDeflated }));
      const { verdict, watched } = await visit({ files: [path, files.trust], fileCount: 7 });
      expect(verdict).toMatchObject({ tone: 'valid', code: 'valid' });
      expect(watched.complaints).toEqual([]);
    }
  });

  it('takes no trust file out of an archive, and says so', async () => {
    const path = join(saved.directory, 'with-trust.zip');
    await writeFile(path, await packArchive(all(), { isDeflated: true }));
    const { verdict, text } = await visit({ files: [path], fileCount: 6 });
    expect(verdict).toMatchObject({ tone: 'unverifiable', code: 'trust-missing' });
    expect(text).toContain('trust-in-archive');
  });

  it('names an archive that it cannot unpack', async () => {
    const path = join(saved.directory, 'broken.zip');
    const whole = await packArchive(all(), { isDeflated: true });
    await writeFile(path, whole.subarray(0, whole.length - 8));
    const { text } = await visit({ files: [...all(), path], fileCount: 7 });
    expect(text).toContain('archive-not-read');
  });

  it('calls a snapshot announced, and not valid, while its lists are not here', async () => {
    const [own, manifest, signature, commitments, weights, , trust] = all() as [string, ...string[]];
    const announced = await visit({ files: [own, manifest!, signature!, trust!] });
    expect(announced.verdict).toMatchObject({ tone: 'unverifiable', code: 'commitments-missing' });
    expect(announced.verdict.headline).toBe('Announced, and not proven here.');
    const pinned = await visit({ files: [own, manifest!, signature!, commitments!, weights!, trust!] });
    expect(pinned.verdict).toMatchObject({ tone: 'unverifiable', code: 'proofs-missing' });
    expect(pinned.text).not.toContain('Your money in the snapshot');
    const unweighed = await visit({ files: all().filter((path) => path !== weights) });
    expect(unweighed.verdict).toMatchObject({ tone: 'unverifiable', code: 'weights-missing' });
  });

  it('shows no amount and never says valid for a file that was tampered with', async () => {
    const richer = structuredClone(inclusion);
    richer.parts[0]!.slots[0]!.amount = '900000000';
    const tampered = await writeFiles(join(saved.directory, 'tampered'), {
      platform: CEREMONY,
      published,
      inclusion: richer,
    });
    const { verdict, text, watched } = await visit({ files: [tampered.inclusion, ...all().slice(1)] });
    expect(verdict).toMatchObject({ tone: 'invalid', label: 'Not valid', code: 'opening' });
    expect(verdict.text).toContain('Ask the platform for your inclusion file of this snapshot again');
    expect(text).not.toMatch(/9\.0000|Your money in the snapshot/);
    expect(text).toMatch(/U5 Each row is a commitment to the amounts shown FAILED\s+expected/);
    expect(watched.complaints).toEqual([]);
  });

  it('shows the statement line by line as it adds up, and none of it where a line was changed', async () => {
    const own = makeInclusion(published, 'ann@example.org');
    const write = async (name: string, file: typeof own) =>
      (await writeFiles(join(saved.directory, name), { platform: CEREMONY, published, inclusion: file }))
        .inclusion;
    const userId = 'ann@example.org';
    const path = await write('statement', own);
    const { verdict, text } = await visit({ files: [path, ...all().slice(1)], userId });
    expect(verdict.tone).toBe('valid');
    for (const line of own.statement!.lines) expect(text).toContain(line.reference);
    for (const shown of SHOWN_OF_ANN) expect(text).toMatch(shown);
    const other = structuredClone(own);
    other.statement!.lines[0]!.value = '1.8';
    const given = [await write('statement-changed', other), ...all().slice(1)];
    const refused = await visit({ files: given, userId });
    expect(refused.verdict).toMatchObject({ tone: 'invalid', code: 'id-commitment' });
    expect(refused.text).not.toContain('BTC-PERP');
  });

  it('refuses a manifest that was changed after it was signed', async () => {
    const lower = structuredClone(published);
    lower.manifest.totals[0]!.equity = '100000000';
    const lowered = await writeFiles(join(saved.directory, 'lower'), {
      platform: CEREMONY,
      published: lower,
      inclusion: { ...inclusion, manifestHash: formatManifestHash(lower.manifest) },
    });
    const { verdict } = await visit({ files: [lowered.inclusion, lowered.manifest, ...all().slice(2)] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'signature-invalid' });
  });

  it('refuses the file of somebody else', async () => {
    const { verdict } = await visit({ files: all(), userId: 'bob@example.org' });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'id-commitment' });
    expect(verdict.text).not.toContain('bob@example.org');
  });

  it('refuses a file of another snapshot', async () => {
    const later = publishAs(CEREMONY, { snapshotHash: '12'.repeat(32) });
    const other = await writeFiles(join(saved.directory, 'later'), {
      platform: CEREMONY,
      published: later,
      inclusion: makeInclusion(later, 'lea@example.org'),
    });
    const { verdict } = await visit({ files: [other.inclusion, ...all().slice(1)] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'inclusion-of-other-snapshot' });
  });

  it('refuses development keys, and where they are allowed says INSECURE and never valid', async () => {
    const snapshot = publishAs(DEVELOPMENT);
    const development = await writeFiles(join(saved.directory, 'development'), {
      platform: DEVELOPMENT,
      published: snapshot,
      inclusion: makeInclusion(snapshot, 'lea@example.org'),
    });
    const given = Object.values(development);
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
    const { verdict, text } = await visit({ files: all().slice(0, 6) });
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
    const path = join(saved.directory, 'other-trust.json');
    await writeFile(path, encodeJsonLine(trust));
    const { verdict } = await visit({ files: [...all().slice(0, 6), path] });
    expect(verdict).toMatchObject({ tone: 'invalid', code: 'signing-key-not-pinned' });
  });

  it('says which file is missing or cannot be read', async () => {
    const manifestMissing = await visit({ files: [files.inclusion, files.trust] });
    expect(manifestMissing.verdict).toMatchObject({ tone: 'unverifiable', code: 'manifest-missing' });
    expect(manifestMissing.verdict.text).not.toContain('--');
    const signatureMissing = await visit({ files: [files.inclusion, files.manifest, files.trust] });
    expect(signatureMissing.verdict).toMatchObject({ tone: 'unverifiable', code: 'signature-missing' });
    const path = join(saved.directory, 'spaced-trust.json');
    await writeFile(path, JSON.stringify(CEREMONY.trust, null, 2));
    const malformed = await visit({ files: [...all().slice(0, 6), path] });
    expect(malformed.verdict.tone).toBe('unverifiable');
    expect(malformed.verdict.text).toContain('The trust file cannot be read');
  });
}
