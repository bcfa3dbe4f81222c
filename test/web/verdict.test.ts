import { describe, expect, it } from 'vitest';

import { createPairing, verifyInclusion, type Report } from '../../src/verifier/index.js';
import { recogniseFile } from '../../src/web/page/recognise.js';
import { isShown, phraseAnswer } from '../../src/web/page/verdict.js';
import { toSource } from '../../conformance/adversary/world.js';
import { CEREMONY, inclusionOfAnn, publishAt } from './published-files.js';
import { encodeJsonLine } from '../../src/protocol/index.js';

const published = publishAt(CEREMONY);
const { manifest, signature } = toSource(published);
const valid = await verifyInclusion(
  encodeJsonLine(inclusionOfAnn(CEREMONY, published)),
  { manifest, signature },
  CEREMONY.trust,
  { pairing: await createPairing(), userId: 'ann@example.org' },
);
const phrase = (report: Report) => phraseAnswer({ kind: 'report', report, trust: null, nets: null });

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
    ['another code', { code: 'proof-invalid' }],
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
    ['inclusion', '{"format":"solvent/inclusion/v1"}\n'],
    ['inclusion', '{"format":"solvent/inclusion/v9"}\n'],
    ['manifest', '{\n  "format": "solvent/manifest/v1"\n}\n'],
    ['signature', '{"format":"solvent/signature/v1"}'],
    ['trust', '{"format":"solvent/trust/v1"}\n'],
    ['batches', '{"circuit":"spot-2","digest":"1","proof":{}}\n{"circuit":"spot-2"}\n'],
    ['aggregates', '{"children":[],"digest":"1","proof":{},"totals":"1"}\n{}\n'],
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
