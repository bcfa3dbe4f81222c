import {
  REPORT_FORMAT,
  type Holding,
  type KeyProvenance,
  type Manifest,
  type StatementLine,
} from '../protocol/index.js';
import { retell, say, spokenLanguage, type ReportedProvenance } from '../presentation/index.js';
import type { ShownCeremony } from './ceremony/evidence.js';
import type { Checklist, Comparison, Conclusion, Registered } from './checklist.js';
import { describeCode, type FailureCode, type ReportCode, type UnverifiableCode } from './codes.js';
import type { Check } from './steps.js';
import { listNotShown, OPEN_NOT_SHOWN, phraseVerdict, type Subject } from './words.js';

/** An amount of one asset in proof units, as decimal strings. */
export type ReportedTotal = {
  readonly asset: string;
  readonly equity: string;
  readonly debt: string;
};

/** What the platform states about its snapshot and no proof shows. */
export type Stated = Pick<
  Manifest,
  | 'quote'
  | 'scope'
  | 'snapshotHash'
  | 'previousManifestHash'
  | 'leastDistanceMs'
  | 'scale'
  | 'assets'
  | 'maxMarkAgeMs'
  | 'rounding'
  | 'writeOffs'
  | 'reconciliation'
>;

/** A circuit that proofs were held to. */
export type ReportedCircuit = {
  readonly name: string;
  readonly tag: string;
  readonly fingerprint: string;
  readonly provenance: KeyProvenance;
  readonly proofCount: number;
};

export type { ReportedProvenance };

/**
 * The answer of the verifier. Everything in it but `code`, `checks` and the two hashes is empty until it has
 * been shown: `platform`, `takenAt`, `circuits` and `stated` once the signature and the circuits are the pinned
 * ones, `totals`, `holdings` and `statement` only where the outcome is valid.
 */
export type Report = {
  readonly format: typeof REPORT_FORMAT;
  readonly subject: Subject;
  readonly outcome: 'valid' | 'invalid' | 'unverifiable';
  /** Whether the outcome is `valid`; with development keys only where the caller allowed them by name. */
  readonly valid: boolean;
  readonly code: ReportCode;
  /** The answer in a sentence or two. */
  readonly verdict: string;
  /** What to do next; null where the outcome is valid. */
  readonly advice: string | null;
  /** Whether the answer rests on keys that can prove anything. */
  readonly insecure: boolean;
  /** SHA-256 of the manifest, 64 hexadecimal digits; null where there is no canonical one. */
  readonly manifestHash: string | null;
  /** Whether that hash was compared with one that the caller brought. */
  readonly manifestHashCompared: boolean;
  /** Every way in which it was compared with what others were shown. */
  readonly comparedBy: readonly Comparison[];
  /** What the registry holds beside it, as of its block; null where none was brought, or it did not pass. */
  readonly registered: Registered | null;
  /** The hash of the trust file that the answer rests on, as `trust show` prints it; null without one. */
  readonly trustHash: string | null;
  /** Whether that hash was compared with one that the caller brought. */
  readonly trustHashCompared: boolean;
  /** How the keys came to be, and whether that was shown; null until the keys are the pinned ones. */
  readonly provenance: ReportedProvenance | null;
  readonly platform: string | null;
  /** The instant of the snapshot, RFC 3339 in UTC. */
  readonly takenAt: string | null;
  readonly totals: readonly ReportedTotal[];
  /** The holdings of the one user, for an inclusion file. */
  readonly holdings: readonly ReportedTotal[];
  /** The lines that the holdings are the sum of, in whole units; null where there is no itemised statement. */
  readonly statement: readonly StatementLine[] | null;
  readonly circuits: readonly ReportedCircuit[];
  readonly stated: Stated | null;
  readonly checks: readonly Check[];
  /** What a reader might take as shown, and is not. */
  readonly notShown: readonly string[];
};

/** The report on a run of checks that has ended. */
export function composeReport(subject: Subject, checks: Checklist, conclusion: Conclusion): Report {
  const { manifestHash, manifestHashCompared, insecure, manifest, holdings, lines } = checks.findings;
  const { trustHash, trustHashCompared, comparedBy, registered } = checks.findings;
  const valid = conclusion.outcome === 'valid';
  return {
    format: REPORT_FORMAT,
    subject,
    outcome: conclusion.outcome,
    valid,
    code: valid ? 'valid' : conclusion.code,
    verdict: phraseVerdict(conclusion, subject, insecure),
    advice: valid ? null : describeCode(conclusion.code).advice,
    insecure,
    manifestHash,
    manifestHashCompared,
    comparedBy,
    registered,
    trustHash,
    trustHashCompared,
    provenance: manifest === null ? null : reportProvenance(manifest, checks.findings.ceremony),
    platform: manifest?.platform ?? null,
    takenAt: manifest?.takenAt ?? null,
    totals: valid && manifest !== null ? manifest.totals : [],
    holdings: valid && manifest !== null ? listHoldings(holdings, manifest) : [],
    statement: valid ? lines : null,
    circuits: manifest === null ? [] : manifest.circuits.map(reportCircuit),
    stated: manifest === null ? null : pickStated(manifest),
    checks: checks.list(),
    notShown: listNotShown(conclusion, checks.findings),
  };
}

/**
 * A report in the language that is spoken: its verdict and advice follow from its code alone. What a check compared stays in
 * the words of the verifier.
 */
export function retellReport(report: Report): Report {
  if (spokenLanguage() === 'en') return report;
  const { subject, outcome, code, insecure } = report;
  const conclusion =
    outcome === 'valid'
      ? ({ outcome: 'valid' } as const)
      : ({ outcome, code } as
          { outcome: 'invalid'; code: FailureCode } | { outcome: 'unverifiable'; code: UnverifiableCode });
  return {
    ...report,
    verdict: phraseVerdict(conclusion, subject, insecure),
    advice: outcome === 'valid' ? null : say(describeCode(code as FailureCode | UnverifiableCode).advice),
    checks: report.checks.map((check) => ({ ...check, title: retell(check.title) })),
    notShown: report.notShown.map((line) => retell(line, OPEN_NOT_SHOWN)),
  };
}

/** One development key among others makes all of them worth as much as it is. */
function reportProvenance({ circuits }: Manifest, shown: ShownCeremony | null): ReportedProvenance {
  const isCeremony = circuits.every(({ provenance }) => provenance.kind === 'ceremony');
  return {
    kind: isCeremony ? 'ceremony' : 'insecure-development',
    shown: shown !== null,
    contributions: shown?.contributions ?? null,
    signers: shown?.signers ?? null,
    pinnedSigners: shown?.pinnedSigners ?? null,
  };
}

function listHoldings(holdings: readonly Holding[], { assets }: Manifest): ReportedTotal[] {
  return holdings.map(({ assetIndex, equityUnits, debtUnits }) => ({
    asset: assets[assetIndex]!.symbol,
    equity: equityUnits.toString(),
    debt: debtUnits.toString(),
  }));
}

function reportCircuit({ name, tag, fingerprint, provenance, proofCount }: Manifest['circuits'][number]) {
  return { name, tag, fingerprint, provenance, proofCount };
}

function pickStated(manifest: Manifest): Stated {
  const { quote, scope, snapshotHash, previousManifestHash, leastDistanceMs, scale } = manifest;
  const { assets, maxMarkAgeMs, rounding, writeOffs, reconciliation } = manifest;
  return {
    quote,
    scope,
    snapshotHash,
    previousManifestHash,
    leastDistanceMs,
    scale,
    assets,
    maxMarkAgeMs,
    rounding,
    writeOffs,
    reconciliation,
  };
}
