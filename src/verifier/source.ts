/** The small public files: enough for a user's light check. */
export type ManifestSource = {
  /** `manifest.json`. */
  readonly manifest: Uint8Array;
  /** `manifest.sig.json`. */
  readonly signature: Uint8Array;
};

/** A whole bundle. The lists of proofs are read once, in pieces of any size. */
export type BundleSource = ManifestSource & {
  /** `batches.ndjson`. */
  readonly batches: AsyncIterable<Uint8Array>;
  /** `aggregates.ndjson`. */
  readonly aggregates: AsyncIterable<Uint8Array>;
};

/** Whether a source holds the whole bundle. */
export function isBundleSource(source: ManifestSource | BundleSource): source is BundleSource {
  return 'batches' in source && 'aggregates' in source;
}
