import type { CeremonyProgress, CeremonyStage, OnCeremonyProgress } from '../keys/index.js';
import { formatDuration, formatNumber } from '../presentation/index.js';
import type { OutputFlags } from './output.js';

/** How far a long step is; `done` and `total` count the same thing. */
export type ProgressEvent = {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: `proofs`, `accounts`, `bytes`. Without it a share is shown. */
  readonly unit?: string;
};

export type ProgressSink = (event: ProgressEvent) => void;

/** Where progress is shown, and whether it is. */
type ProgressOptions = {
  readonly quiet?: boolean | undefined;
  readonly output?: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  /** Milliseconds since whenever. */
  readonly now?: () => number;
};

const BAR_WIDTH = 24;
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
/** Steps after the first from which a rate is read: the first waits for what is loaded once. */
const LEAST_STEPS = 4;
/** Time that a rate is read over, at least. */
const LEAST_RATE_MS = 3000;
/** And about, once there is so much: a run that is resumed counts its first proofs as fast as it reads them. */
const RATE_MS = 60_000;
/** Between two steps that a rate is read from, at least. */
const SAMPLE_MS = 1000;
const MEGABYTE = 1e6;

/**
 * Shows progress on standard error: one line that is drawn again on a terminal, a plain line at the start, the end
 * and every ten seconds elsewhere. Rate and time left are read from the last minute, not before the first step that was
 * finished, and only once there is enough to read them from.
 */
export function createProgress({
  quiet = false,
  output = process.stderr,
  now = () => performance.now(),
}: ProgressOptions = {}): { report: ProgressSink; note: (line: string) => void; finish: () => void } {
  const isTerminal = output.isTTY;
  let stage = '';
  let begun = { atMs: 0, done: 0 };
  let samples: Sample[] = [];
  let shownAtMs = 0;
  let isLineOpen = false;

  const closeLine = () => {
    if (isLineOpen) output.write('\n');
    isLineOpen = false;
  };
  const report: ProgressSink = (event) => {
    if (quiet) return;
    const nowMs = now();
    const isNew = event.stage !== stage;
    if (isNew) {
      closeLine();
      stage = event.stage;
      begun = { atMs: nowMs, done: event.done };
      samples = [];
    } else if (event.done > begun.done) {
      addSample(samples, { atMs: nowMs, done: event.done });
    }
    const [oldest] = samples;
    const isEnd = event.done >= event.total;
    const interval = isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (!isNew && !isEnd && nowMs - shownAtMs < interval) return;
    shownAtMs = nowMs;
    const line = formatProgress(event, {
      elapsedMs: isNew ? 0 : nowMs - begun.atMs,
      newlyDone: event.done - begun.done,
      lately: oldest && { ms: nowMs - oldest.atMs, done: event.done - oldest.done },
      withBar: isTerminal,
    });
    if (isTerminal) {
      output.write(`\r\u001b[2K${line}`);
      isLineOpen = true;
      if (isEnd) closeLine();
    } else {
      output.write(`${line}\n`);
    }
  };
  const note = (line: string) => {
    if (quiet) return;
    closeLine();
    output.write(`${line}\n`);
  };
  return { report, note, finish: closeLine };
}

/** How far a stage was. */
type Sample = { readonly atMs: number; readonly done: number };

/** Adds to what a rate is read from, and takes out what is older than its time and its steps need. */
function addSample(samples: Sample[], next: Sample): void {
  const last = samples.at(-1);
  if (last === undefined || next.atMs - last.atMs >= SAMPLE_MS) samples.push(next);
  for (let second = samples[1]; second !== undefined; second = samples[1]) {
    if (next.atMs - second.atMs < RATE_MS || next.done - second.done < LEAST_STEPS) return;
    samples.shift();
  }
}

/** What is known of the time of a stage. */
type ProgressTiming = {
  readonly elapsedMs: number;
  readonly newlyDone: number;
  /** Since the first step of the stage was finished, or a minute or some steps ago; undefined before. */
  readonly lately?: { readonly ms: number; readonly done: number } | undefined;
  readonly withBar: boolean;
};

/** One line of progress: stage, count, rate and time left where they can be known. */
function formatProgress(event: ProgressEvent, timing: ProgressTiming): string {
  const { stage, done, total } = event;
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = timing.withBar ? ` ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}` : '';
  return `${stage}${bar}${countSteps(event, share)}${describeTime(event, timing)}`;
}

function countSteps({ done, total, unit }: ProgressEvent, share: number): string {
  if (unit === 'bytes') return ` ${formatMegabytes(done)} of ${formatMegabytes(total)} MB`;
  if (unit !== undefined) {
    const noun = total === 1 ? unit.replace(/s$/, '') : unit;
    return ` ${formatNumber(done)} of ${formatNumber(total)} ${noun}`;
  }
  // One step or two of unlike length are no measure.
  if (total > 2) return ` ${Math.floor(100 * share)} %`;
  return done >= total ? ' done' : '';
}

function describeTime(
  { done, total, unit }: ProgressEvent,
  { elapsedMs, newlyDone, lately }: ProgressTiming,
): string {
  const seconds = elapsedMs / 1000;
  if (newlyDone <= 0 || seconds < 0.5) return '';
  const speak = (rate: number) =>
    unit === undefined || unit === 'bytes' ? '' : `, ${formatRate(rate)} a second`;
  if (done >= total) return `${speak(newlyDone / seconds)}, took ${formatDuration(seconds)}`;
  if (lately === undefined || lately.done < LEAST_STEPS || lately.ms < LEAST_RATE_MS) return '';
  const rate = (1000 * lately.done) / lately.ms;
  return `${speak(rate)}, about ${formatDuration((total - done) / rate)} left`;
}

function formatMegabytes(bytes: number): string {
  return formatNumber(bytes / MEGABYTE, 1);
}

function formatRate(rate: number): string {
  return rate >= 100 ? formatNumber(rate) : rate.toPrecision(2);
}

const TITLES: Readonly<Record<CeremonyStage, string>> = {
  'reading powers of tau': 'Reading the powers of tau',
  compiling: 'Compiling circuits',
  'making the initial key': 'Making the initial key',
  'checking the key': 'Checking the key',
  contributing: 'Contributing',
  'applying the beacon': 'Applying the beacon',
  verifying: 'Verifying',
  'verifying with snarkjs': 'Verifying with snarkjs',
  installing: 'Installing keys',
};

/** Runs a step of a ceremony and shows how far it is, unless quiet was asked for. */
export async function withCeremonyProgress<T>(
  { quiet }: OutputFlags,
  run: (onProgress: OnCeremonyProgress) => Promise<T>,
): Promise<T> {
  const progress = createProgress({ quiet });
  try {
    return await run(({ stage, circuit, part, done, total }: CeremonyProgress) => {
      const isPerCircuit = stage !== 'compiling' && stage !== 'installing' && circuit !== undefined;
      const what = [circuit, part].filter((word) => word !== undefined).join(', ');
      progress.report({ stage: isPerCircuit ? `${TITLES[stage]}: ${what}` : TITLES[stage], done, total });
    });
  } finally {
    progress.finish();
  }
}
