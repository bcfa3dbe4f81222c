import {
  formatManifestHash,
  hashTrust,
  within,
  parseUserId,
  parseFieldElement,
  type BatchProof,
  type Challenges,
  type Commitment,
  type Holding,
  type InclusionContext,
  type Manifest,
  type Trust,
} from '../protocol/index.js';
import type { PublishedValuation } from '../protocol/valuation/index.js';
import type { Pins } from '../protocol/reserves/index.js';
import { Checklist, type Comparison, type Conclusion } from './checklist.js';
import { deriveClaim, deriveListing, type Believed, type Claim } from './checks/claim.js';
import { checkListedRows, checkProvenRows, readInclusion, type OpenedGroups } from './checks/inclusion.js';
import { parseCeremonyEvidence } from '../protocol/ceremony/index.js';
import { verifyCeremonyEvidence } from './ceremony/evidence.js';
import { checkProvenance, inspectKeys, matchCircuits, type TrustedCircuit } from './checks/keys.js';
import { readCommitments, readProofs } from './checks/lines.js';
import { checkLog } from './checks/log.js';
import { readManifest, type SignedManifest } from './checks/manifest.js';
import {
  checkInstant,
  checkSignature,
  compareManifestHash,
  comparePreviousHash,
  compareTrustHash,
} from './checks/origin.js';
import { verifyProofs } from './checks/proofs.js';
import { checkRegistry } from './checks/registry.js';
import { checkCover, checkTotals } from './checks/sums.js';
import { miss } from './failure.js';
import type { PairingBackend } from './pairing/backend.js';
import { composeReport, type Report } from './report.js';
import type { BundleSource } from './source.js';
import { describeComparisons, phraseCeremony } from './words.js';
import { BUNDLE_PLAN, FILE_OF_BUNDLE_PLAN, INCLUSION_PLAN, OWN_ROWS_PLAN } from './steps.js';

