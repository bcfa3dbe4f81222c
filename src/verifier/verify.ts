import {
  formatManifestHash,
  hashTrust,
  normalizeName,
  SolventError,
  type InclusionFile,
  type Trust,
} from '../protocol/index.js';
import { Checklist, type Conclusion } from './checklist.js';
import {
  checkHoldings,
  checkLayers,
  checkLeaf,
  checkLines,
  checkPathInBundle,
  checkUser,
} from './checks/inclusion.js';
import { checkProvenance, inspectKeys, matchCircuits } from './checks/keys.js';
import {
  verifyBundleProofs,
  verifyOtherPathProofs,
  verifyPathProofs,
  type VerifiedProofs,
} from './checks/proofs.js';
import {
  matchSnapshot,
  readInclusion,
  readManifest,
  readProofs,
  type BundleProofs,
} from './checks/reading.js';
import { checkSignature, compareManifestHash, comparePreviousHash } from './checks/signature.js';
import { derivePrices, type Claim } from './checks/claim.js';
import { compareTrustHash } from './checks/trust-hash.js';
import { checkTotals } from './checks/totals.js';
import { checkTree } from './checks/tree.js';
import { miss } from './failure.js';
import type { PairingBackend } from './pairing/backend.js';
import { composeReport, type Report } from './report.js';
import { isBundleSource, type BundleSource, type ManifestSource } from './source.js';
import {
  BUNDLE_PLAN,
  FILE_OF_BUNDLE_PLAN,
  FULL_INCLUSION_PLAN,
  LIGHT_INCLUSION_PLAN,
  WHOLE_BUNDLE,
} from './steps.js';

/** What every verification is told by its caller. */
export type VerifyOptions = {
  readonly pairing: PairingBackend;
  /** Whether keys of a development setup are accepted, which makes every answer INSECURE. */
  readonly allowDevelopmentKeys?: boolean | undefined;
  /** The manifest hash from a public place, 64 hexadecimal digits in lower case. */
  readonly manifestHash?: string | undefined;
  /** The hash of the manifest that was published before this one. */
  readonly previousManifestHash?: string | undefined;
  /** The hash of the trust file from a public place, as `trust show` prints it. */
  readonly trustHash?: string | undefined;
};

/** What a user's own verification is told besides. */
export type InclusionOptions = VerifyOptions & {
  /** The id as its user knows it, never one that was read from the file. */
  readonly userId: string;
};

/**
 * Verifies a bundle: all checks of section 6 of the protocol but those of one user.
 * @throws SolventError `manifest-hash-malformed` (usage), what the source throws where it cannot be read, and
 * errors of class `invariant`; what is wrong with the bundle is in the report and never thrown.
 */
export async function verifyBundle(
  source: BundleSource,
  trust: Trust | undefined,
  options: VerifyOptions,
): Promise<Report> {
  const { report } = await checkBundle(source, trust, options);
  return report;
}

/** A bundle that is valid: what the inclusion files of its users are held to. */
export type CheckedBundle = { readonly claim: Claim; readonly proofs: BundleProofs };

/** Verifies a bundle as `verifyBundle` does, and where it is valid gives what was read of it. */
export async function checkBundle(
  source: BundleSource,
  trust: Trust | undefined,
  options: VerifyOptions,
): Promise<{ readonly report: Report; readonly bundle?: CheckedBundle }> {
  const checks = new Checklist(BUNDLE_PLAN);
  const found: { bundle?: CheckedBundle } = {};
  const conclusion = await checks.conclude(async () => {
    // 6.1 Schema, version and ranges; nothing unknown, missing or doubled; one circuit set.
    const signed = await checks.make('manifest', () => readManifest(source));
    // 6.2 to 6.4 Signature, keys and prices.
    const claim = await checkClaim(checks, signed, trust, options);
    // 6.5 Every proof, read only now that somebody answers for it, under the key of its own circuit, over signals made here.
    const proofs = await checks.make('proofs-read', () => readProofs(source, signed.manifest));
    await checks.make('proofs', () => verifyBundleProofs(claim, proofs, options.pairing));
    // 6.6 The tree, from the top.
    const top = await checks.make('tree', () => checkTree(claim, proofs));
    // 6.7 The top opens to the stated totals.
    await checks.make('totals', () => checkTotals(claim, top));
    found.bundle = { claim, proofs };
  });
  const report = composeReport({ subject: 'bundle', depth: 'full' }, checks, conclusion);
  return report.valid ? { report, ...found } : { report };
}

