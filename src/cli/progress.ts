/** How far a long step is; `done` and `total` count the same thing. */
export type ProgressEvent = {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: `proofs`, `rows`. */
  readonly unit?: string;
};

export type ProgressSink = (event: ProgressEvent) => void;

const BAR_WIDTH = 24;
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;

/**
 * Shows progress on standard error: one line that is drawn again on a terminal, a plain line at the start, the end
 * and every ten seconds elsewhere. Rate and time left follow from the events of one stage since its first.
 */
export function createProgress(output: NodeJS.WriteStream = process.stderr): {
  report: ProgressSink;
  finish: () => void;
} {
  const isTerminal = output.isTTY;
  let stage = '';
  let startedAtMs = 0;
  let startedWith = 0;
  let shownAtMs = 0;
  let isLineOpen = false;

  const closeLine = () => {
    if (isLineOpen) output.write('\n');
    isLineOpen = false;
  };
  const report: ProgressSink = (event) => {
    const nowMs = performance.now();
    const isNew = event.stage !== stage;
    if (isNew) {
      closeLine();
      stage = event.stage;
      startedAtMs = nowMs;
      startedWith = event.done;
    }
    const isEnd = event.done >= event.total;
    const interval = isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (!isNew && !isEnd && nowMs - shownAtMs < interval) return;
    shownAtMs = nowMs;
    const line = formatProgress(event, {
      elapsedMs: nowMs - startedAtMs,
      newlyDone: event.done - startedWith,
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
  return { report, finish: closeLine };
}

/** One line of progress: stage, count, rate and time left where they can be known. */
export function formatProgress(
  { stage, done, total, unit = '' }: ProgressEvent,
  timing: { elapsedMs: number; newlyDone: number; withBar: boolean },
): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = timing.withBar ? ` ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}` : '';
  const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}${unit === '' ? '' : ` ${unit}`}`;
  const seconds = timing.elapsedMs / 1000;
  if (timing.newlyDone <= 0 || seconds < 0.5) return `${stage}${bar} ${counted}`;
  const rate = timing.newlyDone / seconds;
  const left =
    done >= total ? `took ${formatDuration(seconds)}` : `${formatDuration((total - done) / rate)} left`;
  return `${stage}${bar} ${counted}, ${formatRate(rate)} a second, ${left}`;
}

/** Seconds as people read them: `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function formatRate(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toPrecision(2);
}
