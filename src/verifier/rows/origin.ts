import { ed25519 } from '@noble/curves/ed25519.js';

import { hexToBytes } from '../../protocol/index.js';
import {
  formatManifestHash,
  hashManifest,
  signedMessage,
  type Manifest,
  type Trust,
} from '../../protocol/rows/index.js';
import type { Passed } from '../checklist.js';
import { parseHash } from '../checks/signature.js';
import { miss } from '../failure.js';
import { refuseRows } from './failure.js';
import type { SignedRowManifest } from './reading.js';

/** 2: the manifest's hash is the one that the caller brought from a public place. */
export function compareRowManifestHash(manifest: Manifest, expected: string): Passed<undefined> {
  const found = formatManifestHash(manifest);
  if (found !== parseHash(expected)) {
    throw refuseRows('manifest-hash-differs', `expected the manifest hash ${expected}, got ${found}`);
  }
  return { value: undefined, compared: `manifest hash ${found} with the one you brought` };
}

/** 2: the manifest names the one before it by the hash that the caller brought. */
export function comparePreviousRowHash(manifest: Manifest, expected: string): Passed<undefined> {
  const found = manifest.previousManifestHash ?? 'none';
  if (found !== parseHash(expected)) {
    throw refuseRows(
      'previous-manifest-differs',
      `expected the previous manifest hash ${expected}, got ${found}`,
    );
  }
  return { value: undefined, compared: `previous manifest hash ${found} with the one you brought` };
}

/** 2: the pinned platform's manifest, signed under the pinned key, by the strict rules of RFC 8032 and FIPS 186-5. */
export function checkRowSignature(
  { manifest, signature }: SignedRowManifest,
  trust: Trust | undefined,
): Passed<Trust> {
  if (trust === undefined) throw miss('trust-missing', 'expected a trust file, got none');
  if (manifest.platform !== trust.platform) {
    throw refuseRows('platform-not-pinned', 'expected the manifest of the pinned platform, got another');
  }
  const pinned = trust.signingKey;
  if (signature.publicKey !== pinned) {
    throw refuseRows('signing-key-not-pinned', `expected signing key ${pinned}, got ${signature.publicKey}`);
  }
  const message = signedMessage(hashManifest(manifest));
  const isSigned = ed25519.verify(hexToBytes(signature.signature), message, hexToBytes(pinned), {
    zip215: false,
  });
  if (!isSigned) {
    const hash = formatManifestHash(manifest);
    throw refuseRows('signature-invalid', `expected a signature of manifest hash ${hash}`);
  }
  return { value: trust, compared: `signature of the manifest hash with signing key ${pinned}` };
}
