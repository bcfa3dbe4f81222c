/**
 * Processor time and memory of an attribution over a day and of an assessment of risk, at several sizes in one run, beside
 * those of one snapshot of the same books. Every measurement is a process of its own, so that its peak memory is its own too.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { assessRisk, attributeSnapshots } from '../src/analysis/index.js';
import { formatNumber, renderTable, toNumberColumn } from '../src/presentation/index.js';
import { createSnapshotFromBooks } from '../src/snapshot/index.js';
import { describeScript, parseEach, parseFrom, parseSeed } from './command-line.js';
import { generateVenue, type GeneratedVenue } from './generate/venue/venue.js';

/** What one process measures. */
type Measurement = {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
};

const STEPS = ['snapshot', 'attribute', 'risk'] as const;

type Step = (typeof STEPS)[number];
type Row = { readonly venue: GeneratedVenue } & Readonly<Record<Step, Measurement>>;
type Flags = { readonly accounts: readonly number[]; readonly ledgerRows: number; readonly seed: number };

const command = describeScript('npm run bench:risk --', {
  does: 'Measure attribution and risk at several sizes, beside one snapshot of the same books.',
  examples: ['', '--accounts 10000,100000,1000000'],
})
  .option(
    '--accounts <counts>',
    'sizes with commas between them',
    parseEach(parseFrom(1, 1e9)),
    [10_000, 30_000, 100_000],
  )
  .option('--ledger-rows <count>', 'rows of the ledger an account, about', parseFrom(2, 1000), 20)
  .option('--seed <number>', 'what the books are drawn from', parseSeed, 1)
  // What this script asks a process of its own for: no person types it.
  .argument('[measurement...]');
const { accounts: sizes, ledgerRows, seed } = command.parse().opts<Flags>();

const [measured, ...where] = command.args;
if (measured === undefined) await compareSizes();
else if (STEPS.includes(measured as Step)) {
  console.log(JSON.stringify(await measure(() => runStep(measured as Step, where))));
} else command.error('error: expected flags alone, got a word that is none');

async function compareSizes(): Promise<void> {
  const rows: Row[] = [];
  for (const accounts of sizes) {
    const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
    try {
      console.log(`Making the books of ${formatNumber(accounts)} accounts …`);
      // Nine users have ten accounts.
      const size = { users: Math.ceil((accounts * 9) / 10), seed, ledgerRows };
      const venue = await generateVenue({ ...size, directory: join(directory, 'books'), isTwoDays: true });
      console.log('Measuring …');
      const below = (name: string) => join(directory, name);
      await measureIn('snapshot', venue.earlier!.configPath, venue.earlier!.takenAt, below('before'));
      const snapshot = await measureIn('snapshot', venue.configPath, venue.takenAt, below('after'));
      const attribute = await measureIn(
        'attribute',
        ...[below('before'), below('after'), venue.configPath, below('attribution')],
      );
      const risk = await measureIn('risk', below('after'), below('risk'));
      rows.push({ venue, snapshot, attribute, risk });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  printRows(rows);
}

async function runStep(step: Step, args: readonly string[]): Promise<unknown> {
  const [first, second, third, fourth] = args as [string, string, string, string];
  if (step === 'snapshot')
    return createSnapshotFromBooks({ configPath: first, takenAt: second, outDirectory: third });
  if (step === 'risk') return assessRisk({ snapshot: first, outDirectory: second });
  return attributeSnapshots({ before: first, after: second, configPath: third, outDirectory: fourth });
}

function printRows(rows: readonly Row[]): void {
  const processor = cpus()[0]?.model ?? 'an unknown processor';
  console.log(
    `\n${availableParallelism()} cores of ${processor}; ratios are of processor time to one snapshot\n`,
  );
  const titles = [
    ...['accounts', 'ledger rows', 'positions', 'snapshot s', 'peak MB'],
    ...['attribution s', 'ratio', 'peak MB', 'risk s', 'ratio', 'peak MB'],
  ];
  const table = rows.map(({ venue, snapshot, attribute, risk }) => [
    formatNumber(venue.accountCount),
    formatNumber(venue.rows.get('ledger')!),
    formatNumber(venue.rows.get('positions')!),
    ...describe(snapshot),
    ...describe(attribute, snapshot),
    ...describe(risk, snapshot),
  ]);
  console.log(renderTable(titles.map(toNumberColumn), table));
  if (rows.length < 2) return;
  for (const step of STEPS)
    console.log(
      `Processor time of ${step} grows with accounts to the power of ${growthOf(rows, step).toFixed(2)}.`,
    );
}

function describe({ processorSeconds, peakMegabytes }: Measurement, beside?: Measurement): string[] {
  const ratio = beside === undefined ? [] : [(processorSeconds / beside.processorSeconds).toFixed(2)];
  return [processorSeconds.toFixed(1), ...ratio, peakMegabytes.toFixed(0)];
}

/** The slope of the line of least squares through the logarithms of processor seconds and accounts. */
function growthOf(rows: readonly Row[], step: Step): number {
  const points = rows.map(
    (row) => [Math.log(row.venue.accountCount), Math.log(row[step].processorSeconds)] as const,
  );
  const mean = (position: 0 | 1) => points.reduce((sum, point) => sum + point[position], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

async function measure(run: () => Promise<unknown>): Promise<Measurement> {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(startedCpu);
  return {
    seconds: (performance.now() - startedMs) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/** Runs one measurement in a process of its own, and reads its one line. */
async function measureIn(...args: string[]): Promise<Measurement> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode !== 0)
    throw new Error(`expected the measurement to end well, got exit code ${exitCode ?? 'none'}`);
  return JSON.parse(Buffer.concat(output).toString()) as Measurement;
}
