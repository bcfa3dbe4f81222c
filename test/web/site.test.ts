import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ed25519 } from '@noble/curves/ed25519.js';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addPublishCommand } from '../../src/cli/commands/publish.js';
import { publishSite, type SiteSources, verifyAsWritten } from '../../src/site/site.js';
import {
  bytesToHex,
  encodeJsonLine,
  encodeRotation,
  formatManifestHash,
  type Manifest,
} from '../../src/protocol/index.js';
import { encodeCeremonyEvidence } from '../../src/protocol/ceremony/index.js';
import { simulateCeremony } from '../../conformance/adversary/ceremony.js';

import { rotateIdentity } from '../../src/identity/index.js';
import { verifyHistory } from '../../src/verifier/index.js';
import { loadHistory } from '../../src/verifier/node/index.js';
import {
  makeInclusion,
  makePlatform,
  type Platform,
  type Published,
} from '../../conformance/adversary/world.js';
import { findFaults, PATIENCE_MS, startBrowser, takePicture, takeSmallPicture, watch } from './browser.js';
import { check, fill } from './check-page.js';

import { CEREMONY, DEVELOPMENT, publishAs, SHOWN, writeFiles } from './published-files.js';

const started = await startBrowser();
const SECRET = 'what nobody may read';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
/** Totals whose bars differ, for the picture; no proof is about them. */
const DRAWN_TOTALS = [
  { asset: 'BTC', equity: '81250000000', debt: '1200000000' },
  { asset: 'USDT', equity: '31460125000000', debt: '2750400000000' },
  { asset: 'XYZ', equity: '186000000000', debt: '0' },
  { asset: 'ETH', equity: '420000000000', debt: '7000000000' },
  { asset: 'OLD', equity: '14', debt: '0' },
];
let root: string;
const at = (...names: string[]) => join(root, ...names);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'solvent-site-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A finished run: a bundle, and private files that no site may have. */
async function makeRun(
  name: string,
  platform: Platform = CEREMONY,
  changes: Partial<Manifest> = {},
): Promise<{ run: string; trust: string; published: Published }> {
  const published = publishAs(platform, { previousManifestHash: null, ...changes });
  const inclusion = makeInclusion(published, 'lea@example.org');
  const files = await writeFiles(at(name, 'bundle'), { platform, published, inclusion });
  await mkdir(at(name, 'private'), { recursive: true });
  await rename(files.inclusion, at(name, 'private', 'lea.json'));
  await writeFile(at(name, 'private', 'secret'), SECRET);
  return { run: at(name), trust: files.trust, published };
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
    .sort();
}

const codeOf = (sources: SiteSources, out: string) =>
  publishSite(sources, out).then(
    () => 'published',
    (error: unknown) => (error as { code: string }).code,
  );

/** The first two proofs in the place of each other. */
function swapLines(text: string): string {
  const [first, second, ...rest] = text.trimEnd().split('\n');
  return `${[second, first, ...rest].join('\n')}\n`;
}

const SMALL = ['manifest.json', 'manifest.sig.json'];
const WHOLE = ['commitments.ndjson', ...SMALL, 'proofs.ndjson', 'weights.json'];

