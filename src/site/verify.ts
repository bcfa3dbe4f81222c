import type { Trust } from '../protocol/index.js';
import { createPairing, verifyBundle } from '../verifier/index.js';
import { openBundle } from '../verifier/node/index.js';
import { refuseSite } from './errors.js';

/**
 * Verifies a bundle as its readers will, with the trust file that they will have. Development keys are let pass: the
 * site says what they are.
 * @returns whether the answer rests on such keys, which can prove anything.
 * @throws SolventError `bundle-not-valid` with the verifier's code.
 */
export async function verifyAsReader(bundle: string, trust: Trust): Promise<{ readonly insecure: boolean }> {
  const source = await openBundle(bundle);
  const { valid, code, verdict, insecure } = await verifyBundle(source, trust, {
    pairing: await createPairing(),
    allowDevelopmentKeys: true,
  });
  if (valid) return { insecure };
  throw refuseSite('bundle-not-valid', {
    expected: 'a bundle that its readers find valid',
    found: `${code} (${verdict})`,
    details: { code },
  });
}
