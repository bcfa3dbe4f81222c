import type { Report } from '../../verifier/index.js';
import type { CheckAnswer, CheckRefusal } from '../checker/question.js';
import { formatInstant } from '../../presentation/index.js';
import { findAdvice, findRefusalWords } from './words.js';

/** How an answer looks: each has a colour, an outline and a word of its own. */
export type Tone = 'valid' | 'insecure' | 'invalid' | 'unverifiable' | 'fault';

/** An answer in plain words. */
export type Verdict = {
  readonly tone: Tone;
  /** The answer in a word or two. */
  readonly label: string;
  readonly headline: string;
  readonly sentence: string;
  /** What to do next. */
  readonly next: string;
  /** Stable, for programs and for asking others. */
  readonly code: string;
};

const LABELS: Readonly<Record<Tone, string>> = {
  valid: 'Valid',
  insecure: 'INSECURE: a test, and no proof',
  invalid: 'Not valid',
  unverifiable: 'Cannot be verified',
  fault: 'Not checked',
};

/** A report that contradicts itself is no report. */
const CHECKER_FAILED: CheckRefusal = {
  kind: 'refusal',
  outcome: 'fault',
  code: 'checker-failed',
  about: 'page',
};

/** The answer of the checker in plain words. */
export function phraseAnswer(answer: CheckAnswer): Verdict {
  return answer.kind === 'report' ? phraseReport(answer.report) : phraseRefusal(answer);
}

/**
 * Whether a report says that everything was shown. It is asked for in more than one way, so that no single field that
 * is wrong makes a page say "valid".
 */
export function isShown({ valid, outcome, code, checks }: Report): boolean {
  return (
    valid &&
    outcome === 'valid' &&
    code === 'valid' &&
    checks.some(({ result }) => result === 'passed') &&
    checks.every(({ result }) => result !== 'failed')
  );
}

/** What is said at the head of an answer in place of that nothing can be said. */
const HEADLINES: Readonly<Record<string, string>> = {
  'commitments-missing': 'Announced, and not proven here.',
  'proofs-missing': 'Announced, and not proven here.',
  'totals-not-checked': 'The totals were not checked.',
};

function phraseReport(report: Report): Verdict {
  const { code, outcome } = report;
  if (isShown(report)) return report.insecure ? phraseInsecure() : phraseValid(report);
  if (outcome === 'valid' || code === 'valid') return phraseRefusal(CHECKER_FAILED);
  return {
    tone: outcome,
    label: LABELS[outcome],
    headline:
      outcome === 'invalid'
        ? 'Your money is not shown to be in the proof.'
        : (HEADLINES[code] ?? 'Nothing can be said yet.'),
    // The label says the first word already.
    sentence: report.verdict.replace(/^(?:Invalid|Unverifiable): /, ''),
    next: findAdvice(code) ?? report.advice ?? '',
    code,
  };
}

function phraseValid({ platform, takenAt, manifestHashCompared }: Report): Verdict {
  const who = platform ?? 'The platform';
  const when = takenAt === null ? '' : ` of ${formatInstant(takenAt)}`;
  return {
    tone: 'valid',
    label: LABELS.valid,
    headline: 'Your money is in the proof.',
    sentence: `The snapshot${when} by ${who} counts the amounts below, under the id that you typed. All of its proofs hold, and the totals are the exact sums over all accounts.`,
    next: manifestHashCompared
      ? 'Compare the amounts with what you know. If one is wrong, ask the platform.'
      : 'Compare the amounts with what you know, and the manifest hash below with one that others were shown.',
    code: 'valid',
  };
}

function phraseInsecure(): Verdict {
  return {
    tone: 'insecure',
    label: LABELS.insecure,
    headline: 'The files agree, but these keys can prove anything.',
    sentence:
      'The snapshot was proven with development keys. Whoever made them could have made this answer for any amounts.',
    next: 'For money, ask the platform for a snapshot that is proven under keys of a ceremony.',
    code: 'development-keys-allowed',
  };
}

function phraseRefusal(refusal: CheckRefusal): Verdict {
  const { outcome, code } = refusal;
  const { sentence, next } = findRefusalWords(refusal);
  return {
    tone: outcome,
    label: LABELS[outcome],
    headline: outcome === 'fault' ? 'The check did not run.' : 'Nothing can be said yet.',
    sentence,
    next,
    code,
  };
}
