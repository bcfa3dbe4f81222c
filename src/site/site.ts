import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import {
  BUNDLE_FILES,
  formatManifestHash,
  PUBLISHED_FILES,
  type Manifest,
  type ManifestSignature,
  type Trust,
  encodeJsonLine,
  hashTrust,
  parseTrust,
  requirePath,
  within,
} from '../protocol/index.js';
import {
  createPairing,
  verifyBundle,
  verifyHistory,
  type HistoryEntry,
  type Report,
} from '../verifier/index.js';
import {
  findCeremonyEvidence,
  HISTORY_DIRECTORY,
  loadHistory,
  openBundle,
  loadPublished,
} from '../verifier/node/index.js';
import { SHEET_STYLE, speak, type Language, type ReportedProvenance } from '../presentation/index.js';
import { haveSameFiles, projectRoot, writeDirectoryAtomically } from '../system/index.js';
import { encodeCeremonyEvidence, parseCeremonyEvidence } from '../protocol/ceremony/index.js';
import { refuseSite } from './errors.js';
import { copyFiles, listFiles, loadSigned, type PublishedSnapshot } from './bundle-files.js';
import { loadChain } from './earlier.js';
import { renderIndex } from './render-index.js';
import { copyReserves, loadReserves, RESERVES_DIRECTORY } from './reserves.js';

/**
 * Verifies a bundle as its readers will, with the trust file that they will have. Development keys are let pass: the
 * site says what they are.
 * @param ceremony the evidence of the keys' ceremony, where readers will have it.
 * @returns whether the answer rests on such keys, which can prove anything, and how the keys came to be.
 * @throws SolventError `bundle-not-valid` with the verifier's code.
 */
async function verifyAsReader(
  bundle: string,
  trust: Trust,
  ceremony?: Uint8Array,
): Promise<Pick<Report, 'insecure' | 'provenance'>> {
  const source = await openBundle(bundle);
  const { valid, code, verdict, insecure, provenance } = await verifyBundle(source, trust, {
    pairing: await createPairing(),
    ceremony,
    allowDevelopmentKeys: true,
  });
  if (valid) return { insecure, provenance };
  throw refuseSite('bundle-not-valid', {
    expected: 'a bundle that its readers find valid',
    found: `${code} (${verdict})`,
    details: { code },
  });
}

/**
 * Verifies a site as it was written, before anybody sees it: its history up to this manifest and, with a trust file,
 * its bundle and every earlier one whose proofs it has. Earlier bundles are held to the circuits that their own
 * manifests state, which the history has shown to be the platform’s: they were proven under the trust file of their
 * time.
 * @throws SolventError `bundle-not-valid`; with a `HistoryCode`; of class `format`.
 */
export async function verifyAsWritten(
  site: string,
  { manifest, signature, trust }: { manifest: Manifest; signature: ManifestSignature; trust: Trust | null },
): Promise<void> {
  const history = await loadHistory(join(site, HISTORY_DIRECTORY));
  const lastManifestHash = formatManifestHash(manifest);
  // A site may leave out what was published before: then there is no chain to walk.
  const isWhole = history.manifests.some(
    ({ manifest: { previousManifestHash } }) => previousManifestHash === null,
  );
  const entries: readonly HistoryEntry[] = isWhole
    ? verifyHistory(history, { lastManifestHash, signingKey: signature.publicKey }).entries
    : [];
  if (trust === null) return;
  const trustPath = join(site, PUBLISHED_FILES.trust.fileName);
  await verifyAsReader(join(site, 'bundle'), trust, await findCeremonyEvidence({ trust: trustPath }));
  for (const { manifest: earlier, origin } of history.manifests) {
    if (!(await readdir(origin)).includes(BUNDLE_FILES.proofs)) continue;
    const hash = formatManifestHash(earlier);
    const entry = entries.find(({ manifestHash }) => manifestHash === hash);
    const signingKey = entry?.signingKey ?? signature.publicKey;
    const { platform, profile, indexBits } = earlier;
    const circuits = earlier.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
      ...{ name, parameters, tag, fingerprint, provenance },
    }));
    await verifyAsReader(origin, { ...trust, platform, profile, indexBits, signingKey, circuits });
  }
}

/** Where a site gets what is on it. */
export type SiteSources = {
  /** The directory of a finished run; nothing but the files of its bundle is read. */
  readonly run: string;
  /** A trust file to verify the bundle with and to offer. */
  readonly trust?: string | undefined;
  /** The evidence of the ceremony of the keys, to offer too; by default what lies beside the trust file, where there is some. */
  readonly ceremony?: string | undefined;
  /** The directory of reserves that `solvent reserves publish` wrote for the bundle, to show beside it. */
  readonly reserves?: string | undefined;
  /** Pins of a reader, to verify the reserves with first; they are not published. */
  readonly pins?: string | undefined;
  /** The site that was published before, whose snapshots go on. */
  readonly previous?: string | undefined;
  /** Changes of the signing key since then, as files. */
  readonly rotations?: readonly string[] | undefined;
  /** That a bundle whose manifest names an earlier one is meant to be published without what came before. */
  readonly withoutHistory?: boolean | undefined;
  /** The language of the front page; English by default. */
  readonly language?: Language | undefined;
};

