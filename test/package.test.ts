import { execFile, execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PRIVATE_KEY_DER } from './prover/fixture.js';
import { startPostgres } from './snapshot/books/postgres-server.js';
import { PATIENCE_MS, startBrowser } from './web/browser.js';

const ROOT = resolve(import.meta.dirname, '..');
/** Whether npm installs the tarball from its registry; else the dependencies that are here are linked, and no network is used. */
const IS_INSTALLED = process.env.SOLVENT_TEST_INSTALL === '1';
const MAX_FILES = 1000;
const USER = 'ann@example.org';
const EXAMPLES = ['verify.ts', 'prove-csv.ts', 'external-signer.ts'];

const browser = await startBrowser();
const postgres = await startPostgres().catch(() => undefined);

let directory = '';
let packed: readonly string[] = [];
const at = (...names: string[]) => join(directory, ...names);

type PackageFile = { readonly bin: Readonly<Record<string, string>>; readonly exports: object };
type Ended = { readonly exitCode: number; readonly output: string; readonly errors: string };

/** Runs a program in the empty directory. */
function run(program: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const options = { cwd: directory, env: { ...process.env, BOOKS_URL: postgres?.urlOf('postgres') } };
    const child = execFile(process.execPath, [program, ...args], options, (_, output, errors) => {
      done({ exitCode: child.exitCode ?? -1, output, errors });
    });
  });
}

/** Runs a command of the installed package. */
function command(name: 'solvent' | 'solvent-verify', ...args: readonly string[]): Promise<Ended> {
  const installed = at('node_modules/solvent');
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as PackageFile;
  return run(join(installed, bin[name]!), ...args);
}

async function expectDone(ended: Promise<Ended>): Promise<string> {
  const { exitCode, output, errors } = await ended;
  expect([exitCode, exitCode === 0 ? '' : errors]).toEqual([0, '']);
  return output;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-installed-'));
  const tarball = pack();
  if (IS_INSTALLED) execFileSync('npm', ['install', '--no-fund', tarball], { cwd: directory, stdio: 'pipe' });
  else await unpackBesideLinks(tarball);
  for (const name of EXAMPLES) await cp(join(ROOT, 'examples', name), at(name));
  await writeFile(at('program.ts'), PROGRAM);
  await writeFile(at('package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(at('tsconfig.json'), JSON.stringify(PROJECT));
  await writeFile(
    at('balances.csv'),
    `user_id,asset,equity,debt\n${USER},BTC,0.5,0\nbob@example.org,USD,90,0\n`,
  );
  await writeFile(at('assets.csv'), 'symbol,decimals,price,collateral_ratio\nBTC,8,64000,0.9\nUSD,2,1,1\n');
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (!('missing' in browser)) await browser.close();
  await postgres?.stop();
});

/** Packs as `npm pack` does. Its script at packing would build anew, beside tests that use what is built. */
function pack(): string {
  execFileSync(process.execPath, [join(ROOT, 'dist/scripts/package/unpacked.js')]);
  const flags = ['--ignore-scripts', '--json', '--pack-destination', directory];
  const answer = execFileSync('npm', ['pack', ...flags], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  const [made] = JSON.parse(answer) as { filename: string; files: { path: string }[] }[];
  packed = made!.files.map(({ path }) => path);
  return at(made!.filename);
}

/** What npm does with the tarball and every package that it needs, but that those of this project are linked. */
async function unpackBesideLinks(tarball: string): Promise<void> {
  await mkdir(at('node_modules/solvent'), { recursive: true });
  execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', at('node_modules/solvent')]);
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: true }>>;
  };
  for (const [path, { dev }] of Object.entries(packages)) {
    const isOurs = /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && dev !== true;
    // Some are for other systems, and lie on none of this kind.
    if (!isOurs || !existsSync(join(ROOT, path))) continue;
    await mkdir(dirname(at(path)), { recursive: true });
    await symlink(join(ROOT, path), at(path), 'dir');
  }
}

