import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeJsonLine, SolventError, type Trust } from '../../src/protocol/index.js';
import { createPairing, FAILURES, parseTrust, UNVERIFIABLE, verifyBundle } from '../../src/verifier/index.js';
import { honest, platform } from '../../conformance/adversary/case.js';
import { toSource } from '../../conformance/adversary/world.js';

const pairing = await createPairing();
const bytes = encodeJsonLine(platform.trust);

/** What becomes of the honest bundle under the trust file of these bytes. */
async function judge(changed: Uint8Array): Promise<string> {
  let trust: Trust;
  try {
    trust = parseTrust(changed);
  } catch (error) {
    if (error instanceof SolventError && error.errorClass === 'format') return (error as SolventError).code;
    throw error;
  }
  const { code } = await verifyBundle(toSource(honest), trust, { pairing, allowDevelopmentKeys: true });
  return code;
}

describe('a trust file', () => {
  it('that was changed anywhere makes no bundle valid that another one was made for', async () => {
    const mutation = fc.record({
      at: fc.nat(bytes.length - 1),
      kind: fc.constantFrom('set', 'digit', 'insert', 'cut'),
      byte: fc.nat(255),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, kind, byte }) => {
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
        const middle = kind === 'cut' ? [] : [kind === 'digit' ? 0x30 + (byte % 10) : byte];
        const changed = Buffer.concat([
          head,
          Buffer.from(middle),
          kind === 'insert' ? bytes.subarray(at) : tail,
        ]);
        fc.pre(!changed.equals(bytes));
        const code = await judge(changed);
        expect(code).not.toBe('valid');
        expect(Object.keys({ ...FAILURES, ...UNVERIFIABLE })).toContain(code);
      }),
      { seed: 17, numRuns: Number(process.env.SOLVENT_FUZZ_RUNS ?? 300) },
    );
  });

  it('as it was published makes its bundle valid', async () => {
    expect(await judge(bytes)).toBe('valid');
  });
});
