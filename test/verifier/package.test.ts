import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { listCaseFiles, listReservesCases, type CaseFiles } from '../../conformance/adversary/all.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { launchBrowser, PATIENCE_MS } from './browser.js';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'src/verifier');
const PACK = join(ROOT, 'dist/scripts/verifier/pack.js');
/** Everything that an installation brings; a new name here is a new author to trust. */
const INSTALLED = [
  '@bitauth/libauth',
  '@noble/curves',
  '@noble/hashes',
  'canonicalize',
  'commander',
  'mcl-wasm',
  'solvent-verify',
  'zod',
];
const PERMISSIVE = ['MIT', 'BSD-3-Clause', 'Apache-2.0'];
/** The tarball, and what of it a page needs, compressed no further. */
const MAX_PACKED_BYTES = 430_000;
const MAX_BROWSER_BYTES = 1_700_000;

type PackageFile = {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

let directory = '';
let installed = '';
let first: Buffer;
let cases: readonly CaseFiles[] = [];
const honest = () => cases.find(({ name }) => name === 'honest twin: the bundle')!;
const at = (...names: string[]) => join(directory, ...names);

const readPackage = (path: string) =>
  JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as PackageFile;

function pack(out: string): Buffer {
  execFileSync(process.execPath, [PACK, '--out', out]);
  return readFileSync(join(out, readdirSync(out)[0]!));
}

async function placeCase(entry: CaseFiles): Promise<string> {
  const directory = at('cases', String(cases.indexOf(entry)));
  for (const [path, bytes] of Object.entries(entry.files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
  return directory;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-package-'));
  cases = await listCaseFiles();
  first = pack(at('packed'));
  installed = at('installed');
  await mkdir(installed);
  const tarball = at('packed', readdirSync(at('packed'))[0]!);
  const flags = ['--prefer-offline', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...flags, tarball], { cwd: installed, stdio: 'pipe' });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the tarball', () => {
  it('has the same bytes each time it is packed', () => {
    expect(pack(at('again')).equals(first)).toBe(true);
  });

  it('is small, and holds code, types, schemas, what it was built from, the README and the licence alone', () => {
    const [name = ''] = readdirSync(at('packed'));
    expect(statSync(at('packed', name)).size).toBeLessThan(MAX_PACKED_BYTES);
    const files = execFileSync('tar', ['tzf', at('packed', name)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const strange = files.filter(
      (file) =>
        !/^package\/(?:lib\/(?:protocol|presentation|verifier)\/.*\.(?:js|d\.ts)|schemas\/[a-z-]+\.schema\.json)$/.test(
          file,
        ),
    );
    expect(strange.sort()).toEqual([
      'package/LICENSE',
      'package/README.md',
      'package/lib/verifier/build.json',
      'package/package.json',
    ]);
  });
});

describe('installed into an empty directory', () => {
  const listInstalled = () =>
    readdirSync(join(installed, 'node_modules'), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .flatMap(({ name }) =>
        name.startsWith('@')
          ? readdirSync(join(installed, 'node_modules', name)).map((inner) => `${name}/${inner}`)
          : [name],
      );

  it('brings these packages and no other, each under a permissive licence and without a script at install', () => {
    expect(listInstalled().sort()).toEqual(INSTALLED);
    for (const name of INSTALLED) {
      const { license, scripts = {} } = readPackage(join(installed, 'node_modules', name));
      expect(PERMISSIVE).toContain(license);
      expect(Object.keys(scripts).filter((script) => /^(?:pre|post)?install$/.test(script))).toEqual([]);
    }
  });

  it('pins each dependency to the version that this project is tested with', () => {
    const { dependencies = {} } = readPackage(SOURCE);
    const tested = readPackage(ROOT).dependencies!;
    expect(Object.keys(dependencies)).toEqual(INSTALLED.filter((name) => name !== 'solvent-verify'));
    for (const [name, version] of Object.entries(dependencies))
      expect([name, version]).toEqual([name, tested[name]]);
  });

  const verify = (...args: string[]) =>
    spawnSync('npx', ['--no-install', 'solvent-verify', ...args], { cwd: installed, encoding: 'utf8' });

  it('says valid of a bundle that was proven, and refuses one that was tampered with', async () => {
    const golden = join(ROOT, 'conformance/bundles/v2');
    const flags = ['--trust', join(golden, 'trust.json'), '--allow-development-keys', '--json'];
    const valid = verify('bundle', join(golden, 'books/bundle'), ...flags);
    expect([valid.status, (JSON.parse(valid.stdout) as { code: string }).code]).toEqual([0, 'valid']);
    await cp(join(golden, 'books/bundle'), at('tampered'), { recursive: true });
    const manifest = at('tampered', 'manifest.json');
    await writeFile(manifest, readFileSync(manifest, 'utf8').replace('"quote":"USD"', '"quote":"EUR"'));
    const tampered = verify('bundle', at('tampered'), ...flags);
    expect([tampered.status, (JSON.parse(tampered.stdout) as { code: string }).code]).toEqual([
      1,
      'signature-invalid',
    ]);
  });

  it('verifies reserves in a process without a network, and says what this project says', async () => {
    const [twin] = await listReservesCases('honest twin: the reserves');
    for (const [path, bytes] of Object.entries(twin!.files)) {
      await mkdir(dirname(at('auditor', path)), { recursive: true });
      await writeFile(at('auditor', path), bytes);
    }
    const args = [
      ...[
        'reserves',
        at('auditor/reserves'),
        '--bundle',
        at('auditor/bundle'),
        '--trust',
        at('auditor/trust.json'),
      ],
      ...['--pins', at('auditor/pins.json'), '--allow-development-keys', '--json'],
    ];
    const alone = ['--map-root-user', '--net', '--'];
    const isAllowed = spawnSync('unshare', [...alone, 'true']).status === 0;
    const program = join(installed, 'node_modules/.bin/solvent-verify');
    const theirs = isAllowed
      ? spawnSync('unshare', [...alone, program, ...args], { encoding: 'utf8' })
      : spawnSync(program, args, { encoding: 'utf8' });
    let ours = '';
    const exitCode = await runCommand(args, {
      write: (text) => (ours += text),
      writeError: () => undefined,
      readLine: () => Promise.resolve(''),
    });
    expect([theirs.status, theirs.stdout]).toEqual([exitCode, ours]);
    expect([exitCode, JSON.parse(ours)]).toMatchObject([4, { valid: true, code: 'valid' }]);
  });

  it('checks a directory of inclusion files, in its own threads', async () => {
    const twin = cases.find(({ name }) => name.startsWith('honest twin: the file of lea'))!;
    const directory = await placeCase(twin);
    await mkdir(join(directory, 'all'), { recursive: true });
    await writeFile(join(directory, 'all', 'lea.json'), twin.files['inclusion.json']!);
    const flags = ['--bundle', join(directory, 'bundle'), '--trust', join(directory, 'trust.json')];
    const all = verify('inclusion', '--all', join(directory, 'all'), ...flags, '--allow-development-keys');
    expect(all.status).toBe(0);
    expect(all.stdout).toContain('all 1 inclusion file');
  });

  it('is a typed library that a strict TypeScript program compiles with and runs', async () => {
    const directory = await placeCase(honest());
    await writeFile(join(installed, 'check.mts'), PROGRAM);
    await writeFile(
      join(installed, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['check.mts'] }),
    );
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const compiled = spawnSync(process.execPath, [compiler, '-p', installed], { encoding: 'utf8' });
    expect([compiled.status, compiled.stdout]).toEqual([0, '']);
    const printed = execFileSync(
      process.execPath,
      ['check.mjs', join(directory, 'bundle'), join(directory, 'trust.json')],
      {
        cwd: installed,
        encoding: 'utf8',
      },
    );
    expect(printed).toBe('valid BTC 5.50000005\n');
  });

  it('exports these names and no other', async () => {
    const entry = pathToFileURL(join(installed, 'node_modules/solvent-verify/lib/verifier/index.js'));
    const node = new URL('node/index.js', entry);
    expect(Object.keys((await import(entry.href)) as object).sort()).toEqual([
      'FAILURES',
      'LANGUAGES',
      'UNVERIFIABLE',
      'VERIFIER_ERRORS',
      'createPairing',
      'followRotations',
      'formatMoney',
      'hashTrust',
      'makePrintable',
      'openBundleSource',
      'parseRotation',
      'parseTrust',
      'renderHtml',
      'speak',
      'verifyBundle',
      'verifyCeremonyEvidence',
      'verifyHistory',
      'verifyInclusion',
    ]);
    const reserves = new URL('reserves/index.js', entry);
    expect(Object.keys((await import(reserves.href)) as object).sort()).toEqual([
      'RESERVES_FAILURES',
      'RESERVES_UNVERIFIABLE',
      'compareInstants',
      'hashPins',
      'parsePins',
      'toBundleVerdict',
      'verifyReserves',
      'verifyReservesHistory',
    ]);
    expect(Object.keys((await import(node.href)) as object).sort()).toEqual([
      'HISTORY_DIRECTORY',
      'createEcdsaVerifier',
      'createPairingPool',
      'createSignerRecovery',
      'findCeremonyEvidence',
      'loadHistory',
      'loadPublished',
      'openBundle',
      'openManifest',
      'openReserves',
      'readFileBounded',
      'verifyInclusionDirectory',
    ]);
  });
});

const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023'],
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
};

const PROGRAM = `import { readFile } from 'node:fs/promises';
import { createPairing, formatMoney, parseTrust, verifyBundle, type Report } from 'solvent-verify';
import { openBundle } from 'solvent-verify/node';

const [bundle = '', trust = ''] = process.argv.slice(2);
const report: Report = await verifyBundle(await openBundle(bundle), parseTrust(await readFile(trust)), {
  pairing: await createPairing(),
  allowDevelopmentKeys: true,
});
// @ts-expect-error The answer is a report, and never a bare boolean.
if (report === true) throw new Error();
const [first] = report.totals;
console.log(report.code, first!.asset, formatMoney(first!.equity, 8));
`;

describe('in a browser', () => {
  let browser: Browser;
  let script = '';

  beforeAll(async () => {
    const entry = at('installed', 'page.mjs');
    await writeFile(entry, "export * from 'solvent-verify';\n");
    const bundle = await rolldown({ input: entry, platform: 'browser', cwd: installed, logLevel: 'silent' });
    const { output } = await bundle.generate({ format: 'iife', name: 'solvent', minify: true });
    await bundle.close();
    script = output[0].code;
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  it('is one script of a bounded size, without a module of Node', () => {
    expect(script.length).toBeLessThan(MAX_BROWSER_BYTES);
    expect(script).not.toMatch(/["'`]node:/);
    expect(script).not.toMatch(/\brequire\(["'`](?:fs|path|crypto|worker_threads)["'`]\)/);
  });

  it('gives the codes that it gives in Node, under a policy that forbids code from text and any request', async () => {
    // Pins are read by another door, which this script has not: a page brings no registry and no log.
    const chosen = chooseOneForEachCode(
      cases.filter(({ files }) => !PUBLICATION.some((name) => name in files)),
    );
    expect(chosen.length).toBeGreaterThan(60);
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const noise: string[] = [];
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    const policy = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'";
    await page.setContent(
      `<meta http-equiv="Content-Security-Policy" content="${policy}"><script>${script.replaceAll('</script', '<\\/script')}</script>`,
    );
    const answers = await page.evaluate(judgeInPage, chosen.map(encodeCase));
    expect(answers).toEqual(chosen.map(({ name, expected }) => ({ name, code: expected })));
    expect(noise).toEqual([]);
  });
});

const PUBLICATION = ['pins.json', 'registry.json', 'manifest.tlog-proof'];

/** The first case of each code and subject. */
function chooseOneForEachCode(all: readonly CaseFiles[]): CaseFiles[] {
  const first = new Map<string, CaseFiles>();
  for (const entry of all) {
    const key = `${entry.subject} ${entry.expected}`;
    if (!first.has(key)) first.set(key, entry);
  }
  return [...first.values()];
}

function encodeCase({ files, ...entry }: CaseFiles) {
  const encoded = Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]);
  return { ...entry, files: Object.fromEntries(encoded) as Record<string, string> };
}

/** Runs in the page: what a web application would do with the package. */
async function judgeInPage(
  encoded: readonly ReturnType<typeof encodeCase>[],
): Promise<{ name: string; code: string }[]> {
  const { createPairing, parseTrust, verifyBundle, verifyInclusion } = (
    globalThis as unknown as { solvent: typeof import('../../src/verifier/index.js') }
  ).solvent;
  const pairing = await createPairing();
  const answers: { name: string; code: string }[] = [];
  for (const { name, subject, files, userId, requirePublished, ...flags } of encoded) {
    const read = (path: string) => {
      const text = files[path];
      return text === undefined ? undefined : Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    };
    const [manifest, signature] = [read('bundle/manifest.json'), read('bundle/manifest.sig.json')];
    const list = (path: string) => {
      const bytes = read(path);
      return bytes && [bytes];
    };
    const source = manifest &&
      signature && {
        manifest,
        signature,
        commitments: list('bundle/commitments.ndjson'),
        weights: read('bundle/weights.json'),
        proofs: list('bundle/proofs.ndjson'),
      };
    const trustBytes = read('trust.json');
    const trust = trustBytes && parseTrust(trustBytes);
    const options = {
      ...{ pairing, ...flags, ceremony: read('ceremony.json') },
      publication: { isRequired: requirePublished },
    };
    const { code } =
      subject === 'bundle'
        ? await verifyBundle(source!, trust, options)
        : await verifyInclusion(read('inclusion.json')!, source, trust, { ...options, userId: userId! });
    answers.push({ name, code });
  }
  return answers;
}
