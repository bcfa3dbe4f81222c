import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeInclusion, encodeJsonLine, formatManifestHash } from '../../src/protocol/index.js';
import { runCommand } from '../../src/verifier/command/program.js';
import { renderReport } from '../../src/verifier/command/render.js';
import type { Report } from '../../src/verifier/index.js';
import { copyHonest, FILES, honest, platform } from '../../conformance/adversary/case.js';
import { reseal, resign } from '../../conformance/adversary/world.js';
import { writeBundle } from './bundle-files.js';

const MAIN = resolve(import.meta.dirname, '../../dist/src/verifier/command/main.js');
const ALLOW = '--allow-development-keys';
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solvent-verify-'));
  await writeBundle(at('bundle'), honest);
  await writeFile(at('trust.json'), encodeJsonLine(platform.trust));
  await writeFile(at('lea.json'), encodeInclusion(FILES.lea));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const at = (...names: string[]) => join(directory, ...names);

async function run(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const exitCode = await runCommand(args, {
    write: (text) => (out += text),
    writeError: (text) => (err += text),
    readLine: () => Promise.resolve('lea@example.org'),
  });
  return { exitCode, out, err };
}

const bundle = (...more: string[]) => run('bundle', at('bundle'), '--trust', at('trust.json'), ...more);
const inclusion = (...more: string[]) =>
  run('inclusion', at('lea.json'), '--trust', at('trust.json'), '--user', 'lea@example.org', ALLOW, ...more);

