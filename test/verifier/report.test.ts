import { describe, expect, it } from 'vitest';

import { encodeInclusion, formatManifestHash } from '../../src/protocol/index.js';
import {
  createPairing,
  verifyBundle,
  verifyInclusion,
  type InclusionOptions,
  type Report,
  type VerifyOptions,
} from '../../src/verifier/index.js';
import { CHECK_NUMBERS } from '../../src/verifier/codes.js';
import { batches, copyHonest, FILES, honest, platform } from '../../conformance/adversary/case.js';
import { makeCeremony, publish, toSource, type Platform } from '../../conformance/adversary/world.js';

const pairing = await createPairing();
const manifestHash = formatManifestHash(honest.manifest);

const verify = (options: Partial<VerifyOptions> = {}) =>
  verifyBundle(toSource(honest), platform.trust, { pairing, allowDevelopmentKeys: true, ...options });

const verifyLea = (options: Partial<InclusionOptions> = {}) =>
  verifyInclusion(encodeInclusion(FILES.lea), toSource(honest), platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId: 'lea@example.org',
    ...options,
  });

const resultOf = (report: Report, title: RegExp) =>
  report.checks.find((check) => title.test(check.title))!.result;

describe('the report on a bundle', () => {
  it('lists totals per asset in proof units, the instant and the platform', async () => {
    const report = await verify();
    expect(report).toMatchObject({
      format: 'solvent/report/v2',
      subject: 'bundle',
      platform: 'Example Exchange',
      takenAt: '2026-06-30T00:00:00Z',
      manifestHash,
      totals: [
        { asset: 'BTC', equity: '550000005', debt: '1000' },
        { asset: 'USDT', equity: '19000022', debt: '100000000000' },
        { asset: 'XYZ', equity: '18446744073709551618', debt: '410000' },
        { asset: 'ETH', equity: '1200000003', debt: '0' },
        { asset: 'OLD', equity: '14', debt: '0' },
      ],
    });
    expect(report.circuits.map(({ name, proofCount }) => [name, proofCount])).toEqual([
      ['spot-1', 2],
      ['spot-3', 1],
      ['margin-3', 2],
      ['margin-4', 1],
    ]);
  });

  it('makes the checks of the protocol, lists only after the signature, and says what each compared', async () => {
    const { checks } = await verify();
    const numbers = checks.map(({ number }) => number);
    expect(numbers).toEqual([
      '1',
      ...Array.from({ length: 8 }, () => '2'),
      ...Array.from({ length: 4 }, () => '3'),
      ...['4', '1', '5', '1', '6', '7', '8'],
    ]);
    expect(checks.every(({ compared }) => compared.length > 7)).toBe(true);
  });

  it('says that the manifest was not compared with what others were shown, unless it was', async () => {
    const alone = await verify();
    expect(alone.manifestHashCompared).toBe(false);
    expect(resultOf(alone, /others were shown/)).toBe('not-made');
    expect(alone.notShown.join()).toContain('not compared with what others were shown');
    const compared = await verify({ manifestHash, previousManifestHash: 'cd'.repeat(32) });
    expect(compared).toMatchObject({ valid: true, manifestHashCompared: true });
    expect(resultOf(compared, /others were shown/)).toBe('passed');
    expect(resultOf(compared, /published before/)).toBe('passed');
    expect(compared.notShown.join()).not.toContain('not compared');
  });

  it('refuses a hash in another form as wrong usage', async () => {
    await expect(verify({ manifestHash: manifestHash.toUpperCase() })).rejects.toMatchObject({
      errorClass: 'usage',
      code: 'manifest-hash-malformed',
    });
  });

  it('says INSECURE wherever development keys matter', async () => {
    const report = await verify();
    expect(report).toMatchObject({ valid: true, insecure: true });
    expect(report.verdict).toMatch(/^INSECURE/);
    expect(report.notShown[0]).toMatch(/^INSECURE/);
    const marked = report.checks.filter(({ compared }) => compared.includes('INSECURE'));
    expect(marked.map(({ number }) => number)).toEqual(['3', '6']);
  });

  it('shows nothing of a bundle whose signature is not the pinned one', async () => {
    const published = copyHonest();
    published.manifest.platform = 'Another Exchange';
    const report = await verifyBundle(toSource(published), platform.trust, {
      pairing,
      allowDevelopmentKeys: true,
    });
    expect(report).toMatchObject({
      code: 'signature-invalid',
      platform: null,
      takenAt: null,
      stated: null,
      circuits: [],
    });
    expect(report.checks.at(-1)!.result).toBe('not-made');
    expect(report.notShown).toHaveLength(1);
  });

  it('names the false proof by file, line, circuit and digest', async () => {
    const published = copyHonest();
    published.proofs[1]!.proof = published.proofs[0]!.proof;
    const report = await verifyBundle(toSource(published), platform.trust, {
      pairing,
      allowDevelopmentKeys: true,
    });
    const failed = report.checks.find(({ result }) => result === 'failed')!;
    const { digest } = published.commitments[1]!;
    expect(failed.compared).toContain(`proofs.ndjson line 2 (spot-1, digest ${digest}, equation)`);
    expect(failed.compared).not.toContain('line 1');
  });

  it('says how far it is with the proofs', async () => {
    const seen: string[] = [];
    await verify({ onProgress: (done, total) => seen.push(`${done} of ${total}`) });
    expect(seen).toEqual(['1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6', '6 of 6']);
  });

  it('is unverifiable where a list is not here: announced, and no more', async () => {
    const expected = {
      commitments: 'commitments-missing',
      weights: 'weights-missing',
      proofs: 'proofs-missing',
    } as const;
    for (const [part, code] of Object.entries(expected)) {
      const source = { ...toSource(honest), [part]: undefined };
      const report = await verifyBundle(source, platform.trust, { pairing, allowDevelopmentKeys: true });
      expect(report).toMatchObject({ outcome: 'unverifiable', valid: false, code, totals: [] });
    }
  });

  it('reads no list of a bundle that somebody else signed', async () => {
    const untouched = {
      [Symbol.asyncIterator]: () => {
        throw new Error('expected nobody to read this');
      },
    };
    const source = { ...toSource(honest), commitments: untouched, proofs: untouched };
    const trust = { ...platform.trust, signingKey: 'ab'.repeat(32) };
    const report = await verifyBundle(source, trust, { pairing, allowDevelopmentKeys: true });
    expect(report.code).toBe('signing-key-not-pinned');
  });

  it('compares no platform where a trust file of development keys pins none, and says so', async () => {
    const trust = { ...platform.trust, platform: null };
    const report = await verifyBundle(toSource(honest), trust, { pairing, allowDevelopmentKeys: true });
    expect(report).toMatchObject({ valid: true, insecure: true });
    expect(report.checks.map(({ compared }) => compared).join()).toContain('platform not pinned');
  });
});

