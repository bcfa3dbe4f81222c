import {
  parseInstantNs,
  SolventError,
  verifyRotation,
  type Rotation,
  type Trust,
  formatManifestHash,
  hashManifest,
  isSignedBy,
  signedMessage,
  type Manifest,
  type ManifestSignature,
} from '../../protocol/index.js';
import type { Reserves } from '../../protocol/reserves/index.js';
import { refuseHistory, refuseUse, type HistoryCode } from '../errors.js';

/**
 * The trust that follows from an older one by rotations, in any order: each is signed by the key before, for the pinned
 * platform where one is pinned.
 * @throws SolventError `rotation-invalid`; `rotation-unplaced` where one is not reached from the pinned key, is another
 * platform's, or two are signed by one key.
 */
export function followRotations(trust: Trust, rotations: readonly Rotation[]): Trust {
  rotations.forEach(verifyRotation);
  const waiting = [...rotations];
  const { platform } = trust;
  let { signingKey } = trust;
  let lastNs = -(1n << 80n);
  while (waiting.length > 0) {
    const signed = waiting.filter(
      (rotation) => rotation.oldKey === signingKey && (platform === null || rotation.platform === platform),
    );
    // A key may return: the earliest of its rotations comes first, and those behind it must follow later.
    const earliest = signed.map(({ at }) => parseInstantNs(at)).reduce(least, undefined);
    const next = signed.filter(({ at }) => parseInstantNs(at) === earliest);
    if (next.length !== 1 || earliest! < lastNs) {
      const whose = platform === null ? '' : ` for ${platform}`;
      throw unplaced(`one rotation that ${signingKey} signed${whose}`, String(next.length));
    }
    waiting.splice(waiting.indexOf(next[0]!), 1);
    signingKey = next[0]!.newKey;
    lastNs = earliest!;
  }
  return { ...trust, signingKey };
}

function least(before: bigint | undefined, next: bigint): bigint {
  return before === undefined || next < before ? next : before;
}

/** An error about rotations that make no single line. */
function unplaced(expected: string, found: string): SolventError<HistoryCode> {
  return refuseUse('rotation-unplaced', { expected, found });
}

const NS_PER_MS = 1_000_000n;

/** A manifest that was published, and where it was found. */
export type PublishedManifest = {
  readonly manifest: Manifest;
  readonly signature: ManifestSignature;
  /** For messages: a directory. */
  readonly origin: string;
};

/** Reserves that were published beside a manifest, and where they were found. */
export type PublishedReserves = {
  readonly reserves: Reserves;
  readonly signature: ManifestSignature;
  /** The directory of the manifest. */
  readonly origin: string;
};

/** Everything that a platform published, in any order. */
export type History = {
  readonly manifests: readonly PublishedManifest[];
  readonly rotations: readonly Rotation[];
  /** The reserves beside the manifests, as far as there are any. */
  readonly reserves?: readonly PublishedReserves[];
};

/** One snapshot in its place. */
export type HistoryEntry = {
  readonly manifestHash: string;
  readonly takenAt: string;
  readonly signingKey: string;
  /** Whether it is proven with other keys than the one before. */
  readonly changesKeys: boolean;
};

/** A history without gap or fork. */
export type HistoryReport = {
  readonly platform: string;
  /** From the first to the last. */
  readonly entries: readonly HistoryEntry[];
  readonly rotations: number;
  readonly lastManifestHash: string;
  readonly signingKey: string;
  /** Whether the last manifest's hash was compared with one that the caller brought. */
  readonly comparedWithHash: boolean;
  /** Whether the platform's key was compared with one that the caller brought. */
  readonly comparedWithKey: boolean;
};

/**
 * Walks a platform's manifests from the first to the last. Each names the hash of the one before, is later by the least
 * distance that both state, and is signed by the key that was the platform's then. Proofs are not checked: that is the
 * verifier's work. A rotation lies between the manifests around it.
 * @param expected what the caller knows from elsewhere: the last manifest's hash, and the platform's present key.
 * @throws SolventError with a `HistoryCode`.
 */
export function verifyHistory(
  history: History,
  expected: { readonly lastManifestHash?: string; readonly signingKey?: string } = {},
): HistoryReport {
  const chain = orderManifests(history.manifests);
  history.rotations.forEach(verifyRotation);
  const waiting = [...history.rotations];
  const { platform } = chain[0]!.manifest;
  const first = takeRotation(waiting, null);
  let signingKey = first?.oldKey ?? chain[0]!.signature.publicKey;
  assertBetween(first, undefined, chain[0]!.manifest);
  signingKey = apply(first, { signingKey, platform });
  const entries: HistoryEntry[] = [];
  for (const [index, published] of chain.entries()) {
    const { manifest } = published;
    if (manifest.platform !== platform) {
      throw refuseHistory('history-of-two-platforms', `manifests of ${platform}`, manifest.platform);
    }
    assertSigned(published, signingKey);
    const manifestHash = formatManifestHash(manifest);
    const before = chain[index - 1]?.manifest;
    entries.push({
      manifestHash,
      takenAt: manifest.takenAt,
      signingKey,
      changesKeys: before !== undefined && fingerprintsOf(before) !== fingerprintsOf(manifest),
    });
    const rotation = takeRotation(waiting, manifestHash);
    assertBetween(rotation, manifest, chain[index + 1]?.manifest);
    signingKey = apply(rotation, { signingKey, platform });
  }
  if (waiting.length > 0)
    throw unplaced('every rotation to follow a manifest that is here', String(waiting.length));
  const lastManifestHash = entries.at(-1)!.manifestHash;
  assertEnd({ lastManifestHash, signingKey }, expected);
  return {
    platform,
    entries,
    rotations: history.rotations.length,
    lastManifestHash,
    signingKey,
    comparedWithHash: expected.lastManifestHash !== undefined,
    comparedWithKey: expected.signingKey !== undefined,
  };
}

