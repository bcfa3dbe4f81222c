import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { bytesToHex, encodeJsonLine, utf8ToBytes } from '../../../src/protocol/index.js';
import { parseEvidence } from '../../../src/protocol/reserves/index.js';
import {
  composeAuditRequest,
  encodeAuditRequest,
  importFile,
  parseAuditRequest,
  signAudit,
  type ReservesWork,
} from '../../../src/reserves/index.js';
import { makeHonest, type Honest } from '../../../conformance/adversary/reserves/attacks.js';
import { AUDIT_ATTACKS, auditorKey, makeAudited } from '../../../conformance/adversary/reserves/audits.js';
import { verify } from '../../../conformance/adversary/reserves/world.js';

let honest: Honest;
beforeAll(async () => {
  honest = await makeHonest();
});

describe('sums that an auditor alone has seen', () => {
  it('count where what is attested counts, in a column of their own, and are said to be the auditor’s word', async () => {
    const { files, reader } = await makeAudited(honest);
    const proven = await verify(files, reader);
    const attested = await verify(files, reader, { level: 'attested' });
    expect(proven).toMatchObject({ valid: true });
    const heldOf = (report: typeof proven, asset: string) =>
      report.assets.find((each) => each.asset === asset)!;
    expect(BigInt(heldOf(attested, 'USDT').held) - BigInt(heldOf(proven, 'USDT').held)).toBe(77n);
    expect(heldOf(attested, 'USDT').ofIt.audited).toBe('77');
    expect(heldOf(proven, 'USDT').ofIt.audited).toBe('0');
    expect(heldOf(attested, 'SOL').cells).toContainEqual({
      ...{ balance: 'attested', control: 'auditor', amount: '2' },
    });
    expect(attested.notShown.join('\n')).toContain(
      `What auditor ann saw, whose SHA-256 is ${'e0'.repeat(32)}`,
    );
  });

  it.each(AUDIT_ATTACKS)('are refused: $name', async ({ code, make }) => {
    const { files, reader } = await make(honest);
    expect(await verify(files, reader, { level: 'attested' })).toMatchObject({ valid: false, code });
  });
});

describe('an audit on its way from the auditor to the platform', () => {
  const shown = utf8ToBytes('what the auditor was shown');
  const sums = utf8ToBytes('asset,amount\nUSDT,77\nSOL,2\n');
  const workOf = ({ built: { draft, pins, challenge } }: Honest) =>
    ({
      ...draft,
      challenge,
      pins: { ...pins, auditors: [{ id: 'ann', name: 'Ann', signingKey: auditorKey.publicKey }] },
    }) as unknown as ReservesWork;
  const sign = (work: ReservesWork, change: object = {}) =>
    signAudit(parseAuditRequest(encodeAuditRequest({ ...composeAuditRequest(work), ...change })), {
      ...{ auditor: 'ann', shown, sums, signer: auditorKey },
    });

  it('is signed over a request, and becomes entries once', () => {
    const work = workOf(honest);
    const line = sign(work);
    const first = importFile(work, line);
    expect(first.entries.filter(({ kind }) => kind === 'audited')).toEqual([
      { kind: 'audited', auditor: 'ann', asset: 'SOL', amount: '2', encumbrance: null },
      { kind: 'audited', auditor: 'ann', asset: 'USDT', amount: '77', encumbrance: null },
    ]);
    expect(importFile({ ...work, ...first }, line)).toEqual(first);
    expect(parseEvidence(line.subarray(0, -1))).toMatchObject({
      evidenceHash: createHash('sha256').update(shown).digest('hex'),
    });
  });

  it.each([
    ['of another challenge', { challenge: '11'.repeat(32) }, 'signature-of-other'],
    ['beside other entries', { besides: '11'.repeat(32) }, 'row-malformed'],
  ] as const)('is not taken: %s', (_, change, code) => {
    const work = workOf(honest);
    expect(() => importFile(work, sign(work, change))).toThrow(expect.objectContaining({ code }));
  });

  it('is not taken of an auditor without a pin, nor signed over sums that are none', () => {
    const work = workOf(honest);
    const unknown = { ...work, pins: honest.built.pins };
    expect(() => importFile(unknown, sign(work))).toThrow(
      expect.objectContaining({ code: 'signature-of-other' }),
    );
    const request = composeAuditRequest(work);
    for (const text of [
      'asset,amount\nUSDT,0\n',
      'asset,amount\nUSDT,1.5\n',
      'asset,amount\nUSDT,1\nUSDT,2\n',
    ])
      expect(() =>
        signAudit(request, { auditor: 'ann', shown, sums: utf8ToBytes(text), signer: auditorKey }),
      ).toThrow(expect.objectContaining({ code: 'schema-violated' }));
    expect(() => parseAuditRequest(encodeJsonLine({ ...request, more: bytesToHex(shown) }))).toThrow(
      expect.objectContaining({ code: 'schema-violated' }),
    );
  });
});