/**
 * Verifies one user's inclusion file: against the whole bundle, or lightly against the manifest alone, by the
 * kind of source. Without a source nothing can be said.
 * @throws SolventError as `verifyBundle`, and `name-…` (usage) where the given id is none.
 */
export async function verifyInclusion(
  fileBytes: Uint8Array,
  source: ManifestSource | BundleSource | undefined,
  trust: Trust | undefined,
  options: InclusionOptions,
): Promise<Report> {
  const userId = parseUserId(options.userId);
  const bundle = source !== undefined && isBundleSource(source) ? source : undefined;
  const checks = new Checklist(bundle === undefined ? LIGHT_INCLUSION_PLAN : FULL_INCLUSION_PLAN);
  if (bundle === undefined) skipWholeBundle(checks);
  checks.findings.trustHash = trust === undefined ? null : hashTrust(trust);
  const conclusion = await checks.conclude(async () => {
    // 6.1 Schema, version and ranges; the files belong together.
    const file = await checks.make('inclusion-file', () => readInclusion(fileBytes));
    const signed = await checks.make('manifest', () => readManifest(requireSource(source)));
    await checks.make('snapshot', () => matchSnapshot(file, signed.manifest));
    // 6.2 to 6.4 Signature, keys and prices.
    const claim = await checkClaim(checks, signed, trust, options);
    // 6.5 All proofs of the bundle, and those of the file, which may be other proofs of the same digests.
    const proofs = bundle && (await checks.make('proofs-read', () => readProofs(bundle, signed.manifest)));
    if (proofs) await checks.make('proofs', () => verifyBundleProofs(claim, proofs, options.pairing));
    await checks.make('path-proofs', () => verifyPathProofs(claim, file, options.pairing));
    // 6.6 The tree of the bundle; the user's way through it.
    if (proofs) await checks.make('tree', () => checkTree(claim, proofs));
    const top = await checks.make('layers', () => checkLayers(claim, file));
    // 6.7 The top opens to the stated totals.
    await checks.make('totals', () => checkTotals(claim, top));
    // 6.8 The user: the id that they gave, their holdings and what they are the sum of, their leaf, up to the same top.
    await checks.make('user', () => checkUser(file, userId));
    await checkRow(checks, { claim, file, userId });
    if (proofs) await checks.make('path-in-bundle', () => checkPathInBundle(file, proofs));
    checks.findings.holdings = file.holdings;
    checks.findings.lines = file.statement?.lines ?? null;
  });
  return composeReport({ subject: 'inclusion', depth: bundle ? 'full' : 'light' }, checks, conclusion);
}

/** 6.8: a user's line, and that it is a row of the batch. */
async function checkRow(
  checks: Checklist,
  { claim, file, userId }: { readonly claim: Claim; readonly file: InclusionFile; readonly userId: string },
): Promise<void> {
  const row = await checks.make('holdings', () => checkHoldings(claim, file));
  const statementHash = await checks.make('lines', () => checkLines(claim, file, row));
  await checks.make('leaf', () => checkLeaf(claim, file, { ...row, userId, statementHash }));
}

/** How one inclusion file of a checked bundle ended. */
export type FileVerdict = {
  readonly conclusion: Conclusion;
  /** The batch and row that the file is about, which no other file may be; undefined unless it is valid. */
  readonly row?: string;
};

/**
 * Verifies one inclusion file against a bundle that was found valid, as its platform may: for the id that stands in
 * the file, which its user would type. Proofs that are those of the bundle are not verified again.
 */