function orderManifests(manifests: readonly PublishedManifest[]): PublishedManifest[] {
  if (manifests.length === 0)
    throw refuseHistory('history-empty', 'a directory that holds bundles, one a directory', 'no manifest');
  const hashes = new Set<string>();
  const byPrevious = new Map<string | null, PublishedManifest>();
  for (const published of manifests) {
    const hash = formatManifestHash(published.manifest);
    // The same bundle twice is no fork.
    if (hashes.has(hash)) continue;
    hashes.add(hash);
    const previous = published.manifest.previousManifestHash;
    const other = byPrevious.get(previous);
    if (other !== undefined) {
      throw refuseHistory(
        'history-forked',
        `one manifest after ${previous ?? 'the beginning'}`,
        `two: ${other.origin} and ${published.origin}`,
      );
    }
    byPrevious.set(previous, published);
  }
  const chain: PublishedManifest[] = [];
  let next = byPrevious.get(null);
  while (next !== undefined) {
    const before = chain.at(-1)?.manifest;
    if (before !== undefined) assertLater(before, next.manifest);
    chain.push(next);
    next = byPrevious.get(formatManifestHash(next.manifest));
  }
  if (chain.length < hashes.size) {
    const lost = [...byPrevious].find(([hash]) => hash !== null && !hashes.has(hash));
    throw refuseHistory(
      'history-gap',
      `the manifest ${lost?.[0] ?? '(the first)'} that ${lost?.[1].origin ?? 'others'} names before it`,
      'none',
    );
  }
  return chain;
}

/** Of many snapshots that are close, a platform would show the one that it likes. */
function assertLater(before: Manifest, next: Manifest): void {
  const distanceNs = parseInstantNs(next.takenAt) - parseInstantNs(before.takenAt);
  if (distanceNs <= 0n) {
    throw refuseHistory('history-out-of-order', `a snapshot later than ${before.takenAt}`, next.takenAt);
  }
  const leastMs = Math.max(before.leastDistanceMs, next.leastDistanceMs);
  if (distanceNs >= BigInt(leastMs) * NS_PER_MS) return;
  throw refuseHistory(
    'history-too-close',
    `a snapshot ${leastMs} ms after ${before.takenAt} or later`,
    next.takenAt,
  );
}

function takeRotation(waiting: Rotation[], after: string | null): Rotation | undefined {
  const found = waiting.filter(({ lastManifestHash }) => lastManifestHash === after);
  if (found.length > 1)
    throw unplaced(`one rotation after ${after ?? 'the beginning'}`, String(found.length));
  if (found[0] !== undefined) waiting.splice(waiting.indexOf(found[0]), 1);
  return found[0];
}

/** A rotation is of no earlier than the manifest that it follows, and of no later than the next. */
function assertBetween(
  rotation: Rotation | undefined,
  before: Manifest | undefined,
  next: Manifest | undefined,
): void {
  if (rotation === undefined) return;
  const atNs = parseInstantNs(rotation.at);
  const isAfter = before === undefined || atNs >= parseInstantNs(before.takenAt);
  if (isAfter && (next === undefined || atNs <= parseInstantNs(next.takenAt))) return;
  throw refuseHistory(
    'rotation-out-of-order',
    `a rotation from ${before?.takenAt ?? 'any time'} to ${next?.takenAt ?? 'any time'}`,
    rotation.at,
  );
}

function apply(
  rotation: Rotation | undefined,
  { signingKey, platform }: { signingKey: string; platform: string },
): string {
  if (rotation === undefined) return signingKey;
  if (rotation.oldKey !== signingKey) throw unplaced(`a rotation that ${signingKey} signed`, rotation.oldKey);
  if (rotation.platform !== platform) {
    throw refuseHistory('history-of-two-platforms', `rotations of ${platform}`, rotation.platform);
  }
  return rotation.newKey;
}

function assertSigned({ manifest, signature, origin }: PublishedManifest, signingKey: string): void {
  const isSigned =
    signature.publicKey === signingKey &&
    isSignedBy(signingKey, signedMessage(hashManifest(manifest)), signature.signature);
  if (isSigned) return;
  throw refuseHistory(
    'history-signature-invalid',
    `${origin} to be signed by ${signingKey}`,
    signature.publicKey,
  );
}

function assertEnd(
  found: { readonly lastManifestHash: string; readonly signingKey: string },
  expected: { readonly lastManifestHash?: string; readonly signingKey?: string },
): void {
  for (const field of ['lastManifestHash', 'signingKey'] as const) {
    const value = expected[field];
    if (value !== undefined && value !== found[field]) {
      const what = field === 'signingKey' ? 'the signing key' : 'the last manifest';
      const advice = field === 'signingKey' ? ': carry an older trust file over with trust rotate' : '';
      throw refuseHistory('history-end-differs', `${what} ${value}`, `${found[field]}${advice}`);
    }
  }
}

function fingerprintsOf({ circuits }: Manifest): string {
  return circuits.map(({ fingerprint }) => fingerprint).join();
}
