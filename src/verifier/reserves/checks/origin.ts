import { isSignedBy, signedMessage, SolventError } from '../../../protocol/index.js';
import {
  drawSecondInstant,
  formatReservesHash,
  hashReserves,
  secondInstantRound,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import type { Passed } from '../../checklist.js';
import { refuseReserves, missForReserves } from '../codes.js';
import type { BundleVerdict, Liabilities } from '../liabilities.js';
import type { SignedReserves } from './reading.js';

/** 8.2: what is owed, from a bundle that is valid. */
export function requireBundle(verdict: BundleVerdict | undefined): Passed<Liabilities> {
  if (verdict === undefined) throw missForReserves('bundle-unverifiable', 'expected a bundle, got none');
  if (verdict.outcome !== 'valid') {
    const evidence = `expected a valid bundle, got ${verdict.code}`;
    throw verdict.outcome === 'unverifiable'
      ? missForReserves('bundle-unverifiable', evidence)
      : refuseReserves('bundle-not-valid', evidence);
  }
  const { liabilities } = verdict;
  return {
    value: liabilities,
    compared: `manifest hash ${liabilities.manifestHash}${liabilities.insecure ? ', under development keys' : ''}`,
  };
}

/** 8.2: the reserves' hash is the one that the caller brought from a public place. */
export function compareReservesHash(reserves: Reserves, expected: string): Passed<undefined> {
  const found = formatReservesHash(reserves);
  if (found !== expected) {
    throw refuseReserves('reserves-hash-differs', `expected the reserves hash ${expected}, got ${found}`);
  }
  return { value: undefined, compared: `reserves hash ${found} with the one you brought` };
}

/** 8.2: an Ed25519 signature of the reserves' hash under the key of the caller's trust file. */
export function checkReservesSignature(
  { reserves, signature }: SignedReserves,
  { signingKey }: Liabilities,
): Passed<undefined> {
  if (signature.publicKey !== signingKey) {
    throw refuseReserves(
      'signing-key-not-pinned',
      `expected signing key ${signingKey}, got ${signature.publicKey}`,
    );
  }
  if (!isSignedBy(signingKey, signedMessage(hashReserves(reserves)), signature.signature)) {
    throw refuseReserves(
      'signature-invalid',
      `expected a signature of reserves hash ${formatReservesHash(reserves)}, got another`,
    );
  }
  return { value: undefined, compared: `signature of the reserves hash with signing key ${signingKey}` };
}

/** 8.2: the instant that the blocks are held to: the manifest's, or a second one that a public beacon drew after it. */
export function requireInstant({ takenAt, beacon }: Reserves): Passed<string> {
  if (beacon === undefined) return { value: takenAt, compared: `the instant of the manifest, ${takenAt}` };
  const round = secondInstantRound(takenAt);
  if (beacon.round !== round) {
    throw refuseReserves('beacon-differs', `expected round ${round} of the beacon, got ${beacon.round}`);
  }
  try {
    const value = drawSecondInstant(takenAt, beacon);
    return { value, compared: `a second instant, ${value}, drawn by round ${round} of drand quicknet` };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw refuseReserves(
      'beacon-differs',
      `expected the signature of the beacon over round ${round}, got another`,
    );
  }
}

/** 8.2: the reserves are for this manifest, and say the same of it. */
export function matchManifest(reserves: Reserves, liabilities: Liabilities): Passed<undefined> {
  if (reserves.manifestHash !== liabilities.manifestHash) {
    throw refuseReserves(
      'reserves-of-other-manifest',
      `expected manifest hash ${liabilities.manifestHash}, got ${reserves.manifestHash}`,
    );
  }
  for (const field of ['platform', 'takenAt', 'snapshotHash'] as const) {
    if (reserves[field] !== liabilities[field]) {
      throw refuseReserves(
        'reserves-of-other-snapshot',
        `expected the manifest’s ${field}, got another in the reserves`,
      );
    }
  }
  return { value: undefined, compared: 'manifest hash, platform, instant and snapshot hash' };
}
