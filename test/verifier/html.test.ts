import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeInclusion, encodeJsonLine } from '../../src/protocol/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { html, typesetAmount } from '../../src/presentation/index.js';
import {
  createPairing,
  renderHtml,
  verifyBundle,
  verifyInclusion,
  type Report,
} from '../../src/verifier/index.js';
import { copyHonest, FILES, honest, platform } from '../../conformance/adversary/case.js';
import { launchBrowser, PATIENCE_MS } from './browser.js';
import { writeBundle } from './bundle-files.js';
import { reseal, toSource, type Published } from '../../conformance/adversary/world.js';

const pairing = await createPairing();
const options = { pairing, allowDevelopmentKeys: true } as const;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HOSTILE = `</title></style><script>alert(1)</script><img src=x onerror='alert(1)'> "&amp;`;

const verify = (published: Published, trust = platform.trust) =>
  verifyBundle(toSource(published), trust, options);
/** Where the platform has a name that is markup. */
const HOSTILE_TRUST = { ...platform.trust, platform: HOSTILE };

function publishHostile(): Published {
  const published = copyHonest();
  reseal(platform, published, {
    manifest: (manifest) => {
      manifest.platform = HOSTILE;
      manifest.scope = { included: HOSTILE, excluded: [HOSTILE, 'a\u202eb'] };
      for (const asset of manifest.assets) asset.priceSource = HOSTILE;
    },
  });
  return published;
}

describe('a report as a page', () => {
  it('is the same bytes each time, with a policy that allows its own style and nothing else', async () => {
    const report = await verify(honest);
    const page = renderHtml(report);
    expect(renderHtml(report)).toBe(page);
    const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="${policy.replaceAll("'", '&#39;')}"`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bhref=|\bsrc=|\bstyle=|\bon[a-z]+=/i);
  });

  it('shows what the platform wrote as text, and never as markup', async () => {
    const page = renderHtml(await verify(publishHostile(), HOSTILE_TRUST));
    expect(page).not.toMatch(/<script|<img|onerror='/);
    expect(page).toContain('&lt;/title&gt;&lt;/style&gt;&lt;script&gt;');
    expect(page).toContain('a\\u{202e}b');
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(html`<p title="${HOSTILE}">${['a', html`<b>${'<i>'}</b>`].length}</p>`.toString()).toBe(
      `<p title="&lt;/title&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &quot;&amp;amp;">2</p>`,
    );
  });

  it('marks every part that rests on development keys', async () => {
    const page = renderHtml(await verify(honest));
    const marked = [...page.matchAll(/<h[12]>([^<]*)<span class="mark">INSECURE<\/span>/g)].map(
      ([, title]) => title,
    );
    expect(marked).toEqual(['✓ Valid', 'What the platform owes', 'Totals', 'Checks', 'Circuits and keys']);
    expect(page).toContain('<header class="verdict caution">');
  });

  it('shows no total, no chart and no holding of what is not valid', async () => {
    const published = copyHonest();
    reseal(platform, published, {
      manifest: ({ totals }) => {
        totals[0]!.equity = '1';
      },
    });
    const page = renderHtml(await verify(published));
    expect(page).toContain('✕ Invalid');
    expect(page).toContain('<code>totals</code>');
    expect(page).toContain('<strong>Next:</strong>');
    expect(page).not.toMatch(/What the platform owes|<svg|<h2>Totals/);
  });

  it('shows a user their own holdings, and not their id', async () => {
    const user = { ...options, userId: 'lea@example.org' };
    const page = renderHtml(
      await verifyInclusion(encodeInclusion(FILES.lea), toSource(honest), platform.trust, user),
    );
    expect(page).toContain('Your holdings');
    expect(page).toContain('40,000.000000');
    expect(page).not.toContain('lea@example.org');
  });
});

describe('the statement of a user', () => {
  it('stands in their page line by line, under what is netted together', async () => {
    const user = { ...options, userId: FILES.ann.userId };
    const page = renderHtml(
      await verifyInclusion(encodeInclusion(FILES.ann), toSource(honest), platform.trust, user),
    );
    expect(page).toContain('Your statement');
    for (const { value, asset } of FILES.ann.statement!.lines)
      expect(page).toContain(`${typesetAmount(value, asset === 'BTC' ? 8 : 6)} ${asset}</td>`);
    expect(page).toContain('−0.25000000 BTC</td>');
    expect(page).toMatch(/[0-9,]+ USDT, entered at [0-9,]+, index, 29 June 2026, 23:59:59\.5 UTC/);
  });
});

describe('solvent-verify --html', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'solvent-html-'));
    await writeBundle(directory, honest);
    await writeFile(join(directory, 'trust.json'), encodeJsonLine(platform.trust));
    await writeFile(join(directory, 'lea.json'), encodeInclusion(FILES.lea));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function run(page: string): Promise<{ exitCode: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const at = (name: string) => join(directory, name);
    const exitCode = await runCommand(
      [
        ...['inclusion', at('lea.json'), '--user', 'lea@example.org', '--manifest', at('manifest.json')],
        ...['--trust', at('trust.json'), '--allow-development-keys', '--html', at(page)],
      ],
      {
        write: (text) => (out += text),
        writeError: (text) => (err += text),
        readLine: () => Promise.resolve(''),
      },
    );
    return { exitCode, out, err };
  }

  it('writes the page whole, over an older one, for its owner alone, and still prints the report', async () => {
    await writeFile(join(directory, 'report.html'), 'old');
    const { exitCode, out } = await run('report.html');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^VALID/);
    expect(await readFile(join(directory, 'report.html'), 'utf8')).toMatch(
      /^<!doctype html>[^]*<\/html>\n$/i,
    );
    expect((await stat(join(directory, 'report.html'))).mode & 0o777).toBe(0o600);
    expect((await readdir(directory)).filter((name) => name.startsWith('.tmp-'))).toEqual([]);
  });

  it('ends with 2, and with no verdict, where the page cannot be written', async () => {
    const { exitCode, out, err } = await run(join('nowhere', 'report.html'));
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: .*\ncode: file-unwritable\n$/);
  });
});

