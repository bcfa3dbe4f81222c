import type { Report } from '../../verifier/index.js';
import type { CheckAnswer, CheckRefusal } from '../checker/question.js';
import { formatInstant, say, type PlainSentence } from '../../presentation/index.js';
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

/** Each has its word of the report beside it, in every language. */
const LABELS: Readonly<Record<Tone, PlainSentence>> = {
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
const HEADLINES: Readonly<Record<string, PlainSentence>> = {
  'commitments-missing': 'Announced, and not proven here.',
  'proofs-missing': 'Announced, and not proven here.',
  'totals-not-checked': 'The totals were not checked.',
};

function phraseReport(report: Report): Verdict {
  const { code, outcome } = report;
  const advice = findAdvice(code);
  if (isShown(report)) return report.insecure ? phraseInsecure() : phraseValid(report);
  if (outcome === 'valid' || code === 'valid') return phraseRefusal(CHECKER_FAILED);
  return {
    tone: outcome,
    label: say(LABELS[outcome]),
    headline:
      outcome === 'invalid'
        ? say('Your money is not shown to be in the proof.')
        : say(HEADLINES[code] ?? 'Nothing can be said yet.'),
    // The label says the first word already.
    sentence: dropOutcome(report.verdict),
    next: advice === undefined ? (report.advice ?? '') : say(advice),
    code,
  };
}

function phraseValid({ platform, takenAt, manifestHashCompared }: Report): Verdict {
  const who = platform ?? say('The platform');
  const when = takenAt === null ? '' : say(' of {instant}', { instant: formatInstant(takenAt) });
  return {
    tone: 'valid',
    label: say(LABELS.valid),
    headline: say('Your money is in the proof.'),
    sentence: say(
      'The snapshot{when} by {who} counts the amounts below, under the id that you typed. All of its proofs hold, and the totals are the exact sums over all accounts.',
      { when, who },
    ),
    next: manifestHashCompared
      ? say('Compare the amounts with what you know. If one is wrong, ask the platform.')
      : say(
          'Compare the amounts with what you know, and the manifest hash below with one that others were shown.',
        ),
    code: 'valid',
  };
}

function phraseInsecure(): Verdict {
  return {
    tone: 'insecure',
    label: say(LABELS.insecure),
    headline: say('The files agree, but these keys can prove anything.'),
    sentence: say(
      'The snapshot was proven with development keys. Whoever made them could have made this answer for any amounts.',
    ),
    next: say('For money, ask the platform for a snapshot that is proven under keys of a ceremony.'),
    code: 'development-keys-allowed',
  };
}

function phraseRefusal(refusal: CheckRefusal): Verdict {
  const { outcome, code } = refusal;
  const { sentence, next } = findRefusalWords(refusal);
  return {
    tone: outcome,
    label: say(LABELS[outcome]),
    headline: outcome === 'fault' ? say('The check did not run.') : say('Nothing can be said yet.'),
    sentence: say(sentence),
    next: say(next),
    code,
  };
}

/** A verdict without its outcome at the front. */
function dropOutcome(verdict: string): string {
  const outcomes = [
    say('Invalid: {sentence}', { sentence: '' }),
    say('Unverifiable: {sentence}', { sentence: '' }),
  ];
  const outcome = outcomes.find((start) => verdict.startsWith(start)) ?? '';
  return verdict.slice(outcome.length);
}
