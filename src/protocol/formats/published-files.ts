import {
  MAX_ENTRY_BYTES,
  MAX_EVIDENCE_LINE_BYTES,
  MAX_PINS_BYTES,
  MAX_RESERVES_BYTES,
} from '../reserves/primitives.js';

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
  /** Its JSON Schema: the name of that file, and what the file is for a programmer. */
  readonly schema: { readonly name: string; readonly title: string };
  /** What it is for a user, and where they get it. */
  readonly words: { readonly title: string; readonly source: string };
};

/** What the field `format` of a verifier's report says: what is made of a report by other programs reads it. */
export const REPORT_FORMAT = 'solvent/report/v2';

/** Bytes of a statement in canonical JSON: some 8,000 lines of positions, or 10,000 of amounts. */
export const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;

/** Bytes of an inclusion file besides its statement. */
export const MAX_BARE_INCLUSION_BYTES = 8 * 1024 * 1024;

/**
 * Every kind of file that leaves a platform, in the order in which a user is asked for them. A new kind begins here;
 * its schema goes into `PUBLISHED_SCHEMAS`.
 */
export const PUBLISHED_FILES = {
  inclusion: {
    fileName: null,
    format: 'solvent/inclusion/v2',
    maxBytes: MAX_STATEMENT_BYTES + MAX_BARE_INCLUSION_BYTES,
    isList: false,
    isInBundle: false,
    schema: { name: 'inclusion', title: 'An inclusion file: what one user is given, and nobody else' },
    words: {
      title: 'Your inclusion file',
      source: 'From your account at the platform. It shows your balances: keep it to yourself.',
    },
  },
  manifest: {
    fileName: 'manifest.json',
    format: 'solvent/manifest/v2',
    // 1,024 assets and a dozen keys take a few hundred kilobytes.
    maxBytes: 4 * 1024 * 1024,
    isList: false,
    isInBundle: true,
    schema: {
      name: 'manifest',
      title: 'manifest.json: what a platform states about one snapshot, and signs',
    },
    words: { title: 'The manifest', source: 'manifest.json, from the platform’s public page' },
  },
  signature: {
    fileName: 'manifest.sig.json',
    format: 'solvent/signature/v2',
    maxBytes: 4096,
    isList: false,
    isInBundle: true,
    schema: { name: 'signature', title: 'manifest.sig.json: the signature of a manifest' },
    words: { title: 'Its signature', source: 'manifest.sig.json, beside it' },
  },
  trust: {
    fileName: 'trust.json',
    format: 'solvent/trust/v2',
    maxBytes: 64 * 1024,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'trust',
      title: 'A trust file: what a verifier pins, got by another way than the bundle',
    },
    words: { title: 'The trust file', source: 'trust.json, from another place than the manifest' },
  },
  ceremony: {
    fileName: 'ceremony.json',
    format: 'solvent/ceremony-evidence/v1',
    // A contribution to one key takes about a kilobyte.
    maxBytes: 8 * 1024 * 1024,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'ceremony',
      title: 'ceremony.json: what shows how many contributions made the keys, and whose signed ones',
    },
    words: {
      title: 'The ceremony of the keys',
      source: 'ceremony.json, from the platform’s public page, where the keys are of a ceremony',
    },
  },
  rotation: {
    fileName: null,
    format: 'solvent/rotation/v1',
    maxBytes: 4096,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'rotation',
      title: 'A rotation: what a platform publishes when its signing key changes, signed by both keys',
    },
    words: { title: 'A change of the signing key', source: 'rotation.json, from the platform’s public page' },
  },
  registryEvidence: {
    fileName: 'registry.json',
    format: 'solvent/registry-evidence/v1',
    // A header and some 40 nodes of 532 bytes, in hexadecimal, with room.
    maxBytes: 512 * 1024,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'registry-evidence',
      title: 'registry.json: what the state of a registry says of one instant',
    },
    words: { title: 'The registry’s evidence', source: 'registry.json, beside the bundle' },
  },
  logEntry: {
    fileName: null,
    format: 'solvent/log-entry/v1',
    maxBytes: 4096,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'log-entry',
      title: 'An entry of a transparency log, for one manifest',
    },
    words: { title: 'The log’s entry', source: 'made again from the manifest: nobody is asked for it' },
  },
  commitments: {
    fileName: 'commitments.ndjson',
    format: 'a commitment of a batch',
    // Two integers of 77 digits and a name.
    maxBytes: 512,
    isList: true,
    isInBundle: true,
    schema: {
      name: 'batch-commitment',
      title: 'A line of commitments.ndjson: what the manifest pins of one batch',
    },
    words: { title: 'The commitments', source: 'commitments.ndjson, beside the manifest' },
  },
  weights: {
    fileName: 'weights.json',
    format: 'weighted totals',
    // Points of 2 * 1,024 codes and one, at 46 bytes each.
    maxBytes: 128 * 1024,
    isList: false,
    isInBundle: true,
    schema: {
      name: 'weights',
      title: 'weights.json: the weighted totals of a run with margin batches',
    },
    words: { title: 'The weighted totals', source: 'weights.json, beside the manifest, where there is one' },
  },
  proofs: {
    fileName: 'proofs.ndjson',
    format: 'a proof of a batch',
    // A proof, and up to 1,024 values of 43 bytes.
    maxBytes: 48 * 1024,
    isList: true,
    isInBundle: true,
    schema: { name: 'batch-proof', title: 'A line of proofs.ndjson: the proof of one batch' },
    words: { title: 'All proofs', source: 'proofs.ndjson, beside the manifest' },
  },
  reserves: {
    fileName: 'reserves.json',
    format: 'solvent/reserves/v1',
    maxBytes: MAX_RESERVES_BYTES,
    isList: false,
    isInBundle: false,
    schema: { name: 'reserves', title: 'reserves.json: what a platform states that it holds, and signs' },
    words: { title: 'The reserves', source: 'reserves.json, from the platform’s public page' },
  },
  reserveEntries: {
    fileName: 'entries.ndjson',
    format: 'an entry of reserves',
    maxBytes: MAX_ENTRY_BYTES,
    isList: true,
    isInBundle: false,
    schema: {
      name: 'reserves-entry',
      title: 'A line of entries.ndjson: one amount of one asset in one place',
    },
    words: { title: 'What is held', source: 'entries.ndjson, beside the reserves' },
  },
  reserveEvidence: {
    fileName: 'evidence.ndjson',
    format: 'evidence of reserves',
    maxBytes: MAX_EVIDENCE_LINE_BYTES,
    isList: true,
    isInBundle: false,
    schema: {
      name: 'reserves-evidence',
      title: 'A line of evidence.ndjson: what shows who controls it',
    },
    words: { title: 'Who controls it', source: 'evidence.ndjson, beside the reserves' },
  },
  pins: {
    fileName: 'pins.json',
    format: 'solvent/pins/v1',
    maxBytes: MAX_PINS_BYTES,
    isList: false,
    isInBundle: false,
    schema: {
      name: 'pins',
      title:
        'A pins file: the blocks, tokens, wallet contracts and custodians that a reader of reserves believes',
    },
    words: { title: 'Your pins', source: 'pins.json, made by yourself or by somebody whom you believe' },
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