describe('keys of a ceremony', () => {
  const verifyWith = async (changes: Parameters<typeof makeCeremony>[0]) => {
    const circuits = platform.trust.circuits.map((pin) => ({ ...pin, provenance: makeCeremony(changes) }));
    const after: Platform = { ...platform, trust: { ...platform.trust, circuits } };
    return verifyBundle(toSource(publish(after, batches)), after.trust, { pairing });
  };

  it('are valid without any permission, and nowhere INSECURE', async () => {
    const report = await verifyWith({});
    expect(report).toMatchObject({ valid: true, insecure: false });
    expect(JSON.stringify(report)).not.toMatch(/INSECURE|UNTRUSTED/);
    expect(report.notShown.join()).toContain('forgot their secret');
  });

  it('leave the doubt that nobody but the platform took part, or knows the powers of tau', async () => {
    const report = await verifyWith({
      contributions: 1,
      signers: 0,
      powersOfTau: { source: 'untrusted', blake2b: '12'.repeat(64) },
    });
    expect(report.valid).toBe(true);
    expect(report.notShown.join()).toContain('the platform’s alone');
    expect(report.notShown.join()).toContain('the secret of the powers of tau');
    expect(report.provenance).toEqual({
      kind: 'ceremony',
      shown: false,
      contributions: null,
      signers: null,
      pinnedSigners: null,
    });
    expect(
      report.checks
        .filter(({ result }) => result === 'passed')
        .some(({ compared }) => compared.includes('UNTRUSTED')),
    ).toBe(false);
  });
});

