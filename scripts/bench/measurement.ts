import { readProcessorSeconds, watchPeakMegabytes } from './process-tree.js';

/** What one way of proving one batch over and over took. */
export type Measurement = {
  /** Timed proofs, after one that was not. */
  readonly proofs: number;
  readonly wallSeconds: number;
  /** Of all threads, and of processes that were started for the proofs. */
  readonly cpuSeconds: number;
  /** The largest resident set, keys and all, and with it those of the processes that ran at one time. */
  readonly peakMegabytes: number;
};

/**
 * Runs `proveMany` with a first, untimed round, and prints the measurement as the one line of JSON on standard output.
 * To be called once, in a process that does nothing else.
 */
export async function measure(proveMany: (count: number) => Promise<void>, sizes: Rounds): Promise<void> {
  const watch = watchPeakMegabytes();
  await proveMany(sizes.warmUp);
  const secondsBefore = readProcessorSeconds();
  const startedAtMs = performance.now();
  await proveMany(sizes.timed);
  const wallSeconds = (performance.now() - startedAtMs) / 1000;
  const measurement: Measurement = {
    proofs: sizes.timed,
    wallSeconds,
    cpuSeconds: readProcessorSeconds() - secondsBefore,
    peakMegabytes: watch.stop(),
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

/** Proofs made before the clock starts, and while it runs. */
export type Rounds = { readonly warmUp: number; readonly timed: number };
