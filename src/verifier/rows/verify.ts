import { normalizeName, parseFieldElement, SolventError, type Holding } from '../../protocol/index.js';
import {
  formatManifestHash,
  verifyListedRows,
  verifyProvenRows,
  type InclusionContext,
  type ListedInclusion,
  type InclusionFile,
  type Manifest,
  type Trust,
} from '../../protocol/rows/index.js';
import type { Passed } from '../checklist.js';
import { checkProvenance } from '../checks/keys.js';
import { miss } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import {
  ROW_BUNDLE_PLAN,
  ROW_INCLUSION_PLAN,
  RowChecklist,
  type RowCheck,
  type RowConclusion,
} from './checklist.js';
import {
  checkRowCover,
  checkRowTotals,
  deriveClaim,
  deriveListing,
  verifyRowProofs,
  type RowClaim,
} from './claim.js';
import type { RowReportCode } from './codes.js';
import { inspectRowKeys, matchRowCircuits } from './keys.js';
import { checkRowSignature, comparePreviousRowHash, compareRowManifestHash } from './origin.js';
import { readBundleLines, readRowInclusion, readRowManifest, type RowBundleSource } from './reading.js';

/** What every verification is told by its caller. */
export type RowVerifyOptions = {
  readonly pairing: PairingBackend;
  /** Whether keys of a development setup are accepted, which makes every answer INSECURE. */
  readonly allowDevelopmentKeys?: boolean | undefined;
  /** The manifest hash from a public place, 64 hexadecimal digits in lower case. */
  readonly manifestHash?: string | undefined;
  /** The hash of the manifest that was published before this one. */
  readonly previousManifestHash?: string | undefined;
};

/** What a user's own verification is told besides. */
export type RowInclusionOptions = RowVerifyOptions & {
  /** The id as its user knows it, never one that was read from the file. */
  readonly userId: string;
};

/** What a verification found. What the bundle states is in it only where it is valid. */
export type RowReport = {
  readonly valid: boolean;
  readonly code: RowReportCode;
  /** "expected X, got Y" where it is not valid; no id and no balance is in it. */
  readonly evidence: string | null;
  readonly checks: readonly RowCheck[];
  /** 64 hexadecimal digits, of a manifest that was read. */
  readonly manifestHash: string | null;
  readonly manifestHashCompared: boolean;
  /** Whether keys of a development setup were allowed and used. */
  readonly insecure: boolean;
  readonly manifest: Manifest | null;
  /** What the user holds and owes, over all parts; null for a bundle. */
  readonly holdings: readonly Holding[] | null;
};

type Findings = { -readonly [K in 'manifestHash' | 'insecure' | 'manifest' | 'holdings']: RowReport[K] };

/**
 * Verifies a bundle of rows: checks 1 to 8 of the protocol, over all lines.
 * @throws SolventError `manifest-hash-malformed` (usage), what the source throws where it cannot be read, and errors of
 * class `invariant`; what is wrong with the bundle is in the report and never thrown.
 */
export async function verifyRowBundle(
  source: RowBundleSource,
  trust: Trust | undefined,
  options: RowVerifyOptions,
): Promise<RowReport> {
  const checks = new RowChecklist(ROW_BUNDLE_PLAN);
  const findings = noFindings();
  const conclusion = await checks.conclude(async () => {
    const claim = await checkClaim(checks, { source, trust, options, findings });
    await checkAllLines(checks, claim, options.pairing);
  });
  return composeRowReport(checks, conclusion, { findings, options });
}

/**
 * Verifies one user's inclusion file against the whole bundle: U1 to U7 once the commitments are known to be the pinned
 * ones, then all lines, then U9 and U10.
 * @throws SolventError as `verifyRowBundle`, and `name-…` (usage) where the given id is none.
 */
export async function verifyRowInclusion(
  fileBytes: Uint8Array,
  source: RowBundleSource | undefined,
  trust: Trust | undefined,
  options: RowInclusionOptions,
): Promise<RowReport> {
  const userId = parseUserId(options.userId);
  const checks = new RowChecklist(ROW_INCLUSION_PLAN);
  const findings = noFindings();
  const conclusion = await checks.conclude(async () => {
    const file = await checks.make('inclusion-file', () => readRowInclusion(fileBytes));
    const claim = await checkClaim(checks, { source, trust, options, findings });
    const listed = await checks.make('listed-rows', () => checkListedRows(file, claim, userId));
    await checkAllLines(checks, claim, options.pairing);
    findings.holdings = await checks.make('proven-rows', () => checkProvenRows(listed, claim));
  });
  return composeRowReport(checks, conclusion, { findings, options });
}