describe('the page in a browser', () => {
  let browser: Browser;
  const reports = new Map<string, Report>();

  beforeAll(async () => {
    browser = await launchBrowser();
    reports.set('valid', await verify(honest));
    reports.set('hostile', await verify(publishHostile(), HOSTILE_TRUST));
    reports.set('unverifiable', await verifyBundle(toSource(honest), undefined, options));
    const user = { ...options, userId: FILES.ann.userId };
    reports.set(
      'user',
      await verifyInclusion(encodeInclusion(FILES.ann), toSource(honest), platform.trust, user),
    );
    const published = copyHonest();
    published.proofs[0]!.proof = published.proofs[1]!.proof;
    reports.set('invalid', await verify(published));
  });

  afterAll(() => browser.close());

  it.each(['valid', 'hostile', 'unverifiable', 'user', 'invalid'])(
    'makes no request, breaks no policy, fits a telephone and can be read by everyone: %s',
    async (name) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({
          viewport: { width: 360, height: 740 },
          colorScheme,
          bypassCSP: false,
        });
        page.setDefaultTimeout(PATIENCE_MS);
        const noise: string[] = [];
        page.on('console', (message) => noise.push(message.text()));
        page.on('request', (request) => noise.push(request.url()));
        await page.setContent(renderHtml(reports.get(name)!));
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
        expect(await page.evaluate('document.styleSheets.length')).toBe(1);
        expect(noise).toEqual([]);
        // By the protocol of the browser, which no policy of the page stops.
        await page.evaluate(await readFile(AXE, 'utf8'));
        const violations = await page.evaluate<string[]>(
          'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
        );
        expect(violations).toEqual([]);
        await page.close();
      }
    },
  );
});
