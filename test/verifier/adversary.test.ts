import { describe, expect, it } from 'vitest';

import { encodeJsonLine, type InclusionFile } from '../../src/protocol/index.js';
import {
  createPairing,
  FAILURES,
  UNVERIFIABLE,
  verifyBundle,
  verifyInclusion,
  type BundleSource,
  type Report,
} from '../../src/verifier/index.js';
import { BUNDLE_CASES, INCLUSION_CASES } from '../../conformance/adversary/all.js';
import {
  FILES,
  honest,
  platform,
  type BundleCase,
  type InclusionCase,
} from '../../conformance/adversary/case.js';
import { toSource } from '../../conformance/adversary/world.js';

const pairing = await createPairing();

/**
 * Codes that no file can bring about while the checks before them hold; each is the second lock of a door. The
 * schema refuses such prices first, and a path in no bundle would be a collision of hashes.
 */
const SECOND_LOCKS = ['collateral-ratio-out-of-range', 'decimal-malformed', 'batch-not-in-bundle'];

async function judgeBundle({ attack }: BundleCase): Promise<Report> {
  const published = structuredClone(honest);
  const result = attack(published) ?? {};
  const source = (result.source ?? toSource(published)) as BundleSource;
  const trust = 'trust' in result ? result.trust : platform.trust;
  return verifyBundle(source, trust, { pairing, allowDevelopmentKeys: true, ...result.options });
}

async function judgeInclusion(
  { attack, of = 'lea' }: InclusionCase,
  depth: 'light' | 'full',
): Promise<Report> {
  const file: InclusionFile = structuredClone(FILES[of]);
  const { userId } = file;
  const result = attack(file, honest) ?? {};
  const whole = 'source' in result ? result.source : toSource(honest);
  const source =
    whole && depth === 'light' ? { manifest: whole.manifest, signature: whole.signature } : whole;
  const trust = 'trust' in result ? result.trust : platform.trust;
  return verifyInclusion(result.bytes ?? encodeJsonLine(file), source, trust, {
    pairing,
    allowDevelopmentKeys: true,
    userId: result.userId ?? userId,
    ...result.options,
  });
}

function expectRefusal(report: Report, code: BundleCase['code']): void {
  const isUnverifiable = code in UNVERIFIABLE;
  expect(report.code).toBe(code);
  expect(report.valid).toBe(false);
  expect(report.outcome).toBe(isUnverifiable ? 'unverifiable' : 'invalid');
  expect([...report.totals, ...report.holdings]).toEqual([]);
  expect(report.advice).not.toBeNull();
  const failed = report.checks.filter(({ result }) => result === 'failed');
  const known = { ...FAILURES, ...UNVERIFIABLE }[code];
  expect(failed.map(({ number }) => number)).toEqual(isUnverifiable ? [] : [known.check]);
}

describe('the honest twins of all attacks', () => {
  it('are valid: the bundle', async () => {
    const report = await judgeBundle({ name: '', code: 'json-malformed', attack: () => undefined });
    expect(report).toMatchObject({ valid: true, code: 'valid', outcome: 'valid' });
  });

  it.each(['ann', 'bob', 'eve', 'dan', 'lea'] as const)(
    'are valid: the file of %s, lightly and in full',
    async (of) => {
      for (const depth of ['light', 'full'] as const) {
        const report = await judgeInclusion(
          { name: '', code: 'json-malformed', of, attack: () => undefined },
          depth,
        );
        expect(report).toMatchObject({ valid: true, code: 'valid', outcome: 'valid', depth });
      }
    },
  );
});

describe('a platform that lies in its bundle is refused by name', () => {
  it.each(BUNDLE_CASES.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    expectRefusal(await judgeBundle(entry), entry.code);
  });
});

describe('a platform that lies in an inclusion file is refused by name, by the light check and the full one', () => {
  it.each(INCLUSION_CASES.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    expectRefusal(await judgeInclusion(entry, 'light'), entry.code);
    expectRefusal(await judgeInclusion(entry, 'full'), entry.code);
  });
});

describe('the table of codes', () => {
  it('has no code without an attack that brings it about, but the second locks', () => {
    const attacked = new Set<string>([...BUNDLE_CASES, ...INCLUSION_CASES].map(({ code }) => code));
    const known = Object.keys({ ...FAILURES, ...UNVERIFIABLE });
    expect(known.filter((code) => !attacked.has(code))).toEqual(SECOND_LOCKS);
  });
});