describe('solvent-verify bundle', () => {
  it('ends with 0 where the bundle is valid, and shows totals as money', async () => {
    const { exitCode, out, err } = await bundle(ALLOW);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^VALID \(INSECURE: development keys\) {2}valid\n/);
    expect(out).toMatch(/BTC +5\.50000005 +0\.00001000\n/);
    expect(out).toMatch(/USDT +19\.000022 +100,000\.000000\n/);
    expect(out).toContain('NOT compared with what others were shown');
    expect(out).toMatch(/\n {2}8 {4}passed/);
    expect(out).toContain('Left out: accounts of the platform itself');
    expect(out).toContain('Not shown');
  });

  it('prints one object with --json', async () => {
    const { exitCode, out } = await bundle(ALLOW, '--json');
    const report = JSON.parse(out) as Report;
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      valid: true,
      code: 'valid',
      manifestHash: formatManifestHash(honest.manifest),
    });
    expect(report.totals[0]).toEqual({ asset: 'BTC', equity: '550000005', debt: '1000' });
  });

  it('compares the manifest hash, in either case of letters', async () => {
    const hash = formatManifestHash(honest.manifest).toUpperCase();
    expect((await bundle(ALLOW, '--manifest-hash', hash)).out).toContain(
      'compared with the hash you brought',
    );
    const other = await bundle(ALLOW, '--manifest-hash', '0'.repeat(64));
    expect(other.exitCode).toBe(1);
    expect(other.out).toMatch(/^INVALID {2}manifest-hash-differs\n.*\nNext: /);
    expect(other.out).toContain('NOT the one whose hash you brought');
    expect(other.out).not.toContain(' compared with the hash you brought');
  });

  it('says of a hash of the trust file that it was brought, where it differs and where there is no such file', async () => {
    const other = await bundle(ALLOW, '--trust-hash', '0'.repeat(64));
    expect([other.exitCode, other.out.split('\n', 1)]).toEqual([3, ['UNVERIFIABLE  trust-hash-differs']]);
    expect(other.out).toContain('NOT the one whose hash you brought');
    expect(other.out).not.toContain('with --trust-hash');
    const without = await run('bundle', at('bundle'), '--trust-hash', '0'.repeat(64));
    expect([without.exitCode, without.out.split('\n', 1)]).toEqual([3, ['UNVERIFIABLE  trust-missing']]);
    expect(without.out).toContain('a hash was brought, and no trust file');
  });

  it('asks for the manifest where a directory is given in its place', async () => {
    await writeFile(at('any.json'), '{}\n');
    const args = ['any.json', 'bundle'].map((name) => at(name));
    const { exitCode, err } = await run('inclusion', args[0]!, '--user', 'ann', '--manifest', args[1]!);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^error: expected manifest\.json at .*bundle, got a directory: .*\ncode: file-unreadable\n$/,
    );
  });

  it('ends with 1 where development keys were not allowed, and says what to do', async () => {
    const { exitCode, out } = await bundle();
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^INVALID {2}development-keys\n/);
    expect(out).toContain(ALLOW);
  });

  it('ends with 1 where the bundle is not valid, and prints no totals', async () => {
    const published = copyHonest();
    reseal(platform, published, {
      manifest: ({ totals }) => {
        totals[0]!.equity = '1';
      },
    });
    await writeBundle(at('short'), published);
    const { exitCode, out } = await run('bundle', at('short'), '--trust', at('trust.json'), ALLOW);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^INVALID \(INSECURE: development keys\) {2}totals\n/);
    expect(out).toMatch(/\n {2}7 {4}FAILED/);
    expect(out).not.toContain('Totals owed');
  });

  it('ends with 3 for a snapshot that is announced, whose lists are not there yet', async () => {
    await writeBundle(at('announced'), honest);
    for (const [file, code] of [
      ['proofs.ndjson', 'proofs-missing'],
      ['weights.json', 'weights-missing'],
      ['commitments.ndjson', 'commitments-missing'],
    ] as const) {
      await rm(at('announced', file));
      const { exitCode, out } = await run('bundle', at('announced'), '--trust', at('trust.json'), ALLOW);
      expect([exitCode, out.split('\n', 1)[0]]).toEqual([
        3,
        `UNVERIFIABLE (INSECURE: development keys)  ${code}`,
      ]);
      expect(out).not.toContain('Totals owed');
    }
  });

  it('reads no link in the place of a list', async () => {
    await writeBundle(at('linked'), honest);
    await rm(at('linked', 'proofs.ndjson'));
    await symlink(at('bundle', 'proofs.ndjson'), at('linked', 'proofs.ndjson'));
    const { exitCode, err } = await run('bundle', at('linked'), '--trust', at('trust.json'), ALLOW);
    expect([exitCode, err.split('\n')[1]]).toEqual([2, 'code: file-unreadable']);
  });

  it('ends with 3 without a trust file', async () => {
    const { exitCode, out } = await run('bundle', at('bundle'), ALLOW);
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^UNVERIFIABLE {2}trust-missing\n/);
  });

  it('ends with 1 where the trust file is malformed', async () => {
    await writeFile(at('bad-trust.json'), '{}\n');
    const { exitCode, err } = await run('bundle', at('bundle'), '--trust', at('bad-trust.json'), ALLOW);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^error: .*bad-trust\.json.*\ncode: schema-violated\n$/);
  });

  it('ends with 2 where a file cannot be opened', async () => {
    const missing = await run('bundle', at('nowhere'), '--trust', at('trust.json'));
    expect([missing.exitCode, missing.err.split('\n')[1]]).toEqual([2, 'code: file-unreadable']);
    const json = await run('bundle', at('nowhere'), '--trust', at('trust.json'), '--json');
    expect(JSON.parse(json.out)).toMatchObject({ valid: false, code: 'file-unreadable' });
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['prove']],
    ['no bundle', ['bundle']],
    ['two bundles', ['bundle', 'a', 'b']],
    ['an unknown flag', ['bundle', 'a', '--skip-proofs']],
    ['a hash that is none', ['bundle', 'a', '--manifest-hash', 'abc']],
    ['no thread', ['bundle', 'a', '--workers', '0']],
    ['no user', ['inclusion', 'a']],
    ['a bundle and a manifest', ['inclusion', 'a', '--user', 'b', '--bundle', 'c', '--manifest', 'd']],
  ])('ends with 2 for %s', async (_, args) => {
    const { exitCode, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err.length).toBeGreaterThan(10);
    expect(err).not.toMatch(/ {4}at .*\.js/);
  });

  it('ends with 0 for --help', async () => {
    expect((await run('--help')).exitCode).toBe(0);
    expect((await run('bundle', '--help')).out).toContain('--manifest-hash');
  });

  it('reads no more of a huge file than its format allows', async () => {
    await writeBundle(at('huge'), honest);
    await truncate(at('huge', 'manifest.json'), 8 * 2 ** 30);
    const { exitCode, out } = await run('bundle', at('huge'), '--trust', at('trust.json'), ALLOW);
    expect(exitCode).toBe(1);
    expect(out).toContain('json-too-large');
    await writeBundle(at('huge'), honest);
    await truncate(at('huge', 'proofs.ndjson'), 8 * 2 ** 30);
    expect((await run('bundle', at('huge'), '--trust', at('trust.json'), ALLOW)).out).toContain(
      'line-too-long',
    );
  });
});

