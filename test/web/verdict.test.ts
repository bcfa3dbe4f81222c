import { describe, expect, it } from 'vitest';

import { createPairing, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { recogniseFile } from '../../src/web/page/recognise.js';
import { isShown, phraseAnswer } from '../../src/web/page/verdict.js';
import { makeInclusion, toSource } from '../../conformance/adversary/world.js';
import { CEREMONY, publishAs } from './published-files.js';
import { encodeInclusion } from '../../src/protocol/index.js';

const published = publishAs(CEREMONY);
const valid = await verifyInclusion(
  encodeInclusion(makeInclusion(published, 'lea@example.org')),
  toSource(published),
  CEREMONY.trust,
  { pairing: await createPairing(), userId: 'lea@example.org' },
);
const phrase = (report: Report) =>
  phraseAnswer({ kind: 'report', report, trust: null, nets: null, reserves: null });

describe('the verdict of the page', () => {
  it('is valid for a report that is valid in every part', () => {
    expect(isShown(valid)).toBe(true);
    expect(phrase(valid)).toMatchObject({ tone: 'valid', code: 'valid' });
  });

  const failed = { ...valid.checks[0]!, result: 'failed' as const };
  it.each<[string, Partial<Report>]>([
    ['a check that failed', { checks: [...valid.checks.slice(1), failed] }],
    ['no check that was made', { checks: [] }],
    ['another outcome', { outcome: 'invalid' }],
    ['another code', { code: 'proof' }],
    ['no word that it is valid', { valid: false }],
  ])('is a fault, and never valid, for a report that says valid beside %s', (_, changes) => {
    const report = { ...valid, ...changes };
    expect(isShown(report)).toBe(false);
    const { tone, headline } = phrase(report);
    expect(['fault', 'invalid']).toContain(tone);
    expect(headline).not.toContain('is in the proof');
  });

  it('is INSECURE and not valid under development keys', () => {
    const { tone, label, code } = phrase({ ...valid, insecure: true });
    expect([tone, code]).toEqual(['insecure', 'development-keys-allowed']);
    expect(label).not.toMatch(/^Valid/);
  });

  it('has words of its own for every refusal, and some for one that it does not know', () => {
    const about = 'page';
    const refusal = { kind: 'refusal', outcome: 'fault', code: 'of-tomorrow', about } as const;
    expect(phraseAnswer(refusal)).toMatchObject({ tone: 'fault', code: 'of-tomorrow' });
    expect(phraseAnswer(refusal).sentence).toContain('says nothing about your money');
  });
});

describe('the files that are dropped on the page', () => {
  const kindOf = (text: string) => recogniseFile(new Blob([text]));

  it.each([
    ['inclusion', '{"format":"solvent/inclusion/v2"}\n'],
    ['inclusion', '{"format":"solvent/inclusion/v9"}\n'],
    ['manifest', '{\n  "format": "solvent/manifest/v2"\n}\n'],
    ['signature', '{"format":"solvent/signature/v2"}'],
    ['trust', '{"format":"solvent/trust/v2"}\n'],
    ['commitments', '{"circuit":"spot-2","digest":"1","list":"2"}\n{"circuit":"spot-2"}\n'],
    ['weights', '{"points":[],"zW":"1"}\n'],
    ['proofs', '{"K":"1","L":"1","proof":{},"z":[]}\n{}\n'],
  ])('are known as %s by what is in them', async (kind, text) => {
    expect(await kindOf(text)).toBe(kind);
  });

  it.each(['', '\n', 'a letter', '[]', 'null', '{}', '{"format":7}', '{"format":"solvent/snapshot/v1"}'])(
    'are of no kind where they hold %j',
    async (text) => {
      expect(await kindOf(text)).toBeUndefined();
    },
  );
});
