/** What one way of proving one batch over and over took. */
export type Measurement = {
  /** Timed proofs, after one that was not. */
  readonly proofs: number;
  readonly wallSeconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** The largest resident set of the process, keys and all. */
  readonly peakMegabytes: number;
};

/**
 * Runs `proveMany` with a first, untimed round, and prints the measurement as the one line of JSON on standard output.
 * To be called once, in a process that does nothing else.
 */
export async function measure(proveMany: (count: number) => Promise<void>, sizes: Rounds): Promise<void> {
  await proveMany(sizes.warmUp);
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  await proveMany(sizes.timed);
  const wallSeconds = (performance.now() - startedAtMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const measurement: Measurement = {
    proofs: sizes.timed,
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

/** Proofs made before the clock starts, and while it runs. */
export type Rounds = { readonly warmUp: number; readonly timed: number };