export async function verifyFileOfBundle(
  { claim, verified, proofs }: CheckedBundle & { readonly verified: VerifiedProofs },
  fileBytes: Uint8Array,
  pairing: PairingBackend,
): Promise<FileVerdict> {
  const checks = new Checklist(FILE_OF_BUNDLE_PLAN);
  const found: { row?: string } = {};
  const conclusion = await checks.conclude(async () => {
    // 6.1 The file's form; it is of this bundle.
    const file = await checks.make('inclusion-file', () => readInclusion(fileBytes));
    await checks.make('snapshot', () => matchSnapshot(file, claim.manifest));
    // 6.5 The proofs of the file that are not the bundle's.
    await checks.make('path-proofs', () => verifyOtherPathProofs(claim, file, { verified, pairing }));
    // 6.6 The way to the top.
    await checks.make('layers', () => checkLayers(claim, file));
    // 6.8 The line of the id that stands in the file.
    await checkRow(checks, { claim, file, userId: file.userId });
    await checks.make('path-in-bundle', () => checkPathInBundle(file, proofs));
    found.row = `${file.batch.digest} ${file.position}`;
  });
  return conclusion.outcome === 'valid' ? { conclusion, ...found } : { conclusion };
}

/** 6.2 to 6.4: what the manifest says, and whether it is what the caller pinned. */
async function checkClaim(
  checks: Checklist,
  signed: Parameters<typeof checkSignature>[0],
  trust: Trust | undefined,
  { pairing, allowDevelopmentKeys = false, manifestHash, previousManifestHash, trustHash }: VerifyOptions,
): Promise<Claim> {
  const { manifest } = signed;
  const { findings } = checks;
  findings.trustHash = trust === undefined ? null : hashTrust(trust);
  findings.manifestHash = formatManifestHash(manifest);
  findings.manifestHashCompared = manifestHash !== undefined;
  // 6.2 The manifest hash as others were shown it; the signature under the pinned key.
  if (manifestHash === undefined)
    checks.skip('manifest-hash', 'not compared with what others were shown: bring a hash');
  else await checks.make('manifest-hash', () => compareManifestHash(manifest, manifestHash));
  if (previousManifestHash === undefined)
    checks.skip('previous-manifest', 'not compared: no previous hash was brought');
  else await checks.make('previous-manifest', () => comparePreviousHash(manifest, previousManifestHash));
  await checkTrustHash(checks, trust, trustHash);
  const pinned = await checks.make('signature', () => checkSignature(signed, trust));
  // 6.3 Each key is the pinned one, sound, and not from a development setup unless that is allowed by name.
  const circuits = await checks.make('circuits', () => matchCircuits(manifest, pinned));
  await checks.make('keys', () => inspectKeys(circuits, pairing));
  const { insecure } = await checks.make('provenance', () => checkProvenance(circuits, allowDevelopmentKeys));
  findings.insecure = insecure;
  findings.manifest = manifest;
  // 6.4 The price table.
  return checks.make('prices', () => derivePrices(manifest, circuits));
}

/** 6.2: the trust file, where there is one; that there is one is the next check's to say. */
async function checkTrustHash(
  checks: Checklist,
  trust: Trust | undefined,
  expected: string | undefined,
): Promise<void> {
  checks.findings.trustHashCompared = trust !== undefined && expected !== undefined;
  if (expected === undefined) {
    checks.skip('trust-hash', 'not compared: no hash of a trust file was brought');
  } else if (trust === undefined) {
    checks.skip('trust-hash', 'not compared: a hash was brought, and no trust file');
  } else await checks.make('trust-hash', () => compareTrustHash(trust, expected));
}

function requireSource(source: ManifestSource | undefined): ManifestSource {
  if (source === undefined) throw miss('manifest-missing', 'expected a manifest or a bundle, got none');
  return source;
}

function skipWholeBundle(checks: Checklist): void {
  for (const step of WHOLE_BUNDLE) {
    checks.skip(step, 'not made: it needs the whole bundle');
  }
}

/** The given id, trimmed and in NFC as it is hashed. */
function parseUserId(text: string): string {
  try {
    return normalizeName(text);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    throw new SolventError('usage', error.code, error.message);
  }
}
