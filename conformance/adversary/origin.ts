import { bytesToHex, formatManifestHash, hashTrust, hexToBytes } from '../../src/protocol/index.js';
import { makePlatform, reseal, resign, sign } from './world.js';
import { honest, platform, sealed, type BundleCase } from './case.js';

/** The order of the group that Ed25519 signs in (RFC 8032). */
const ED25519_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const stranger = makePlatform('stranger');

const signatures: BundleCase[] = [
  ...[0, 5, 31, 40, 63].map((position): BundleCase => ({
    name: `one bit of byte ${position} of the signature changed`,
    code: 'signature-invalid',
    attack: ({ signature }) => {
      const bytes = hexToBytes(signature.signature);
      bytes[position]! ^= 1;
      signature.signature = bytesToHex(bytes);
      return undefined;
    },
  })),
  {
    name: 'another encoding of the same signature: S plus the group order',
    code: 'signature-invalid',
    attack: ({ signature }) => {
      const bytes = hexToBytes(signature.signature);
      const s = BigInt(`0x${bytesToHex(bytes.slice(32).reverse())}`) + ED25519_ORDER;
      bytes.set(hexToBytes(s.toString(16).padStart(64, '0')).reverse(), 32);
      signature.signature = bytesToHex(bytes);
      return undefined;
    },
  },
  {
    name: 'a signature of zeros',
    code: 'signature-invalid',
    attack: ({ signature }) => {
      signature.signature = '00'.repeat(64);
      return undefined;
    },
  },
  {
    name: 'a signature by a stranger, under the stranger’s key',
    code: 'signing-key-not-pinned',
    attack: (published) => {
      published.signature = sign(stranger, published.manifest);
      return undefined;
    },
  },
  {
    name: 'a signature by a stranger, who names the pinned key',
    code: 'signature-invalid',
    attack: (published) => {
      const { signature } = sign(stranger, published.manifest);
      published.signature = { ...published.signature, signature };
      return undefined;
    },
  },
  {
    name: 'the signature of another manifest',
    code: 'signature-invalid',
    attack: (published) => {
      const other = { ...structuredClone(published.manifest), takenAt: '2026-06-30T00:00:00.5Z' };
      published.signature = sign(platform, other);
      return undefined;
    },
  },
  {
    name: 'a signature under a pinned key of small order, which signs everything',
    code: 'signature-invalid',
    attack: (published) => {
      const identity = `01${'00'.repeat(31)}`;
      published.signature = {
        ...published.signature,
        publicKey: identity,
        signature: `${identity}${'00'.repeat(32)}`,
      };
      return { trust: { ...platform.trust, signingKey: identity } };
    },
  },
  {
    name: 'a signature under a pinned key that is no point',
    code: 'signature-invalid',
    attack: (published) => {
      published.signature = { ...published.signature, publicKey: 'ff'.repeat(32) };
      return { trust: { ...platform.trust, signingKey: 'ff'.repeat(32) } };
    },
  },
];

const views: BundleCase[] = [
  {
    name: 'another manifest than the one that others were shown',
    code: 'manifest-hash-differs',
    attack: () => ({ options: { manifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'another manifest than the one that others were shown, and no trust file',
    code: 'manifest-hash-differs',
    attack: () => ({ trust: undefined, options: { manifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'a second manifest for the same instant, sealed, proven and signed',
    code: 'manifest-hash-differs',
    attack: (published) => {
      published.manifest.scope.included = 'all accounts';
      reseal(platform, published);
      return { options: { manifestHash: formatManifestHash(honest.manifest) } };
    },
  },
  {
    name: 'a manifest that does not follow the previous one',
    code: 'previous-manifest-differs',
    attack: () => ({ options: { previousManifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'a first manifest where one was published before',
    code: 'previous-manifest-differs',
    attack: (published) => {
      published.manifest.previousManifestHash = null;
      reseal(platform, published);
      return { options: { previousManifestHash: 'cd'.repeat(32) } };
    },
  },
  {
    name: 'a manifest that follows itself',
    code: 'previous-manifest-differs',
    attack: ({ manifest }) => ({ options: { previousManifestHash: formatManifestHash(manifest) } }),
  },
];

const platforms: BundleCase[] = [
  { name: 'no trust file', code: 'trust-missing', attack: () => ({ trust: undefined }) },
  {
    name: 'a trust file of another hash than the one that was brought',
    code: 'trust-hash-differs',
    attack: () => ({ options: { trustHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'a trust file in which one pin is another, beside the hash of the right one',
    code: 'trust-hash-differs',
    attack: () => ({
      trust: { ...platform.trust, signingKey: stranger.trust.signingKey },
      options: { trustHash: hashTrust(platform.trust) },
    }),
  },
  {
    name: 'the trust file of another platform',
    code: 'platform-not-pinned',
    attack: () => ({ trust: { ...platform.trust, platform: 'Another Exchange' } }),
  },
  {
    name: 'the trust file of a platform whose name differs in its case',
    code: 'platform-not-pinned',
    attack: () => ({ trust: { ...platform.trust, platform: 'example exchange' } }),
  },
  sealed('the manifest of another platform under the pinned key', 'platform-not-pinned', (manifest) => {
    manifest.platform = 'Another Exchange';
  }),
  {
    name: 'the trust file of a stranger',
    code: 'signing-key-not-pinned',
    attack: () => ({ trust: stranger.trust }),
  },
  {
    name: 'the bundle of a stranger, whole and in itself true',
    code: 'signing-key-not-pinned',
    attack: (published) => {
      resign(stranger, published);
      return undefined;
    },
  },
];

export const ORIGIN_CASES: readonly BundleCase[] = [...signatures, ...views, ...platforms];