/** 1 to 5: what the bundle says, and whether it is what the caller pinned. */
async function checkClaim(
  checks: RowChecklist,
  run: {
    readonly source: RowBundleSource | undefined;
    readonly trust: Trust | undefined;
    readonly options: RowVerifyOptions;
    readonly findings: Findings;
  },
): Promise<RowClaim> {
  const { source, trust, options, findings } = run;
  const { pairing, allowDevelopmentKeys = false, manifestHash, previousManifestHash } = options;
  const signed = await checks.make('manifest', () => readRowManifest(requireSource(source)));
  const { manifest } = signed;
  findings.manifestHash = formatManifestHash(manifest);
  const read = await checks.make('lines', () => readBundleLines(requireSource(source), manifest));
  if (manifestHash === undefined) {
    checks.skip('manifest-hash', 'not compared with what others were shown: bring a hash');
  } else await checks.make('manifest-hash', () => compareRowManifestHash(manifest, manifestHash));
  if (previousManifestHash === undefined) {
    checks.skip('previous-manifest', 'not compared: no previous hash was brought');
  } else await checks.make('previous-manifest', () => comparePreviousRowHash(manifest, previousManifestHash));
  const pinned = await checks.make('signature', () => checkRowSignature(signed, trust));
  const circuits = await checks.make('circuits', () => matchRowCircuits(manifest, pinned));
  await checks.make('keys', () => inspectRowKeys(circuits, pairing));
  const { insecure } = await checks.make('provenance', () => checkProvenance(circuits, allowDevelopmentKeys));
  findings.insecure = insecure;
  const listing = await checks.make('prices', () => deriveListing(manifest));
  const claim = await checks.make('commitments', () =>
    deriveClaim(manifest, circuits, { ...read, ...listing }),
  );
  findings.manifest = manifest;
  return claim;
}

/** 6 to 8, over all lines. */
async function checkAllLines(checks: RowChecklist, claim: RowClaim, pairing: PairingBackend): Promise<void> {
  await checks.make('proofs', () => verifyRowProofs(claim, pairing));
  await checks.make('totals', () => checkRowTotals(claim));
  await checks.make('cover', () => checkRowCover(claim));
}

/** U1 to U7. */
function checkListedRows(file: InclusionFile, claim: RowClaim, userId: string): Passed<ListedInclusion> {
  const { manifest, manifestHash, prices, circuits, lines } = claim;
  const context: InclusionContext = {
    platform: manifest.platform,
    userId,
    manifestHash,
    assets: manifest.assets,
    prices,
    commitmentAt: (batch) => {
      const line = lines[batch];
      return (
        line && {
          layout: circuits[line.circuit]!.parameters,
          list: parseFieldElement(line.commitment.list),
        }
      );
    },
  };
  return {
    value: verifyListedRows(file, context),
    compared: `${file.parts.length} rows with the id you gave, and their groups with the commitments`,
  };
}

/** U9 and U10. */
function checkProvenRows(listed: ListedInclusion, { lines, challenges }: RowClaim): Passed<Holding[]> {
  const openingsOf = (batch: number) => lines[batch]!.proof.z.map(parseFieldElement);
  const holdings = verifyProvenRows(listed, { rho: challenges.rho, openingsOf });
  return {
    value: holdings,
    compared: `${listed.points.size} groups of rows with their proofs; ${holdings.length} assets in all`,
  };
}

function composeRowReport(
  checks: RowChecklist,
  conclusion: RowConclusion,
  { findings, options }: { readonly findings: Findings; readonly options: RowVerifyOptions },
): RowReport {
  const valid = conclusion.outcome === 'valid';
  return {
    valid,
    code: conclusion.outcome === 'valid' ? 'valid' : conclusion.code,
    evidence: conclusion.outcome === 'valid' ? null : conclusion.evidence,
    checks: checks.list(),
    manifestHash: findings.manifestHash,
    manifestHashCompared: valid && options.manifestHash !== undefined,
    insecure: findings.insecure,
    manifest: valid ? findings.manifest : null,
    holdings: valid ? findings.holdings : null,
  };
}

function noFindings(): Findings {
  return { manifestHash: null, insecure: false, manifest: null, holdings: null };
}

function requireSource(source: RowBundleSource | undefined): RowBundleSource {
  if (source === undefined) throw miss('manifest-missing', 'expected a bundle, got none');
  return source;
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