describe('the tarball', () => {
  it('holds what runs, its types and the terms of others, and nothing else', () => {
    expect(packed.length).toBeLessThan(MAX_FILES);
    const isExpected = (path: string) =>
      /^dist\/src\/(?!web\/).*\.(?:js|d\.ts|sql|css|wasm|csv|yaml)$|^circuits\/\w+\.circom$/.test(path);
    expect(packed.filter((path) => !isExpected(path)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY.txt',
      'circuits/README.md',
      'dist/src/verifier/build.json',
      'dist/web/check.html',
      'package.json',
      'src/prover/engine/README.md',
      'src/verifier/LICENSE',
      'src/verifier/README.md',
    ]);
  });

  it('leaves out no module that has code, and brings none without a source', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('web'))
      .map((path) => `dist/src/${path.replace(/ts$/, 'js')}`);
    expect(packed.filter((path) => path.endsWith('.js') && !sources.includes(path))).toEqual([]);
    const missing = sources.filter((path) => !packed.includes(path));
    const code = missing.map((path) =>
      readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, ''),
    );
    expect(code.filter((text) => text.trim() !== 'export {};')).toEqual([]);
  });

  it('names its version, and the check page that it brings', async () => {
    const version = await expectDone(command('solvent', '--version'));
    expect(version).toContain('0.1.0');
  });
});

describe('in an empty directory', () => {
  it('goes the whole way once: keys, snapshot, proof, site', async () => {
    const keys = ['--profile', 'tiny', '--keys', 'keys', '--development', '--platform', 'Example Exchange'];
    await expectDone(command('solvent', 'setup', ...keys));
    await expectDone(command('solvent', 'init', 'books'));
    const books = ['--config', 'books/snapshot.yaml', '--at', '2026-03-31T00:00:00Z'];
    await expectDone(command('solvent', 'snapshot', ...books, '--out', 'snapshot'));
    const hash = await expectDone(
      command('solvent', 'prove', 'snapshot', '--keys', 'keys', '--out', 'run', '--quiet'),
    );
    await expectDone(command('solvent', 'publish', 'run', '--trust', 'keys/trust.json', '--out', 'site'));
    expect(readdirSync(at('site'))).toContain('check.html');
    const against = [
      '--trust',
      'keys/trust.json',
      '--manifest-hash',
      hash.trim(),
      '--allow-development-keys',
    ];
    await expectDone(command('solvent-verify', 'bundle', 'site/bundle', ...against));
    const { exitCode } = await command(
      'solvent-verify',
      'bundle',
      'site/bundle',
      '--trust',
      'keys/trust.json',
    );
    expect(exitCode).toBe(1);
  });

  it('lets a strict program import each part, with types, and refuses what is no part', async () => {
    const compiled = await run(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json');
    expect([compiled.exitCode, compiled.output]).toEqual([0, '']);
    expect(await expectDone(run('program.js'))).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it('runs the example that proves a CSV, and the one that verifies its bundle', async () => {
    const printed = await expectDone(run('prove-csv.js', 'balances.csv', 'assets.csv', 'keys', 'csv'));
    const [hash = '', bundle = ''] = printed.trim().split(' ');
    const valid = await expectDone(run('verify.js', bundle, 'keys/trust.json', hash));
    expect(valid.split('\n').slice(1)).toEqual(['BTC 0.50000000 0.00000000', 'USD 90.00 0.00', '']);
    const other = await run('verify.js', bundle, 'keys/trust.json', 'ab'.repeat(32));
    expect([other.exitCode, other.output.split(' ')[0]]).toEqual([1, 'manifest-hash-differs']);
  });

  it('runs the example of a key behind a service, and signs nothing where the service has another key', async () => {
    const service = await startSigner();
    try {
      const files = ['balances.csv', 'assets.csv', 'keys'];
      const foreign = await run('external-signer.js', ...files, 'signed', service.url, 'ab'.repeat(32));
      expect(foreign.exitCode).toBe(1);
      expect(foreign.errors).toContain('signing-key-unsuitable');
      expect(existsSync(at('signed/proof/bundle'))).toBe(false);
      await expectDone(run('external-signer.js', ...files, 'signed', service.url, service.publicKey));
      const signature = JSON.parse(
        await readFile(at('signed/proof/bundle/manifest.sig.json'), 'utf8'),
      ) as object;
      expect(signature).toMatchObject({ publicKey: service.publicKey });
    } finally {
      service.server.close();
    }
  });

  it.skipIf(postgres === undefined)(
    `runs the example of books in PostgreSQL${postgres === undefined ? ': none starts here' : ''}`,
    async () => {
      await cp(join(ROOT, 'examples/postgresql'), at('postgresql'), { recursive: true });
      await postgres!.runSql(await readFile(at('postgresql/schema.sql'), 'utf8'));
      const flags = ['--config', 'postgresql/snapshot.yaml', '--at', '2026-03-31T00:00:00Z', '--json'];
      const sealed = await expectDone(command('solvent', 'snapshot', ...flags, '--out', 'from-postgresql'));
      expect(JSON.parse(sealed)).toMatchObject({ totals: [{ equity: '50000000' }, { equity: '650750000' }] });
      await postgres!.runSql("UPDATE wallets SET total = 0.5 WHERE currency = 'BTC'");
      const broken = await command('solvent', 'snapshot', ...flags, '--out', 'refused');
      expect(JSON.parse(broken.output)).toMatchObject({ code: 'books-do-not-reconcile' });
    },
  );

  it.skipIf('missing' in browser)(
    `runs the example of a page of one’s own${'missing' in browser ? `: ${browser.missing}` : ''}`,
    async () => {
      if ('missing' in browser) return;
      await expectDone(command('solvent', 'inclusion', 'run', '--user', USER, '--out', 'inclusion.json'));
      await cp(join(ROOT, 'examples/browser'), at('browser'), { recursive: true });
      const input = at('browser/check.ts');
      const build = await rolldown({ input, cwd: directory, platform: 'browser', logLevel: 'silent' });
      await build.write({ format: 'iife', file: at('browser/check.js') });
      await build.close();
      const { server, url } = await serve(at('browser'));
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      try {
        await page.goto(`${url}/check.html`);
        const bundle = readdirSync(at('run/bundle')).map((name) => at('run/bundle', name));
        await page
          .locator('[type=file]')
          .setInputFiles([...bundle, at('inclusion.json'), at('keys/trust.json')]);
        const check = async (user: string) => {
          await page.locator('[name=user]').fill(user);
          await page.locator('button').click();
          return page.locator('output', { hasText: /./ }).textContent();
        };
        expect(await check(USER)).toBe('valid');
        expect(await check('bob@example.org')).toBe('id-commitment');
      } finally {
        await page.close();
        server.close();
      }
    },
  );
});

/** A service that holds a key and signs what it is sent. */
async function startSigner(): Promise<{ server: Server; url: string; publicKey: string }> {
  const key = createPrivateKey({ key: Buffer.from(PRIVATE_KEY_DER, 'hex'), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => response.end(sign(null, Buffer.concat(pieces), key)));
  });
  return { server, url: await listen(server), publicKey: Buffer.from(x!, 'base64url').toString('hex') };
}

/** Serves the two files of the example, as any web server does. */
async function serve(from: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const name = request.url === '/check.js' ? 'check.js' : 'check.html';
    response.setHeader('content-type', name.endsWith('js') ? 'text/javascript' : 'text/html');
    response.end(readFileSync(join(from, name)));
  });
  return { server, url: await listen(server) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PROJECT = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  },
  files: ['program.ts', ...EXAMPLES],
};

