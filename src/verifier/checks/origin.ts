import {
  formatInstantNs,
  formatManifestHash,
  hashManifest,
  hashTrust,
  isSignedBy,
  parseInstantNs,
  signedMessage,
  type Manifest,
  type Trust,
} from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { miss, refuse } from '../failure.js';
import { MAX_CLOCK_SKEW_MS } from '../limits.js';
import type { SignedManifest } from './manifest.js';
import { refuseUse } from '../errors.js';

const NS_PER_MS = 1_000_000n;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** 2: the manifest's hash is the one that the caller brought from a public place. */
export function compareManifestHash(manifest: Manifest, expected: string): Passed<undefined> {
  const found = formatManifestHash(manifest);
  if (found !== parseHash(expected)) {
    throw refuse('manifest-hash-differs', `expected the manifest hash ${expected}, got ${found}`);
  }
  return { value: undefined, compared: `manifest hash ${found} with the one you brought` };
}

/** 2: the manifest names the one before it by the hash that the caller brought. */
export function comparePreviousHash(manifest: Manifest, expected: string): Passed<undefined> {
  const found = manifest.previousManifestHash ?? 'none';
  if (found !== parseHash(expected)) {
    throw refuse(
      'previous-manifest-differs',
      `expected the previous manifest hash ${expected}, got ${found}`,
    );
  }
  return { value: undefined, compared: `previous manifest hash ${found} with the one you brought` };
}

/** 2: the trust file is the one whose hash the caller brought; another one says nothing about the platform. */
export function compareTrustHash(trust: Trust, expected: string): Passed<undefined> {
  const found = hashTrust(trust);
  if (found !== expected) {
    throw miss('trust-hash-differs', `expected the trust file ${expected}, got ${found}`);
  }
  return { value: undefined, compared: `trust file ${found} with the hash you brought` };
}

/**
 * 2: the manifest is the pinned platform's, with an Ed25519 signature of its hash under the pinned key. The strict
 * rules of RFC 8032 and FIPS 186-5 hold: no other encoding of the same signature, no key of small order.
 */
export function checkSignature(
  { manifest, signature }: SignedManifest,
  trust: Trust | undefined,
): Passed<Trust> {
  if (trust === undefined) throw miss('trust-missing', 'expected a trust file, got none');
  const pinned = trust.signingKey;
  if (signature.publicKey !== pinned) {
    throw refuse('signing-key-not-pinned', `expected signing key ${pinned}, got ${signature.publicKey}`);
  }
  const hash = formatManifestHash(manifest);
  if (!isSignedBy(pinned, signedMessage(hashManifest(manifest)), signature.signature)) {
    throw refuse('signature-invalid', `expected a signature of manifest hash ${hash}`);
  }
  // Only trust files of a development setup pin no platform.
  if (trust.platform !== null && manifest.platform !== trust.platform) {
    throw refuse('platform-not-pinned', 'expected the manifest of the pinned platform, got another');
  }
  const platform =
    trust.platform === null ? 'platform not pinned: a development trust file' : 'the pinned platform';
  return {
    value: trust,
    compared: `${platform}; signature of the manifest hash with signing key ${pinned}`,
  };
}

/** 2: nobody has taken a snapshot of an instant that is not there yet. */
export function checkInstant({ takenAt }: Manifest, nowMs: number): Passed<undefined> {
  const latestNs = BigInt(Math.floor(nowMs) + MAX_CLOCK_SKEW_MS) * NS_PER_MS;
  if (parseInstantNs(takenAt) > latestNs) {
    throw refuse(
      'instant-in-future',
      `expected an instant up to ${formatInstantNs(latestNs)}, got ${takenAt}`,
    );
  }
  return { value: undefined, compared: `${takenAt} with your clock` };
}

/** A manifest hash that a caller brought. @throws SolventError `manifest-hash-malformed` (usage). */
export function parseHash(text: string): string {
  if (SHA256_HEX.test(text)) return text;
  throw refuseUse('manifest-hash-malformed', {
    expected: 'a manifest hash of 64 hexadecimal digits in lower case',
    found: 'another text',
  });
}
