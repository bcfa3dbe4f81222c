import { formatManifestHash, isSignedBy, signedMessage, type Manifest } from '../../protocol/index.js';
import { formatReservesHash, hashReserves } from '../../protocol/reserves/index.js';
import { refuseHistory } from '../errors.js';
import type { History, HistoryReport, PublishedReserves } from './history.js';

/** The reserves of a history: none was left out or rewritten. */
export type ReservesHistory = {
  /** Of each snapshot, from the first to the last; null where none is published beside it. */
  readonly entries: readonly { readonly takenAt: string; readonly reservesHash: string | null }[];
  /** Whether the last one's hash was compared with one that the caller brought. */
  readonly comparedWithHash: boolean;
};

/**
 * Walks the reserves beside the manifests of a history. Each is of its manifest, signed by the key that was the
 * platform's then, and names the reserves before it; snapshots that have none are skipped. What they hold is not
 * checked: that is the verifier's work.
 * @param walked the same history, verified.
 * @throws SolventError with a `HistoryCode`.
 */
export function verifyReservesHistory(
  { manifests, reserves }: Required<Pick<History, 'manifests' | 'reserves'>>,
  walked: Pick<HistoryReport, 'entries'>,
  expected: { readonly lastReservesHash?: string } = {},
): ReservesHistory {
  const beside = new Map(reserves.map((published) => [published.origin, published]));
  const byHash = new Map<string, { readonly manifest: Manifest; readonly found: PublishedReserves[] }>();
  for (const { manifest, origin } of manifests) {
    const hash = formatManifestHash(manifest);
    const published = beside.get(origin);
    // The same snapshot may lie in two directories.
    const found = [...(byHash.get(hash)?.found ?? []), ...(published === undefined ? [] : [published])];
    byHash.set(hash, { manifest, found });
  }
  const seen: string[] = [];
  const entries = walked.entries.map(({ manifestHash, takenAt, signingKey }) => {
    const { manifest, found } = byHash.get(manifestHash)!;
    const hashes = [...new Set(found.map((published) => formatReservesHash(published.reserves)))];
    if (hashes.length > 1) {
      throw refuseHistory(
        'history-reserves-forked',
        `one account of reserves for ${takenAt}`,
        hashes.join(' and '),
      );
    }
    const [published] = found;
    if (published === undefined) return { takenAt, reservesHash: null };
    assertOf(published, { manifest, manifestHash, signingKey });
    assertFollows(published, seen);
    seen.push(hashes[0]!);
    return { takenAt, reservesHash: hashes[0]! };
  });
  const { lastReservesHash } = expected;
  if (lastReservesHash !== undefined && seen.at(-1) !== lastReservesHash) {
    throw refuseHistory(
      'history-end-differs',
      `the last reserves ${lastReservesHash}`,
      seen.at(-1) ?? 'none',
    );
  }
  return { entries, comparedWithHash: lastReservesHash !== undefined };
}

function assertOf(
  { reserves, signature, origin }: PublishedReserves,
  {
    manifest,
    manifestHash,
    signingKey,
  }: { readonly manifest: Manifest; readonly manifestHash: string; readonly signingKey: string },
): void {
  const isOf =
    reserves.purpose === 'snapshot' &&
    reserves.manifestHash === manifestHash &&
    (['platform', 'takenAt', 'snapshotHash'] as const).every((field) => reserves[field] === manifest[field]);
  if (!isOf) {
    throw refuseHistory(
      'history-reserves-of-other',
      `the reserves of ${manifestHash} in ${origin}`,
      'others',
    );
  }
  const isSigned =
    signature.publicKey === signingKey &&
    isSignedBy(signingKey, signedMessage(hashReserves(reserves)), signature.signature);
  if (isSigned) return;
  throw refuseHistory(
    'history-signature-invalid',
    `the reserves in ${origin} to be signed by ${signingKey}`,
    signature.publicKey,
  );
}

/** @param seen the hashes of the reserves before, in their order. */
function assertFollows({ reserves, origin }: PublishedReserves, seen: readonly string[]): void {
  const { previousReservesHash: named } = reserves;
  const last = seen.at(-1) ?? null;
  if (named === last) return;
  // Two that name the same one before them, or none, are two accounts; one that is not here was taken away.
  const isFork = named === null || seen.includes(named);
  throw refuseHistory(
    isFork ? 'history-reserves-forked' : 'history-reserves-gap',
    `the reserves in ${origin} to follow ${last ?? 'none'}`,
    named ?? 'some that follow none',
  );
}