describe('a published site', () => {
  it('is not written into its run, beside what is private', async () => {
    const { run } = await makeRun('beside-private');
    for (const out of [run, join(run, 'site'), join(run, 'private', 'site')]) {
      expect(await codeOf({ run }, out)).toBe('site-inside-run');
    }
    expect(await listFiles(run)).not.toContain(join('site', 'index.html'));
  });

  it('holds the front page, the check page with its hash, and the bundle, and nothing private', async () => {
    const { run, trust, published } = await makeRun('first');
    const site = await publishSite({ run, trust }, at('site'));
    expect(site.manifestHash).toBe(formatManifestHash(published.manifest));
    expect(await listFiles(at('site'))).toEqual([
      ...WHOLE.map((name) => `bundle/${name}`),
      'check.html',
      'check.html.sha256',
      'history/2026-06-30T000000Z/manifest.json',
      'history/2026-06-30T000000Z/manifest.sig.json',
      'index.html',
      'trust.json',
    ]);
    for (const name of await listFiles(at('site'))) {
      const text = await readFile(at('site', name), 'utf8');
      for (const secret of [SECRET, 'lea@example.org']) expect(text).not.toContain(secret);
    }
    const page = await readFile(at('site/check.html'));
    const hash = createHash('sha256').update(page).digest('hex');
    expect(await readFile(at('site/check.html.sha256'), 'utf8')).toBe(`${hash}  check.html\n`);
    const front = await readFile(at('site/index.html'), 'utf8');
    for (const told of [hash, site.manifestHash, site.trustHash!]) expect(front).toContain(told);
    for (const money of ['5.50000005', '100,000.000000', '60,000']) expect(front).toContain(`>${money}<`);
    // 5.50000005 BTC at 60,000, 19.000022 USDT at 1, 184,467,440,737,095,516.18 XYZ at a quarter, 12.00000003 ETH at 3,000.
    expect(front).toContain('46,116,860,184,639,898 USD');
    expect(front).not.toContain('INSECURE');
  });

  it('has the same bytes each time', async () => {
    const { run, trust } = await makeRun('same');
    await publishSite({ run, trust }, at('same-1'));
    await publishSite({ run, trust }, at('same-2'));
    for (const name of await listFiles(at('same-1'))) {
      const [one, two] = [await readFile(at('same-1', name)), await readFile(at('same-2', name))];
      expect([name, one.equals(two)]).toEqual([name, true]);
    }
  });

  it('shows what the platform wrote as text, under a policy that allows no script', async () => {
    const scope = { included: '<script>alert(1)</script>', excluded: ['"><img src=x onerror=alert(1)>'] };
    const { run } = await makeRun('markup', CEREMONY, { scope });
    await publishSite({ run }, at('markup-site'));
    const front = await readFile(at('markup-site/index.html'), 'utf8');
    expect(front).not.toMatch(/<script|<img/);
    expect(front).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const [, style] = /<style>([^]*)<\/style>/.exec(front)!;
    const styleHash = createHash('sha256').update(style!).digest('base64');
    expect(front.replaceAll('&#39;', "'")).toContain(
      `content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(front).not.toMatch(/<[^>]*\s(?:style|on[a-z]+)=/);
  });

  it('says INSECURE where keys are development keys', async () => {
    const { run } = await makeRun('development', DEVELOPMENT);
    await publishSite({ run }, at('development-site'));
    expect(await readFile(at('development-site/index.html'), 'utf8')).toContain('INSECURE: a test');
  });

  it('offers the evidence of the ceremony that lies beside the trust file, and says what it shows', async () => {
    const { run, trust } = await makeRun('evident');
    const stated = await publishSite({ run, trust }, at('stated-site'));
    expect(stated.provenance).toMatchObject({ kind: 'ceremony', shown: false });
    expect(await readFile(at('stated-site/index.html'), 'utf8')).toContain(
      'of a ceremony: stated, not shown',
    );

    const evidence = encodeCeremonyEvidence(SHOWN.evidence);
    const beside = join(run, 'bundle', 'ceremony.json');
    await writeFile(beside, evidence);
    const shown = await publishSite({ run, trust }, at('evident-site'));
    expect(shown.provenance).toMatchObject({ shown: true, contributions: 2, signers: 2 });
    expect(await readFile(at('evident-site/ceremony.json'))).toEqual(Buffer.from(evidence));
    const front = await readFile(at('evident-site/index.html'), 'utf8');
    expect(front).toContain('of a ceremony, shown: 2 contributions, signed by 2 different keys');
    expect(front).toContain('href="ceremony.json"');

    await writeFile(beside, encodeCeremonyEvidence(simulateCeremony('others', ['Alice', 'Bob']).evidence));
    await expect(publishSite({ run, trust }, at('none'))).rejects.toMatchObject({
      code: 'bundle-not-valid',
      details: { code: 'ceremony-provenance-differs' },
    });
    await writeFile(beside, SECRET);
    await expect(publishSite({ run, trust }, at('none'))).rejects.toMatchObject({ errorClass: 'format' });
    await rm(beside);
    await symlink(at('evident', 'private', 'secret'), beside);
    expect(await codeOf({ run, trust }, at('none'))).toBe('file-unreadable');
    expect(await codeOf({ run, ceremony: at('evident-site/ceremony.json') }, at('none'))).toBe(
      'evidence-alone',
    );
    expect(await readdir(root)).not.toContain('none');
  });

  it('is verified as it was written, whatever changed since it was read', async () => {
    const { run, trust: path, published } = await makeRun('written');
    await writeFile(join(run, 'bundle', 'ceremony.json'), encodeCeremonyEvidence(SHOWN.evidence));
    const site = at('written-site');
    await publishSite({ run, trust: path }, site);
    const { manifest, signature } = published;
    const trust = CEREMONY.trust;
    await expect(verifyAsWritten(site, { manifest, signature, trust })).resolves.toBeUndefined();
    for (const [name, change, code] of [
      ['bundle/proofs.ndjson', swapLines, 'proof'],
      ['ceremony.json', (text: string) => text.replace('Alice', 'Malice'), 'ceremony-signature-invalid'],
    ] as const) {
      const kept = await readFile(join(site, name), 'utf8');
      await writeFile(join(site, name), change(kept));
      await expect(verifyAsWritten(site, { manifest, signature, trust })).rejects.toMatchObject({
        code: 'bundle-not-valid',
        details: { code },
      });
      await writeFile(join(site, name), kept);
    }
  });

  it('is there as a whole or not at all', async () => {
    const { run } = await makeRun('whole');
    await rm(join(run, 'bundle/proofs.ndjson'));
    expect(await codeOf({ run }, at('none'))).toBe('bundle-incomplete');
    expect(await readdir(root)).not.toContain('none');
    const { run: good } = await makeRun('whole-2');
    await mkdir(at('taken'));
    await writeFile(at('taken/mine.txt'), 'mine');
    expect(await codeOf({ run: good }, at('taken'))).toBe('directory-exists');
    expect(await readdir(at('taken'))).toEqual(['mine.txt']);
  });

  it('is not made of a bundle that its readers would refuse', async () => {
    const { run, trust } = await makeRun('refused');
    const others = at('other-trust.json');
    await writeFile(others, encodeJsonLine(makePlatform('somebody else').trust));
    const readers = publishSite({ run, trust: others }, at('none'));
    await expect(readers).rejects.toMatchObject({
      code: 'bundle-not-valid',
      details: { code: 'signing-key-not-pinned' },
    });
    const path = join(run, 'bundle/proofs.ndjson');
    await writeFile(path, swapLines(await readFile(path, 'utf8')));
    const spliced = publishSite({ run, trust }, at('none'));
    await expect(spliced).rejects.toMatchObject({
      code: 'bundle-not-valid',
      details: { code: 'proof' },
    });
    expect(await readdir(root)).not.toContain('none');
  });
});

describe('the history of a site', () => {
  it('goes on from the previous site, with every bundle whole, in one chain that anyone can walk', async () => {
    const july = '2026-07-31T00:00:00Z';
    const august = '2026-08-31T00:00:00Z';
    const first = await makeRun('chain-1');
    const { manifestHash: one } = await publishSite({ run: first.run }, at('chain-site-1'));
    const second = await makeRun('chain-2', CEREMONY, { takenAt: july, previousManifestHash: one });
    const { manifestHash: two } = await publishSite(
      { run: second.run, previous: at('chain-site-1') },
      at('chain-site-2'),
    );
    const third = await makeRun('chain-3', CEREMONY, { takenAt: august, previousManifestHash: two });
    const site = await publishSite({ run: third.run, previous: at('chain-site-2') }, at('chain-site-3'));
    expect(site.snapshots.map(({ manifestHash }) => manifestHash)).toEqual([site.manifestHash, two, one]);
    expect((await listFiles(at('chain-site-3'))).filter((name) => name.startsWith('history/'))).toEqual([
      ...WHOLE.map((name) => `history/2026-06-30T000000Z/${name}`),
      ...WHOLE.map((name) => `history/2026-07-31T000000Z/${name}`),
      ...SMALL.map((name) => `history/2026-08-31T000000Z/${name}`),
    ]);
    const report = verifyHistory(await loadHistory(at('chain-site-3/history')));
    expect(verifyHistory(await loadHistory(at('chain-site-3')))).toEqual(report);
    expect(report.entries.map(({ takenAt }) => takenAt)).toEqual(['2026-06-30T00:00:00Z', july, august]);
    const front = await readFile(at('chain-site-3/index.html'), 'utf8');
    for (const hash of [one, two]) expect(front).toContain(hash);
  });

  it('takes over no earlier bundle whose proofs somebody changed since', async () => {
    const first = await makeRun('changed-1');
    const { manifestHash: one } = await publishSite({ run: first.run }, at('changed-site'));
    const path = at('changed-site/bundle/proofs.ndjson');
    const kept = await readFile(path, 'utf8');
    await writeFile(path, swapLines(kept));
    const takenAt = '2026-07-31T00:00:00Z';
    const second = await makeRun('changed-2', CEREMONY, { takenAt, previousManifestHash: one });
    const sources = { run: second.run, trust: second.trust, previous: at('changed-site') };
    await expect(publishSite(sources, at('none'))).rejects.toMatchObject({
      code: 'bundle-not-valid',
      details: { code: 'proof' },
    });
    await writeFile(path, kept);
    expect(await codeOf(sources, at('changed-site-2'))).toBe('published');
  });

  it('refuses a snapshot that does not follow the previous site', async () => {
    const first = await makeRun('gap-1');
    await publishSite({ run: first.run }, at('gap-site'));
    const takenAt = '2026-07-31T00:00:00Z';
    const gap = await makeRun('gap-2', CEREMONY, { takenAt, previousManifestHash: 'ab'.repeat(32) });
    expect(await codeOf({ run: gap.run, previous: at('gap-site') }, at('none'))).toBe('history-gap');
    const fork = await makeRun('gap-3', CEREMONY, { takenAt });
    expect(await codeOf({ run: fork.run, previous: at('gap-site') }, at('none'))).toBe('history-forked');
    expect(await readdir(root)).not.toContain('none');
  });
});

describe('a site that others could write to', () => {
  it.each([
    ['a link in its history', 'history/2026-06-30T000000Z/proofs.ndjson', 'link'],
    ['a link to a directory in its history', 'history/2026-05-31T000000Z', 'link'],
    ['a link in place of its history', 'history', 'link'],
    ['a link in its bundle', 'bundle/weights.json', 'link'],
    ['a pipe in its history', 'history/2026-06-30T000000Z/proofs.ndjson', 'pipe'],
    ['a pipe in place of a manifest', 'history/2026-06-30T000000Z/manifest.json', 'pipe'],
    ['a link in place of a rotation', 'history/rotation-1.json', 'link'],
  ] as const)('brings no private file into the next one by %s', async (name, planted, kind) => {
    const [june, july] = ['2026-06-30T00:00:00Z', '2026-07-31T00:00:00Z'];
    const label = name.replaceAll(' ', '-');
    const first = await makeRun(`${label}-1`, CEREMONY, { takenAt: june });
    const { manifestHash: one } = await publishSite({ run: first.run }, at(`${label}-site-1`));
    const second = await makeRun(`${label}-2`, CEREMONY, { takenAt: july, previousManifestHash: one });
    const previous = at(`${label}-site-2`);
    const { manifestHash: two } = await publishSite(
      { run: second.run, previous: at(`${label}-site-1`) },
      previous,
    );
    const third = await makeRun(`${label}-3`, CEREMONY, {
      takenAt: '2026-08-31T00:00:00Z',
      previousManifestHash: two,
    });
    const path = join(previous, planted);
    await mkdir(at(`${label}-private`));
    await writeFile(at(`${label}-private`, 'secret'), SECRET);
    const kept = at(`${label}-kept`);
    await rename(path, kept).catch(() => undefined);
    if (kind === 'pipe') spawnSync('mkfifo', [path]);
    else {
      const isFile = path.endsWith('json');
      const own = planted === 'history' ? kept : at(`${label}-private`, isFile ? 'secret' : '');
      await symlink(own, path);
    }
    const code = await codeOf({ run: third.run, previous }, at('none'));
    expect(code).toMatch(/^(?:file-unreadable|bundle-incomplete|history-not-given)$/);
    expect(await readdir(root)).not.toContain('none');
  });
});

describe('a site that is published again', () => {
  it('is complete already for the same run, and refused for another', async () => {
    const { run, trust } = await makeRun('again');
    const first = await publishSite({ run, trust }, at('again-site'));
    expect(first.wasComplete).toBe(false);
    const before = await stat(at('again-site/index.html'));
    expect(await publishSite({ run, trust }, at('again-site'))).toEqual({ ...first, wasComplete: true });
    expect((await stat(at('again-site/index.html'))).ino).toBe(before.ino);
    expect(await codeOf({ run }, at('again-site'))).toBe('directory-exists');
    const other = await makeRun('again-2', CEREMONY, { takenAt: '2026-07-31T00:00:00Z' });
    expect(await codeOf({ run: other.run, trust }, at('again-site'))).toBe('directory-exists');
  });

  it('keeps the history that its manifest names, unless it is told that this is meant', async () => {
    const earlier = 'cd'.repeat(32);
    const { run } = await makeRun('forgotten', CEREMONY, { previousManifestHash: earlier });
    const forgotten = publishSite({ run }, at('none'));
    await expect(forgotten).rejects.toMatchObject({ code: 'history-not-given', errorClass: 'usage' });
    await expect(forgotten).rejects.toThrow(earlier);
    await publishSite({ run: (await makeRun('gone-1')).run }, at('gone-site'));
    const both = codeOf({ run, previous: at('gone-site'), withoutHistory: true }, at('none'));
    expect(await both).toBe('history-not-given');
    expect(await readdir(root)).not.toContain('none');
    const { snapshots } = await publishSite({ run, withoutHistory: true }, at('forgotten-site'));
    expect(snapshots).toHaveLength(1);
  });
});

describe('a change of the signing key', () => {
  it('goes into the history, and without it the chain is refused', async () => {
    const first = await makeRun('turn-1');
    const { manifestHash } = await publishSite({ run: first.run }, at('turn-site-1'));
    const signingSecret = new Uint8Array(32).fill(9);
    const signingKey = bytesToHex(ed25519.getPublicKey(signingSecret));
    const next: Platform = { ...CEREMONY, signingSecret, trust: { ...CEREMONY.trust, signingKey } };
    const takenAt = '2026-07-31T00:00:00Z';
    const { run } = await makeRun('turn-2', next, { takenAt, previousManifestHash: manifestHash });
    const previous = at('turn-site-1');
    expect(await codeOf({ run, previous }, at('none'))).toBe('history-signature-invalid');
    const keyOf = ({ signingSecret: secret, trust }: Platform) => ({
      publicKey: trust.signingKey,
      sign: (message: Uint8Array) => ed25519.sign(message, secret),
    });
    const rotation = rotateIdentity({
      platform: 'Example Exchange',
      oldKey: keyOf(CEREMONY),
      newKey: keyOf(next),
      lastManifestHash: manifestHash,
      at: '2026-07-01T00:00:00Z',
    });
    await writeFile(at('rotation.json'), encodeRotation(rotation));
    await publishSite({ run, previous, rotations: [at('rotation.json')] }, at('turn-site-2'));
    const report = verifyHistory(await loadHistory(at('turn-site-2/history')), { signingKey });
    expect(report.rotations).toBe(1);
  });
});

describe('solvent publish', () => {
  it('tells its operator what to announce', async () => {
    const { run, published } = await makeRun('command');
    const program = addTo(new Command());
    const written = await capture(() =>
      program.parseAsync(['publish', run, '--out', at('command-site')], { from: 'user' }),
    );
    expect(written).toContain(`manifest hash  ${formatManifestHash(published.manifest)}`);
    expect(written).toMatch(/check\.html {5}[0-9a-f]{64}\n/);
    expect(written).toContain('NOT verified');
  });
});

if ('missing' in started) {
  it.skip(`needs a browser, and none starts here: ${started.missing}`, () => undefined);
} else {
  const browser = started;
  afterAll(() => browser.close());
  describe('the front page in a browser', () => {
    it.each([
      ['light', 800],
      ['dark', 800],
      ['light', 360],
    ] as const)('has nothing that axe-core objects to, %s at %i pixels', async (colorScheme, width) => {
      const { run } = await makeRun(`look-${colorScheme}-${width}`, CEREMONY, { totals: DRAWN_TOTALS });
      const site = at(`look-site-${colorScheme}-${width}`);
      await publishSite({ run }, site);
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        offline: true,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const watched = watch(page);
      await page.goto(pathToFileURL(join(site, 'index.html')).href);
      expect(await findFaults(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
      expect(watched.requests).toHaveLength(1);
      expect(watched.complaints).toEqual([]);
      await takePicture(page, `site-${colorScheme}-${width}`);
      if (width === 800 && colorScheme === 'light') await takeSmallPicture(page, 'main', 'site');
      await page.getByRole('link', { name: 'Open the check page' }).click();
      expect(await page.getByRole('button', { name: 'Check my account' }).isVisible()).toBe(true);
      await context.close();
    });

    it('leads to a check page that gets the bundle of its own site, and nothing else of anybody', async () => {
      const { run, published } = await makeRun('served');
      await writeFile(at('served', 'bundle', 'ceremony.json'), encodeCeremonyEvidence(SHOWN.evidence));
      await publishSite({ run, trust: at('served', 'bundle', 'trust.json') }, at('served-site'));
      const server = await serveDirectory(at('served-site'));
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const watched = watch(page);
      await page.goto(`${server.address}/check.html`);
      await page.getByRole('button', { name: 'Get the bundle of this site' }).click();
      await page.locator('#slots .here').nth(5).waitFor();
      const own = await writeFiles(at('served-own'), {
        ...{ platform: CEREMONY, published },
        inclusion: makeInclusion(published, 'lea@example.org'),
      });
      await fill(page, { files: [own.inclusion, own.trust], fileCount: 8 });
      expect(await check(page)).toMatchObject({ tone: 'valid', code: 'valid' });
      expect(await page.locator('body').innerText()).toContain('of a ceremony, shown: 2 contributions');
      expect(watched.complaints).toEqual([]);
      const asked = watched.requests.filter((url) => !url.startsWith('blob:'));
      expect(asked.map((url) => url.slice(server.address.length)).sort()).toEqual([
        ...WHOLE.map((name) => `/bundle/${name}`),
        '/ceremony.json',
        '/check.html',
      ]);
      await context.close();
      await server.close();
    });

    it('says where the site of a check page has no bundle', async () => {
      await mkdir(at('bare'));
      await copyFile(at('served-site/check.html'), at('bare/check.html'));
      const server = await serveDirectory(at('bare'));
      const context = await browser.newContext();
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      await page.goto(`${server.address}/check.html`);
      await page.getByRole('button', { name: 'Get the bundle of this site' }).click();
      await page.getByText('bundle-not-found').waitFor();
      expect(await page.locator('#slots .here').count()).toBe(0);
      await context.close();
      await server.close();
    });
  });
}

/** Serves the files of a directory on this machine alone, as any web server does. */
async function serveDirectory(directory: string) {
  const server = createServer((request, response) => {
    readFile(join(directory, new URL(request.url!, 'http://localhost').pathname)).then(
      (bytes) => response.writeHead(200, request.url!.endsWith('html') ? HTML : {}).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function addTo(program: Command): Command {
  addPublishCommand(program);
  return program;
}

/** What a command writes to the standard output. */
async function capture(run: () => Promise<unknown>): Promise<string> {
  const write = process.stdout.write.bind(process.stdout);
  let written = '';
  process.stdout.write = (text: string) => {
    written += text;
    return true;
  };
  try {
    await run();
  } finally {
    process.stdout.write = write;
  }
  return written;
}
