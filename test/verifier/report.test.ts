import { describe, expect, it } from 'vitest';

import { encodeJsonLine, formatManifestHash } from '../../src/protocol/index.js';
import {
  createPairing,
  verifyBundle,
  verifyInclusion,
  type Report,
  type VerifyOptions,
} from '../../src/verifier/index.js';
import { checkPathInBundle } from '../../src/verifier/checks/inclusion.js';
import { FILES, honest, platform, tree } from '../../conformance/adversary/case.js';
import {
  makeCeremony,
  proveDigest,
  publish,
  toSource,
  withCeremony,
} from '../../conformance/adversary/world.js';

const pairing = await createPairing();
const manifestHash = formatManifestHash(honest.manifest);

const verify = (options: Partial<VerifyOptions> = {}) =>
  verifyBundle(toSource(honest), platform.trust, { pairing, allowDevelopmentKeys: true, ...options });

const verifyLightly = (options: Partial<VerifyOptions> = {}, userId = 'lea@example.org') => {
  const { manifest, signature } = toSource(honest);
  return verifyInclusion(encodeJsonLine(FILES.lea), { manifest, signature }, platform.trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId,
    ...options,
  });
};

const resultOf = (report: Report, title: RegExp) =>
  report.checks.find((check) => title.test(check.title))!.result;

describe('the report on a bundle', () => {
  it('lists totals per asset in proof units, the instant and the platform', async () => {
    const report = await verify();
    expect(report).toMatchObject({
      format: 'solvent/report/v1',
      subject: 'bundle',
      depth: 'full',
      platform: 'Example Exchange',
      takenAt: '2026-06-30T00:00:00Z',
      manifestHash,
      totals: [
        { asset: 'BTC', equity: '250000001', debt: '0' },
        { asset: 'USDT', equity: '19000022', debt: '40001000000' },
        { asset: 'XYZ', equity: '18446744073709551618', debt: '0' },
      ],
    });
    expect(report.circuits.map(({ name, proofCount }) => [name, proofCount])).toEqual([
      ['spot-2', 2],
      ['spot-3', 1],
      ['margin-2', 1],
      ['aggregate', 3],
    ]);
  });

  it('makes the checks in the order of the protocol, and says what each compared', async () => {
    const { checks } = await verify();
    const numbers = checks.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers)).toEqual(new Set(['6.1', '6.2', '6.3', '6.4', '6.5', '6.6', '6.7']));
    expect(checks.every(({ compared }) => compared.length > 10)).toBe(true);
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
    expect(marked.map(({ number }) => number)).toEqual(['6.3', '6.5']);
  });

  it('shows nothing of a bundle whose signature is not the pinned one', async () => {
    const published = structuredClone(honest);
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
    const published = structuredClone(honest);
    const [, second] = published.batches as [unknown, (typeof published.batches)[number]];
    second.proof = published.batches[0]!.proof;
    const report = await verifyBundle(toSource(published), platform.trust, {
      pairing,
      allowDevelopmentKeys: true,
    });
    const failed = report.checks.find(({ result }) => result === 'failed')!;
    expect(failed.compared).toContain(`batches.ndjson line 2 (spot-2, digest ${second.digest})`);
    expect(failed.compared).not.toContain('line 1');
  });

  it('accepts other proofs of the same digests: their bytes are no identity', async () => {
    const published = structuredClone(honest);
    const [batch] = published.batches as [(typeof published.batches)[number]];
    const again = proveDigest(platform, honest.manifest, {
      circuit: batch.circuit,
      digest: batch.digest,
      label: 'again',
    });
    expect(again).not.toEqual(batch.proof);
    batch.proof = again;
    const report = await verifyBundle(toSource(published), platform.trust, {
      pairing,
      allowDevelopmentKeys: true,
    });
    expect(report.code).toBe('valid');
  });
});

describe('keys of a ceremony', () => {
  const verifyWith = async (changes: Parameters<typeof makeCeremony>[0]) => {
    const after = withCeremony(platform, makeCeremony(changes));
    const published = publish(after, { nodes: Object.values(tree), top: tree.top });
    return verifyBundle(toSource(published), after.trust, { pairing });
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
    expect(report.checks.some(({ compared }) => compared.includes('UNTRUSTED'))).toBe(true);
  });
});

describe('the report on an inclusion file', () => {
  it('says lightly that the gross total contains the user, and nothing of debt', async () => {
    const report = await verifyLightly();
    expect(report).toMatchObject({ subject: 'inclusion', depth: 'light', valid: true });
    expect(report.verdict).toContain('the gross total contains you');
    expect(report.totals.map(({ debt }) => debt)).toEqual([null, null, null]);
    expect(report.notShown.join()).toContain('The total debt');
    expect(resultOf(report, /All proofs form one tree/)).toBe('not-made');
    expect(report.holdings).toEqual(FILES.lea.holdings);
  });

  it('says in full that the totals are sums with the user among them', async () => {
    const report = await verifyInclusion(encodeJsonLine(FILES.lea), toSource(honest), platform.trust, {
      pairing,
      allowDevelopmentKeys: true,
      userId: 'lea@example.org',
    });
    expect(report).toMatchObject({ depth: 'full', valid: true });
    expect(report.totals[1]!.debt).toBe('40001000000');
    const notMade = report.checks.filter(({ result }) => result === 'not-made');
    expect(notMade.map(({ number }) => number)).toEqual(['6.2', '6.2', '6.2']);
  });

  it('trims and normalises the id that was typed', async () => {
    expect((await verifyLightly({}, '  lea@example.org\n')).valid).toBe(true);
    expect((await verifyLightly({}, 'lea@example.org.')).code).toBe('user-id-differs');
  });

  it('refuses an id that is none as wrong usage', async () => {
    await expect(verifyLightly({}, ' ')).rejects.toMatchObject({ errorClass: 'usage', code: 'name-empty' });
    await expect(verifyLightly({}, 'a\u0007b')).rejects.toMatchObject({ errorClass: 'usage' });
  });

  it('never shows the id, nor holdings that were not proven', async () => {
    const wrong = await verifyLightly({}, 'zoe@example.org');
    expect(JSON.stringify(wrong)).not.toMatch(/zoe|lea@/);
    expect(wrong.holdings).toEqual([]);
    const right = await verifyLightly();
    expect(JSON.stringify(right)).not.toContain('lea@');
  });

  it('tells a path whose proofs are not those of the bundle', () => {
    const proofs = {
      batches: honest.batches.map((batch) => ({ ...batch, place: '' })),
      aggregates: honest.aggregates.map((aggregate) => ({ ...aggregate, place: '' })),
    };
    expect(checkPathInBundle(FILES.lea, proofs).value).toBeUndefined();
    const without = (list: 'batches' | 'aggregates') => ({ ...proofs, [list]: [] });
    for (const list of ['batches', 'aggregates'] as const) {
      expect(() => checkPathInBundle(FILES.lea, without(list))).toThrow(
        expect.objectContaining({ code: 'batch-not-in-bundle' }) as Error,
      );
    }
    expect(() => checkPathInBundle({ ...FILES.lea, circuit: 'spot-2' }, proofs)).toThrow(
      expect.objectContaining({ code: 'batch-not-in-bundle' }) as Error,
    );
  });
});