describe('the report on an inclusion file', () => {
  it('says that the totals are sums with the user among them', async () => {
    const report = await verifyLea();
    expect(report).toMatchObject({ subject: 'inclusion', valid: true });
    expect(report.totals[1]!.debt).toBe('100000000000');
    expect(report.holdings).toEqual([
      { asset: 'BTC', equity: '100000000', debt: '0' },
      { asset: 'USDT', equity: '0', debt: '40000000000' },
    ]);
    const notMade = report.checks.filter(({ result }) => result === 'not-made');
    expect(notMade.map(({ number }) => number)).toEqual(['2', '2', '2', '2', '2', '2', '3']);
    expect(new Set(report.checks.map(({ number }) => number))).toEqual(new Set(CHECK_NUMBERS));
  });

  it('is never valid with the proofs of the own rows alone', async () => {
    const report = await verifyLea({ ownRowsOnly: true });
    expect(report).toMatchObject({
      outcome: 'unverifiable',
      valid: false,
      code: 'totals-not-checked',
      holdings: [],
      totals: [],
    });
    expect(report.verdict).toContain('Your rows are proven, the totals were not checked');
    const made = report.checks.filter(({ result }) => result === 'passed').map(({ number }) => number);
    expect(made.slice(-4)).toEqual(['6', 'U9', 'U10', 'U11']);
    expect(report.checks.slice(-3).map(({ number, result }) => [number, result])).toEqual([
      ['6', 'not-made'],
      ['7', 'not-made'],
      ['8', 'not-made'],
    ]);
  });

  it('is invalid with the proofs of the own rows alone where one of these is false', async () => {
    const { batch } = FILES.lea.parts[0]!;
    const options = { pairing, allowDevelopmentKeys: true, userId: 'lea@example.org', ownRowsOnly: true };
    const check = async (falseLine: number) => {
      const published = copyHonest();
      published.proofs[falseLine]!.proof = honest.proofs[(falseLine + 1) % honest.proofs.length]!.proof;
      const file = encodeInclusion(FILES.lea);
      return (await verifyInclusion(file, toSource(published), platform.trust, options)).code;
    };
    expect(await check(batch)).toBe('proof');
    expect(await check((batch + 1) % honest.proofs.length)).toBe('totals-not-checked');
  });

  it('trims and normalises the id that was typed', async () => {
    expect((await verifyLea({ userId: '  lea@example.org\n' })).valid).toBe(true);
    expect((await verifyLea({ userId: 'lea@example.org.' })).code).toBe('id-commitment');
  });

  it('refuses an id that is none as wrong usage', async () => {
    const refusal = { errorClass: 'usage', code: 'user-id-malformed' };
    await expect(verifyLea({ userId: ' ' })).rejects.toMatchObject(refusal);
    await expect(verifyLea({ userId: 'a\u0007b' })).rejects.toMatchObject(refusal);
  });

  it('never shows the id, nor holdings that were not proven', async () => {
    const wrong = await verifyLea({ userId: 'zoe@example.org' });
    expect(JSON.stringify(wrong)).not.toMatch(/zoe|lea@/);
    expect(wrong.holdings).toEqual([]);
    const right = await verifyLea();
    expect(JSON.stringify(right)).not.toContain('lea@');
  });
});