const PROGRAM = `
import { openProver, prove as proveWitness, type ProvenWitness, type WasmProvingKey } from 'solvent/engine';
import { loadIdentity } from 'solvent/identity';
import { loadKeys, type KeySet } from 'solvent/keys';
import { parseManifest, SolventError, type Manifest } from 'solvent/protocol';
import { prove, type ProveResult } from 'solvent/prover';
import { createSnapshotFromBooks, type Snapshot } from 'solvent/snapshot';
import { verifyBundle, type Report } from 'solvent/verifier';
import { openBundle } from 'solvent/verifier/node';
import { parsePins } from 'solvent/verifier/reserves';

const parts: readonly ((...args: never[]) => unknown)[] = [
  openProver, proveWitness, loadIdentity, loadKeys, parseManifest, prove, createSnapshotFromBooks, verifyBundle, openBundle, parsePins,
];
if (parts.some((part) => typeof part !== 'function')) throw new Error('expected functions');
type Parts = [ProvenWitness, WasmProvingKey, KeySet, Manifest, ProveResult, Snapshot, Report];
// @ts-expect-error A proof is an object with points: no type of the package is any.
const proof: Parts[0] = 'a text';
if (typeof proof !== 'string' || !(SolventError.prototype instanceof Error)) throw new Error('expected a class of errors');
const inner = 'solvent/dist/src/cli/program.js';
await import(inner).catch((error: unknown) => console.log((error as { code: string }).code));
`;