describe('solvent-verify inclusion', () => {
  it('ends with 0 where the whole bundle holds, named by its directory or its manifest', async () => {
    for (const named of [
      ['--bundle', at('bundle')],
      ['--manifest', at('bundle', 'manifest.json')],
    ]) {
      const { exitCode, out, err } = await inclusion(...named);
      expect([exitCode, err]).toEqual([0, '']);
      expect(out).toMatch(/BTC +1\.00000000 +0\.00000000\n/);
      expect(out).toMatch(/USDT +19\.000022 +100,000\.000000\n/);
      // One of something is said in the singular.
      expect(out).not.toMatch(/(?<![\d,.])1 (parts|groups|proofs|rows|lists)\b/);
    }
  });

  it('ends with 3 for the own rows alone, whose totals were not checked, and shows no amount', async () => {
    const { exitCode, out } = await inclusion('--bundle', at('bundle'), '--own-rows');
    expect(exitCode).toBe(3);
    expect(out).toMatch(
      /^UNVERIFIABLE .* totals-not-checked\nUnverifiable: Your rows are proven, the totals were not/,
    );
    expect(out).not.toMatch(/Your holdings|Totals owed/);
  });

  it('reads the id from the standard input, which no history keeps', async () => {
    const args = ['inclusion', at('lea.json'), '--trust', at('trust.json'), '--bundle', at('bundle'), ALLOW];
    expect((await run(...args, '--user', '-')).exitCode).toBe(0);
  });

  it('ends with 1 for another id, and shows neither id nor holdings', async () => {
    const args = ['inclusion', at('lea.json'), '--trust', at('trust.json'), '--bundle', at('bundle'), ALLOW];
    const { exitCode, out } = await run(...args, '--user', 'zoe@example.org');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^INVALID \(INSECURE: development keys\) {2}id-commitment\n/);
    expect(out).not.toMatch(/zoe|lea@|Your holdings/);
  });

  it('says which trust file it was given, also where nothing is held to it', async () => {
    const { out } = await inclusion();
    expect(out).toMatch(/^Trust file +[0-9a-f]{64}$/m);
  });

  it('ends with 3 without a manifest, and says how to bring one', async () => {
    const { exitCode, out } = await inclusion();
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^UNVERIFIABLE {2}manifest-missing\n[^]*--manifest/);
  });

  it('ends with 2 where the signature is not beside the manifest', async () => {
    await writeFile(at('lonely.json'), encodeJsonLine(honest.manifest));
    expect((await inclusion('--manifest', at('lonely.json'))).exitCode).toBe(2);
  });
});

describe('what the platform wrote', () => {
  it('cannot hide or reorder text on a terminal', async () => {
    const published = copyHonest();
    published.manifest.scope = { included: 'Example\u202eegnahcxE', excluded: ['nothing\u200b'] };
    resign(platform, published);
    await writeBundle(at('reordered'), published);
    const { out } = await run('bundle', at('reordered'), '--trust', at('trust.json'), ALLOW);
    expect(out).toContain('Example\\u{202e}egnahcxE');
    expect(out).toContain('nothing\\u{200b}');
    expect(out).not.toMatch(/[\u202e\u200b]/);
  });
});

describe('a scope that is padded so that a terminal would break its line before VALID', () => {
  it('begins no line of a refused report with it, at any width of the padding', async () => {
    const published = copyHonest();
    published.manifest.scope = { included: `accounts ${'a'.repeat(60)} VALID  valid`, excluded: [] };
    reseal(platform, published);
    const [first, second, ...rest] = published.proofs;
    published.proofs = [second!, first!, ...rest];
    await writeBundle(at('padded'), published);
    const args = ['bundle', at('padded'), '--trust', at('trust.json'), ALLOW, '--json'];
    const { exitCode, out } = await run(...args);
    const report = JSON.parse(out) as Report;
    expect([exitCode, report.code]).toEqual([1, 'proof']);
    const stated = report.stated!;
    for (let width = 0; width <= 160; width++) {
      const fillers = ['a'.repeat(width), ' '.repeat(width), 'a '.repeat(width / 2), '\u3000'.repeat(width)];
      for (const filler of fillers) {
        const scope = { included: `accounts ${filler}VALID  valid`, excluded: [`${filler} VALID`] };
        const lines = renderReport({ ...report, stated: { ...stated, scope } }).split('\n');
        expect(lines[0]).toMatch(/^INVALID .*proof$/);
        expect(lines.filter((line) => /^\s{0,3}VALID/.test(line))).toEqual([]);
        expect(lines.filter((line) => line.length > 80 && line.includes('VALID'))).toEqual([]);
      }
    }
  });

  it('is refused in a manifest where the padding is spaces, or what looks like them', async () => {
    for (const filler of [' '.repeat(70), '\u2003', '\u2800', '\u3164']) {
      const published = copyHonest();
      published.manifest.scope = { included: `accounts${filler}VALID`, excluded: [] };
      reseal(platform, published);
      await writeBundle(at('spaced'), published);
      const { exitCode, out } = await run('bundle', at('spaced'), '--trust', at('trust.json'), ALLOW);
      // What is refused shows no text of the platform's; what is not shows it as it is read: with codes, and one space.
      expect(out).not.toMatch(/^ {0,3}VALID(?! \(INSECURE)/m);
      expect([0, 1]).toContain(exitCode);
      expect(out).not.toContain(`accounts${filler}VALID`);
    }
  });
});

describe('the compiled command', () => {
  const spawn = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

  it('was built before the tests', () => {
    expect(existsSync(MAIN)).toBe(true);
  });

  it('ends with the exit code of the report, and prints no stack', () => {
    const valid = spawn('bundle', at('bundle'), '--trust', at('trust.json'), ALLOW, '--json');
    expect([valid.status, valid.stderr]).toEqual([0, '']);
    expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true });
    expect(spawn('bundle', at('bundle'), '--trust', at('trust.json')).status).toBe(1);
    expect(spawn('bundle', at('bundle')).status).toBe(3);
    const wrong = spawn('bundle', at('nowhere'));
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).not.toMatch(/ {4}at /);
  });
});
