/** What is known of a kind of file that is published, or given to users, but for its schema. */
export type PublishedFile = {
  /** Its name where it is published; null where it has none of its own. */
  readonly fileName: string | null;
  /** What its field `format` says; what a line of it is called where it holds one object a line. */
  readonly format: string;
  /** Bytes of its JSON, or of that of one line. */
  readonly maxBytes: number;
  readonly isList: boolean;
  /** Whether it is in the directory of a bundle. */
  readonly isInBundle: boolean;
  /** Whether a user's own check needs it, or only a check of all proofs. */
  readonly isInEveryCheck: boolean;
  /** Its JSON Schema: the name of that file, and what the file is for a programmer. */
  readonly schema: { readonly name: string; readonly title: string };
  /** What it is for a user, and where they get it. */
  readonly words: { readonly title: string; readonly source: string };
};

/** Bytes of a statement in canonical JSON, which inclusion files carry: some 8,000 lines of positions, or 10,000 of amounts. */
export const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;

/**
 * Every kind of file that leaves a platform, in the order in which a user is asked for them. A new kind begins here;
 * its schema goes into `PUBLISHED_SCHEMAS`.
 */
export const PUBLISHED_FILES = {
  inclusion: {
    fileName: null,
    format: 'solvent/inclusion/v1',
    // 256 KiB besides its statement.
    maxBytes: MAX_STATEMENT_BYTES + 256 * 1024,
    isList: false,
    isInBundle: false,
    isInEveryCheck: true,
    schema: { name: 'inclusion', title: 'An inclusion file: what one user is given, and nobody else' },
    words: {
      title: 'Your inclusion file',
      source: 'From your account at the platform. It shows your balances: keep it to yourself.',
    },
  },
  manifest: {
    fileName: 'manifest.json',
    format: 'solvent/manifest/v1',
    // 1,024 assets and a dozen keys take a few hundred kilobytes.
    maxBytes: 4 * 1024 * 1024,
    isList: false,
    isInBundle: true,
    isInEveryCheck: true,
    schema: {
      name: 'manifest',
      title: 'manifest.json: what a platform states about one snapshot, and signs',
    },
    words: { title: 'The manifest', source: 'manifest.json, from the platform’s public page' },
  },
  signature: {
    fileName: 'manifest.sig.json',
    format: 'solvent/signature/v1',
    maxBytes: 4096,
    isList: false,
    isInBundle: true,
    isInEveryCheck: true,
    schema: { name: 'signature', title: 'manifest.sig.json: the signature of a manifest' },
    words: { title: 'Its signature', source: 'manifest.sig.json, beside it' },
  },
  trust: {
    fileName: 'trust.json',
    format: 'solvent/trust/v1',
    maxBytes: 64 * 1024,
    isList: false,
    isInBundle: false,
    isInEveryCheck: true,
    schema: {
      name: 'trust',
      title: 'A trust file: what a verifier pins, got by another way than the bundle',
    },
    words: { title: 'The trust file', source: 'trust.json, from another place than the manifest' },
  },
  rotation: {
    fileName: null,
    format: 'solvent/rotation/v1',
    maxBytes: 4096,
    isList: false,
    isInBundle: false,
    isInEveryCheck: false,
    schema: {
      name: 'rotation',
      title: 'A rotation: what a platform publishes when its signing key changes, signed by both keys',
    },
    words: { title: 'A change of the signing key', source: 'rotation.json, from the platform’s public page' },
  },
  batches: {
    fileName: 'batches.ndjson',
    format: 'a batch proof',
    maxBytes: 16 * 1024,
    isList: true,
    isInBundle: true,
    isInEveryCheck: false,
    schema: { name: 'batch-proof', title: 'A line of batches.ndjson: the proof of one batch' },
    words: { title: 'All batch proofs', source: 'batches.ndjson' },
  },
  aggregates: {
    fileName: 'aggregates.ndjson',
    format: 'an aggregate proof',
    // With 16 child digests it takes about two kilobytes.
    maxBytes: 16 * 1024,
    isList: true,
    isInBundle: true,
    isInEveryCheck: false,
    schema: { name: 'aggregate-proof', title: 'A line of aggregates.ndjson: the proof of one aggregate' },
    words: { title: 'All aggregate proofs', source: 'aggregates.ndjson' },
  },
} as const satisfies Readonly<Record<string, PublishedFile>>;

/** The name of a kind of published file. */
export type FileKind = keyof typeof PUBLISHED_FILES;

/** The kinds whose property has a value, as a type. */
type KindsWhere<Property extends keyof PublishedFile, Value> = {
  [Kind in FileKind]: (typeof PUBLISHED_FILES)[Kind][Property] extends Value ? Kind : never;
}[FileKind];

/** The kinds of file that a bundle has. */
export type BundleFileKind = KindsWhere<'isInBundle', true>;

/** The lists of a bundle: files that hold one object a line. */
export type BundleListKind = Extract<BundleFileKind, KindsWhere<'isList', true>>;

/** The files of a bundle that every check needs. */
export type ManifestFileKind = Extract<BundleFileKind, KindsWhere<'isInEveryCheck', true>>;

/** All kinds of file. */
export const FILE_KINDS = Object.keys(PUBLISHED_FILES) as readonly FileKind[];

/** The kinds of file that a bundle has, in the order in which they are written. */
export const BUNDLE_FILE_KINDS = FILE_KINDS.filter(
  (kind): kind is BundleFileKind => PUBLISHED_FILES[kind].isInBundle,
);

/** The names of the files of a bundle. */
export const BUNDLE_FILES = Object.fromEntries(
  BUNDLE_FILE_KINDS.map((kind) => [kind, PUBLISHED_FILES[kind].fileName]),
) as { readonly [Kind in BundleFileKind]: (typeof PUBLISHED_FILES)[Kind]['fileName'] };

/** The largest file that is read whole: those that are lists are read line by line. */
export const MAX_PUBLISHED_BYTES = Math.max(
  ...FILE_KINDS.map((kind) => PUBLISHED_FILES[kind])
    .filter(({ isList }) => !isList)
    .map(({ maxBytes }) => maxBytes),
);
