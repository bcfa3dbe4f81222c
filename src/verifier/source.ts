import {
  BUNDLE_FILE_KINDS,
  PUBLISHED_FILES,
  type BundleFileKind,
  type BundleListKind,
} from '../protocol/index.js';

/** Bytes of a list, in pieces of any size. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The files of a bundle, or as many of them as are at hand. Without its lists a signed manifest is announced, and no more.
 * Lists are read once.
 */
export type BundleSource = {
  /** `manifest.json`. */
  readonly manifest: Uint8Array;
  /** `manifest.sig.json`. */
  readonly signature: Uint8Array;
  /** `commitments.ndjson`. */
  readonly commitments?: Pieces | undefined;
  /** `weights.json`, which runs without margin rows have none of. */
  readonly weights?: Uint8Array | undefined;
  /** `proofs.ndjson`. */
  readonly proofs?: Pieces | undefined;
};

type WholeFileKind = Exclude<BundleFileKind, BundleListKind>;

/**
 * The files of a bundle, wherever they are.
 * @param read.whole the bytes of a file; undefined where it is not there.
 * @param read.pieces those of a list, likewise.
 * @throws what these throw; they do where there is no manifest or no signature.
 */
export async function openBundleSource(read: {
  readonly whole: (kind: WholeFileKind) => Promise<Uint8Array | undefined>;
  readonly pieces: (kind: BundleListKind) => Promise<Pieces | undefined>;
}): Promise<BundleSource> {
  const opened = BUNDLE_FILE_KINDS.map(
    async (kind) => [kind, await (isList(kind) ? read.pieces(kind) : read.whole(kind))] as const,
  );
  return Object.fromEntries(await Promise.all(opened)) as unknown as BundleSource;
}

function isList(kind: BundleFileKind): kind is BundleListKind {
  return PUBLISHED_FILES[kind].isList;
}