/** What every verification is told by its caller. */
export type VerifyOptions = {
  readonly pairing: PairingBackend;
  /** Whether keys of a development setup are accepted, which makes every answer INSECURE. */
  readonly allowDevelopmentKeys?: boolean | undefined;
  /** The manifest hash from a public place, 64 hexadecimal digits in lower case. */
  readonly manifestHash?: string | undefined;
  /** The hash of the manifest that was published before this one. */
  readonly previousManifestHash?: string | undefined;
  /** What shows that others were shown the same manifest, held to the reader’s own pins. */
  readonly publication?: PublicationOptions | undefined;
  /** The reader’s now, in milliseconds since 1970 UTC; that of this machine, unless it is given. */
  readonly nowMs?: number | undefined;
  /** The hash of the trust file from a public place, as `trust show` prints it. */
  readonly trustHash?: string | undefined;
  /** The bytes of `ceremony.json`, wherever they are from: they are held to the pinned keys. */
  readonly ceremony?: Uint8Array | undefined;
  /** Keys of contributors that the caller knows, in hexadecimal: how many of them took part is counted. */
  readonly signers?: readonly string[] | undefined;
  /** Whether keys whose ceremony is stated and not shown leave the answer unverifiable. */
  readonly requireCeremony?: boolean | undefined;
  /** Called as proofs are verified, which takes the most time. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
};

/** Ways to compare a manifest with what others were shown, besides a hash. */
export type PublicationOptions = {
  /** The bytes of registry evidence. */
  readonly registry?: Uint8Array | undefined;
  /** The bytes of a log’s proof. */
  readonly log?: Uint8Array | undefined;
  readonly pins?: Pins | undefined;
  /** Whether an answer without any such comparison is unverifiable. */
  readonly isRequired?: boolean | undefined;
};

/** What a user's own verification is told besides. */
export type InclusionOptions = VerifyOptions & {
  /** The id as its user knows it, never one that was read from the file. */
  readonly userId: string;
  /** Leaves out the proofs of others: quicker, and never valid. */
  readonly ownRowsOnly?: boolean | undefined;
};

/**
 * Verifies a bundle: checks 1 to 8 of section 8 of the protocol, over all lines. What is wrong with the bundle is in the
 * report and never thrown.
 * @throws SolventError `manifest-hash-malformed` (usage), what the source throws where it cannot be read, and
 * errors of class `invariant`.
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
export type CheckedBundle = { readonly claim: Claim; readonly proofs: readonly BatchProof[] };

/** Verifies a bundle as `verifyBundle` does, and where it is valid gives what was read of it. */
export async function checkBundle(
  source: BundleSource,
  trust: Trust | undefined,
  options: VerifyOptions,
): Promise<{ readonly report: Report; readonly bundle?: CheckedBundle }> {
  const checks = new Checklist(BUNDLE_PLAN);
  const found: { bundle?: CheckedBundle } = {};
  const conclusion = await checks.conclude(async () => {
    // 1 to 5: form, origin, keys, prices and commitments.
    const claim = await checkClaim(checks, { source, trust, options });
    // 1: the proofs, read only now that somebody answers for them.
    const proofs = await checks.make('proof-lines', () => readProofs(source, claim.manifest));
    // 6 to 8: proofs, totals and cover.
    await checkAllProofs(checks, claim, { proofs, options });
    found.bundle = { claim, proofs };
  });
  const report = composeReport('bundle', checks, conclusion);
  return report.valid ? { report, ...found } : { report };
}

/**
 * Verifies one user's inclusion file against the whole bundle: checks 1 to 8, and U1 to U11.
 * @throws SolventError as `verifyBundle`, and `user-id-malformed` (usage) where the given id is none.
 */
export async function verifyInclusion(
  fileBytes: Uint8Array,
  source: BundleSource | undefined,
  trust: Trust | undefined,
  options: InclusionOptions,
): Promise<Report> {
  const userId = parseUserId(options.userId);
  const { ownRowsOnly = false } = options;
  const checks = new Checklist(ownRowsOnly ? OWN_ROWS_PLAN : INCLUSION_PLAN);
  checks.findings.trustHash = trust === undefined ? null : hashTrust(trust);
  const conclusion = await checks.conclude(async () => {
    // 1: the form of the user's file.
    const file = await checks.make('inclusion-file', () => readInclusion(fileBytes));
    // 1 to 5 of the bundle.
    const claim = await checkClaim(checks, { source, trust, options });
    // U1 to U7: the rows are this user's, and in the lists that the manifest pins.
    const listed = await checkListedRows(checks, file, contextOf(claim, userId));
    // U8: checks 1 to 8 over all lines; without those of others it is left out, and nothing is valid.
    const proofs = await checks.make('proof-lines', () => readProofs(requireSource(source), claim.manifest));
    if (ownRowsOnly) {
      const own = file.batches.map(({ batch }) => batch);
      await checks.make('own-proofs', () => verifyProofs(claim, proofs, options, own));
    } else await checkAllProofs(checks, claim, { proofs, options });
    // U9 to U11: the rows are those that the proofs count, and add up to the statement, whose lines follow from what they state.
    const { challenges, manifest: published } = claim;
    checks.findings.holdings = await checkProvenRows(checks, listed, {
      ...{ challenges, proofs, published, totals: published.totals },
      isReconciled: published.reconciliation !== null,
    });
    checks.findings.lines = file.statement?.lines ?? null;
    if (ownRowsOnly) await checks.make('proofs', missOtherProofs);
  });
  return composeReport('inclusion', checks, conclusion);
}

/** How one inclusion file of a checked bundle ended. */
export type FileVerdict = {
  readonly conclusion: Conclusion;
  /** The batches and rows that the file is about, which no other file may be; empty unless it is valid. */
  readonly rows: readonly string[];
  /** What its user holds and owes; empty unless it is valid. */
  readonly holdings: readonly Holding[];
};

/** What the inclusion files of many users are held to, made once of a checked bundle. Threads can be sent it. */
export type FileContext = Omit<InclusionContext, 'userId' | 'commitmentAt'> & {
  readonly commitments: readonly Commitment[];
  readonly challenges: Pick<Challenges, 'rho'>;
  readonly proofs: readonly Pick<BatchProof, 'z'>[];
  readonly published: PublishedValuation;
  readonly isReconciled: boolean;
  readonly totals: Manifest['totals'];
};

/** What a checked bundle holds inclusion files to: nothing of it comes from such a file. */
export function contextOfBundle({ claim, proofs }: CheckedBundle): FileContext {
  const { manifest, manifestHash, prices, challenges } = claim;
  const { platform, assets, quote, takenAt, maxMarkAgeMs } = manifest;
  return {
    platform,
    manifestHash,
    assets,
    published: { assets, quote, takenAt, maxMarkAgeMs },
    isReconciled: manifest.reconciliation !== null,
    totals: manifest.totals,
    prices,
    commitments: listCommitments(claim),
    challenges: { rho: challenges.rho },
    proofs: proofs.map(({ z }) => ({ z })),
  };
}

/**
 * Verifies one inclusion file against a bundle that was found valid, as its platform may: for the id that stands in
 * the file, which its user would type.
 * @param opened what was found of the groups of other files of this bundle, and then of this one's.
 */
export async function verifyFileOfBundle(
  context: FileContext,
  fileBytes: Uint8Array,
  opened?: OpenedGroups,
): Promise<FileVerdict> {
  const checks = new Checklist(FILE_OF_BUNDLE_PLAN);
  let rows: readonly string[] = [];
  let holdings: readonly Holding[] = [];
  const conclusion = await checks.conclude(async () => {
    const file = await checks.make('inclusion-file', () => readInclusion(fileBytes));
    const commitmentAt = (batch: number) => context.commitments[batch];
    const listed = await checkListedRows(checks, file, { ...context, userId: file.userId, commitmentAt });
    holdings = await checkProvenRows(checks, listed, context, opened);
    rows = file.parts.map(({ batch, row }) => `${batch}/${row}`);
  });
  return conclusion.outcome === 'valid'
    ? { conclusion, rows, holdings }
    : { conclusion, rows: [], holdings: [] };
}

type Run = {
  readonly source: BundleSource | undefined;
  readonly trust: Trust | undefined;
  readonly options: VerifyOptions;
};

/** 1 to 5: what the bundle says, and whether it is what the caller pinned. */
async function checkClaim(checks: Checklist, run: Run): Promise<Claim> {
  const { trust, options } = run;
  // 1: the form of the manifest.
  const signed = await checks.make('manifest', () => readManifest(requireSource(run.source)));
  const { manifest } = signed;
  // 2: the manifest hash as others were shown it; the platform, and the signature under the pinned key.
  const pinned = await checkOrigin(checks, signed, { trust, options });
  // 3: each key is the pinned one, sound, and not from a development setup unless that is allowed by name.
  const circuits = await checks.make('circuits', () => matchCircuits(manifest, pinned));
  await checks.make('keys', () => inspectKeys(circuits, options.pairing));
  const { insecure } = await checks.make('provenance', () =>
    checkProvenance(circuits, options.allowDevelopmentKeys ?? false),
  );
  checks.findings.insecure = insecure;
  await checkCeremony(checks, circuits, options);
  checks.findings.manifest = manifest;
  // 4: the price table.
  const listing = await checks.make('prices', () => deriveListing(manifest));
  const believed: Believed = { ...listing, manifest, circuits };
  // 1 and 5: the commitments, read only now that somebody answers for them, and the challenges that they fix.
  const lines = await checks.make('commitment-lines', () =>
    readCommitments(requireSource(run.source), manifest),
  );
  return checks.make('commitments', () => deriveClaim(believed, lines));
}

/** 3: that the keys are of a ceremony, where its evidence was brought. */
async function checkCeremony(
  checks: Checklist,
  circuits: readonly TrustedCircuit[],
  { pairing, ceremony, signers, requireCeremony = false }: VerifyOptions,
): Promise<void> {
  const isCeremony = circuits.every(({ provenance }) => provenance.kind === 'ceremony');
  if (ceremony !== undefined && isCeremony) {
    checks.findings.ceremony = await checks.make('ceremony', async () => {
      const evidence = within('ceremony.json', () => parseCeremonyEvidence(ceremony));
      const shown = await verifyCeremonyEvidence(evidence, circuits, { pairing, pinnedSigners: signers });
      return { value: shown, compared: phraseCeremony(shown) };
    });
  } else if (requireCeremony) {
    await checks.make('ceremony', () => {
      const found = isCeremony ? 'its statement alone' : 'keys that are not of a ceremony';
      throw miss('ceremony-not-shown', `expected evidence of the ceremony, got ${found}`);
    });
  } else {
    checks.skip(
      'ceremony',
      isCeremony
        ? 'stated, not shown: no evidence of the ceremony was brought'
        : 'not made: the keys are of no ceremony',
    );
  }
}

/** 2: hashes from public places, and the signature. */
async function checkOrigin(
  checks: Checklist,
  signed: SignedManifest,
  { trust, options }: Pick<Run, 'trust' | 'options'>,
): Promise<Trust> {
  const { manifest } = signed;
  const { findings } = checks;
  const { manifestHash, previousManifestHash, trustHash } = options;
  findings.manifestHash = formatManifestHash(manifest);
  findings.manifestHashCompared = manifestHash !== undefined;
  findings.trustHash = trust === undefined ? null : hashTrust(trust);
  findings.trustHashCompared = trust !== undefined && trustHash !== undefined;
  if (manifestHash === undefined) checks.skip('manifest-hash', describeOpenHash(options.publication));
  else await checks.make('manifest-hash', () => compareManifestHash(manifest, manifestHash));
  if (previousManifestHash === undefined)
    checks.skip('previous-manifest', 'not compared: no previous hash was brought');
  else await checks.make('previous-manifest', () => comparePreviousHash(manifest, previousManifestHash));
  if (trustHash === undefined) checks.skip('trust-hash', 'not compared: no hash of a trust file was brought');
  else if (trust === undefined)
    checks.skip('trust-hash', 'not compared: a hash was brought, and no trust file');
  else await checks.make('trust-hash', () => compareTrustHash(trust, trustHash));
  const pinned = await checks.make('signature', () => checkSignature(signed, trust));
  await checkPublication(checks, signed, options);
  await checks.make('instant', () => checkInstant(manifest, options.nowMs ?? Date.now()));
  return pinned;
}

/** Without a hash: whether another way to compare was brought. */
function describeOpenHash({ registry, log }: PublicationOptions = {}): string {
  return registry === undefined && log === undefined
    ? 'not compared with what others were shown: bring a hash'
    : 'not needed: no hash was brought, and another way to compare was';
}

/** 2: what others were shown, by registry and log. */
async function checkPublication(
  checks: Checklist,
  { manifest, signature }: SignedManifest,
  { publication = {} }: VerifyOptions,
): Promise<void> {
  const { registry, log, pins, isRequired = false } = publication;
  const { findings } = checks;
  const manifestHash = findings.manifestHash!;
  const comparedBy: Comparison[] = findings.manifestHashCompared ? ['hash'] : [];
  if (registry === undefined) {
    const open = log === undefined ? 'not compared' : 'not needed beside the log';
    checks.skip('registry', `${open}: no evidence of a registry was brought`);
  } else {
    findings.registered = await checks.make('registry', () =>
      checkRegistry({ manifest, manifestHash }, { evidence: registry, pins }),
    );
    comparedBy.push('registry');
  }
  if (log === undefined) {
    const open = registry === undefined ? 'not compared' : 'not needed beside the registry';
    checks.skip('log', `${open}: no proof of a log was brought`);
  } else {
    const logged = { manifest, manifestHash, signingKey: signature.publicKey };
    await checks.make('log', () => checkLog(logged, { proof: log, pins }));
    comparedBy.push('log');
  }
  findings.comparedBy = comparedBy;
  if (comparedBy.length > 0) {
    await checks.make('published', () => ({ value: undefined, compared: describeComparisons(comparedBy) }));
  } else if (isRequired) {
    await checks.make('published', () => {
      throw miss('not-published', 'expected a hash, a registry or a log to compare with, got none');
    });
  } else
    checks.skip('published', 'not compared: bring a hash, the evidence of a registry or the proof of a log');
}

/** 6 to 8, over all lines. */
async function checkAllProofs(
  checks: Checklist,
  claim: Claim,
  { proofs, options }: { readonly proofs: readonly BatchProof[]; readonly options: VerifyOptions },
): Promise<void> {
  await checks.make('proofs', () => verifyProofs(claim, proofs, options));
  await checks.make('totals', () => checkTotals(claim, proofs));
  await checks.make('cover', () => checkCover(claim, proofs, options.pairing));
}

/** What a user's rows are held to: nothing of it comes from their file. */
function contextOf(claim: Claim, userId: string): InclusionContext {
  const { manifest, manifestHash, prices } = claim;
  const { platform, assets } = manifest;
  const commitments = listCommitments(claim);
  return {
    ...{ platform, userId, manifestHash, assets, prices },
    commitmentAt: (batch) => commitments[batch],
  };
}

/** The commitments under the pinned layouts of their circuits. */
function listCommitments({ circuits, commitments }: Claim): Commitment[] {
  return commitments.map(({ circuitIndex, list }) => ({
    layout: circuits[circuitIndex]!.parameters,
    list: parseFieldElement(list),
  }));
}

function missOtherProofs(): never {
  throw miss('totals-not-checked', 'expected the proofs of everybody, got those of your own rows alone');
}

function requireSource(source: BundleSource | undefined): BundleSource {
  if (source === undefined) throw miss('manifest-missing', 'expected a manifest or a bundle, got none');
  return source;
}
