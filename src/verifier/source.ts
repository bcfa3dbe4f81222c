import {
  BUNDLE_FILE_KINDS,
  PUBLISHED_FILES,
  type BundleFileKind,
  type BundleListKind,
  type ManifestFileKind,
} from '../protocol/index.js';

/** The small public files: enough for a user's light check. */
export type ManifestSource = Readonly<Record<ManifestFileKind, Uint8Array>>;

/** A whole bundle. The lists of proofs are read once, in pieces of any size. */
export type BundleSource = Readonly<Record<Exclude<BundleFileKind, BundleListKind>, Uint8Array>> &
  Readonly<Record<BundleListKind, AsyncIterable<Uint8Array>>>;

/** The kinds of files of a `ManifestSource`. */
export const MANIFEST_FILE_KINDS = BUNDLE_FILE_KINDS.filter(
  (kind): kind is ManifestFileKind => PUBLISHED_FILES[kind].isInEveryCheck,
);

/** Whether a source holds the whole bundle. */
export function isBundleSource(source: ManifestSource | BundleSource): source is BundleSource {
  return BUNDLE_FILE_KINDS.every((kind) => kind in source);
}

/** The small public files, wherever they are. @throws what `readWhole` throws. */
export async function openManifestSource(
  readWhole: (kind: ManifestFileKind) => Promise<Uint8Array>,
): Promise<ManifestSource> {
  const read = MANIFEST_FILE_KINDS.map(async (kind) => [kind, await readWhole(kind)] as const);
  return Object.fromEntries(await Promise.all(read)) as ManifestSource;
}

/** The files of a bundle, wherever they are. @throws what `readWhole` throws. */
export async function openBundleSource(
  readWhole: (kind: BundleFileKind) => Promise<Uint8Array>,
  readPieces: (kind: BundleFileKind) => AsyncIterable<Uint8Array>,
): Promise<BundleSource> {
  const read = BUNDLE_FILE_KINDS.map(
    async (kind) => [kind, PUBLISHED_FILES[kind].isList ? readPieces(kind) : await readWhole(kind)] as const,
  );
  return Object.fromEntries(await Promise.all(read)) as unknown as BundleSource;
}