/** What was published, for its platform to announce. */
type PublishedSite = {
  readonly manifestHash: string;
  readonly pageHash: string;
  /** Null where there was no trust file; the bundle was then not verified. */
  readonly trustHash: string | null;
  /** Whether the bundle is valid with development keys only, which can prove anything; null where it was not verified. */
  readonly insecure: boolean | null;
  /** How the keys came to be, as a reader with the site’s files is told; null where the bundle was not verified. */
  readonly provenance: ReportedProvenance | null;
  /** Null where the site shows no reserves. */
  readonly reservesHash: string | null;
  /** The hash of the pins under which the reserves were verified; null where there are none, or nobody verified them. */
  readonly pinsHash: string | null;
  /** The newest first. */
  readonly snapshots: readonly PublishedSnapshot[];
  /** Whether the same site was there already, and nothing was done. */
  readonly wasComplete: boolean;
};

/**
 * Writes a site as a whole or not at all: a front page, the check page with its hash, the bundle, and the snapshots
 * before it. The same run and previous site give the same bytes, and a second call with them finds its work done.
 * @throws SolventError with a `SiteCode` or, for a broken chain, a `HistoryCode`; `directory-exists`,
 * `file-unreadable`, and of class `format`.
 */
export async function publishSite(sources: SiteSources, out: string): Promise<PublishedSite> {
  assertOutside(requirePath(sources.run, 'the run'), requirePath(out, 'the site'));
  const bundle = join(sources.run, 'bundle');
  const signed = await loadSigned(bundle);
  const { manifest } = signed;
  const chain = await loadChain({ ...sources, bundle }, signed);
  const trust = sources.trust === undefined ? null : await loadPublished(sources.trust, parseTrust);
  const ceremony = await loadEvidence(sources, signed.manifest);
  const verified = trust === null ? null : await verifyAsReader(bundle, trust, ceremony);
  if (sources.pins !== undefined && sources.reserves === undefined) {
    throw refuseSite('pins-alone', { expected: 'the reserves that the pins are for', found: 'none' });
  }
  const reserves =
    sources.reserves === undefined
      ? null
      : await loadReserves({ ...sources, directory: sources.reserves, bundle }, signed);
  const page = await loadPage();
  const style = SHEET_STYLE + (await readFile(new URL('./site.css', import.meta.url), 'utf8'));
  const manifestHash = formatManifestHash(manifest);
  const site: Omit<PublishedSite, 'wasComplete'> = {
    manifestHash,
    pageHash: createHash('sha256').update(page).digest('hex'),
    trustHash: trust === null ? null : hashTrust(trust),
    insecure: verified?.insecure ?? null,
    provenance: verified?.provenance ?? null,
    reservesHash: reserves?.reservesHash ?? null,
    pinsHash: reserves?.pinsHash ?? null,
    snapshots: [{ takenAt: manifest.takenAt, manifestHash, directory: 'bundle' }, ...chain.snapshots],
  };
  const front = speak(sources.language ?? 'en', () => renderIndex({ manifest, reserves, ...site }, style));
  const fill = async (directory: string) => {
    await copyFiles(bundle, join(directory, 'bundle'), listFiles(manifest));
    await chain.write(directory);
    if (sources.reserves !== undefined) {
      await copyReserves(sources.reserves, join(directory, RESERVES_DIRECTORY));
    }
    if (trust !== null)
      await writeFile(join(directory, PUBLISHED_FILES.trust.fileName), encodeJsonLine(trust));
    if (ceremony !== undefined) await writeFile(join(directory, PUBLISHED_FILES.ceremony.fileName), ceremony);
    await writeFile(join(directory, 'check.html'), page);
    await writeFile(join(directory, 'check.html.sha256'), `${site.pageHash}  check.html\n`);
    await writeFile(join(directory, 'index.html'), front);
    await verifyAsWritten(directory, { manifest, signature: signed.signature, trust });
  };
  return {
    ...site,
    wasComplete: await writeDirectoryAtomically(out, fill, {
      isRepeat: haveSameFiles,
      kind: 'a published site',
    }),
  };
}

/**
 * The evidence of the ceremony, held to its form: whoever filled the directory of the trust file may have put another file
 * there. Keys of no ceremony have none.
 */
async function loadEvidence(
  { trust, ceremony }: SiteSources,
  { circuits }: Manifest,
): Promise<Uint8Array | undefined> {
  if (ceremony !== undefined && trust === undefined) {
    throw refuseSite('evidence-alone', { expected: 'the trust file that pins the keys', found: 'none' });
  }
  if (!circuits.every(({ provenance }) => provenance.kind === 'ceremony')) return undefined;
  const bytes = await findCeremonyEvidence({ ceremony, trust });
  return bytes && encodeCeremonyEvidence(within('ceremony.json', () => parseCeremonyEvidence(bytes)));
}

async function loadPage(): Promise<Uint8Array> {
  try {
    return await readFile(join(projectRoot(), 'dist', 'web', 'check.html'));
  } catch (cause) {
    throw refuseSite('page-not-built', {
      expected: 'the check page in dist/web/check.html',
      found: 'none',
      cause,
    });
  }
}

/** Whoever serves a directory serves what is in it: a site in the run would have the private part beside it. */
function assertOutside(run: string, out: string): void {
  const below = relative(resolve(run), resolve(out));
  if (below.startsWith('..')) return;
  throw refuseSite('site-inside-run', {
    expected: 'a directory outside the run',
    found: out,
    details: { path: out },
  });
}
