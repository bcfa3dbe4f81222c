/**
 * Seconds and memory from a venue's books to a sealed snapshot, at several sizes in one run, with the exponent of the
 * growth. The time in which DuckDB alone reads and groups the same ledger stands beside it. Every measurement is a
 * process of its own, so that its peak memory is its own too.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';

import { formatNumber, renderTable } from '../src/presentation/index.js';
import { createSnapshotFromBooks, type SnapshotProgress } from '../src/snapshot/index.js';
import { describeScript, parseEach, parseFrom, parseOneOf, parseSeed } from './command-line.js';
import { BOOK_FORMATS, type BookFormat } from './generate/venue/source-files.js';
import { generateVenue, type GeneratedVenue } from './generate/venue/venue.js';

/** Where a snapshot spends its time, as its progress says. */
type Stage = SnapshotProgress['stage'];

/** What one process measures. */
type Measurement = {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
  readonly stageSeconds: Readonly<Partial<Record<Stage, number>>>;
};

type Row = { readonly venue: GeneratedVenue; readonly snapshot: Measurement; readonly duckdb: Measurement };

const STAGES = ['scan', 'read', 'reconcile', 'settle', 'write'] as const satisfies readonly Stage[];
const LEDGER_RELATIONS: Readonly<Record<BookFormat, string>> = {
  csv: 'read_csv($pattern, all_varchar = true)',
  parquet: 'read_parquet($pattern)',
  ndjson: "read_json($pattern, columns = {account_id: 'VARCHAR', currency: 'VARCHAR', amount: 'VARCHAR'})",
};
/** What DuckDB alone may keep in memory: as much as the snapshot lets it. */
const MEMORY_LIMIT = '1536MiB';

type Flags = { readonly accounts: readonly number[]; readonly format: BookFormat; readonly seed: number };

const command = describeScript('npm run bench:snapshot --', {
  does: 'Measure the way from a venue’s books to a sealed snapshot at several sizes, beside what DuckDB alone takes.',
  examples: ['', '--accounts 10000,100000,1000000 --format csv'],
})
  .option(
    '--accounts <counts>',
    'sizes with commas between them',
    parseEach(parseFrom(1, 1e9)),
    [10_000, 100_000],
  )
  .option('--format <name>', `the files: ${BOOK_FORMATS.join(', ')}`, parseOneOf(BOOK_FORMATS), 'parquet')
  .option('--seed <number>', 'what the books are drawn from', parseSeed, 1)
  // What this script asks a process of its own for: no person types it.
  .argument('[measurement...]');
const { accounts: sizes, format, seed } = command.parse().opts<Flags>();

const [measured, ...where] = command.args;
if (measured === undefined) await compareSizes();
else if (measured === 'snapshot') await print(measureSnapshot(where[0]!, where[1]!));
else if (measured === 'duckdb') await print(measureDuckdb(where[0]!));
else command.error('error: expected flags alone, got a word that is none');

async function compareSizes(): Promise<void> {
  const rows: Row[] = [];
  for (const accounts of sizes) {
    const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
    try {
      console.log(`Making the books of ${formatNumber(accounts)} accounts …`);
      // Nine users have ten accounts.
      const size = { users: Math.ceil((accounts * 9) / 10), seed };
      const venue = await generateVenue({ ...size, directory: join(directory, 'books'), format });
      console.log('Measuring …');
      const duckdb = await measureIn('duckdb', join(directory, 'books/ledger', `*.${format}`));
      const snapshot = await measureIn('snapshot', venue.configPath, join(directory, 'snapshot'));
      rows.push({ venue, snapshot, duckdb });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  printRows(rows);
}

function printRows(rows: readonly Row[]): void {
  const processor = cpus()[0]?.model ?? 'an unknown processor';
  console.log(`\nFrom ${format} to a sealed snapshot; ${availableParallelism()} cores of ${processor}\n`);
  const titles = [
    'accounts',
    'ledger rows',
    'positions',
    's',
    'processor s',
    'peak MB',
    'DuckDB alone s',
    'ratio',
  ];
  console.log(
    renderTable(
      [...titles, ...STAGES.map((stage) => `${stage} s`)].map((title) => ({ title, align: 'right' })),
      rows.map(({ venue, snapshot, duckdb }) => [
        formatNumber(venue.accountCount),
        formatNumber(venue.rows.get('ledger')!),
        formatNumber(venue.rows.get('positions')!),
        snapshot.seconds.toFixed(1),
        snapshot.processorSeconds.toFixed(1),
        snapshot.peakMegabytes.toFixed(0),
        duckdb.seconds.toFixed(1),
        (snapshot.seconds / duckdb.seconds).toFixed(2),
        ...STAGES.map((stage) => (snapshot.stageSeconds[stage] ?? 0).toFixed(1)),
      ]),
    ),
  );
  if (rows.length > 1)
    console.log(`\nSeconds grow with accounts to the power of ${growthOf(rows).toFixed(2)}.`);
}

/** The slope of the line of least squares through the logarithms of seconds and accounts. */
function growthOf(rows: readonly Row[]): number {
  const points = rows.map(
    ({ venue, snapshot }) => [Math.log(venue.accountCount), Math.log(snapshot.seconds)] as const,
  );
  const mean = (position: 0 | 1) => points.reduce((sum, point) => sum + point[position], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

async function measureSnapshot(configPath: string, outDirectory: string): Promise<Measurement> {
  const stageSeconds: Partial<Record<Stage, number>> = {};
  let lastMs = performance.now();
  return measure(async () => {
    await createSnapshotFromBooks({
      ...{ configPath, outDirectory, takenAt: '2026-01-31T00:00:00Z' },
      onProgress: ({ stage }) => {
        const nowMs = performance.now();
        stageSeconds[stage] = (stageSeconds[stage] ?? 0) + (nowMs - lastMs) / 1000;
        lastMs = nowMs;
      },
    });
    return stageSeconds;
  });
}

/** Reads the ledger and sums it for each account and asset, and nothing else. */
async function measureDuckdb(pattern: string): Promise<Measurement> {
  return measure(async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT });
    const connection = await instance.connect();
    await connection.run(
      `CREATE TABLE summed AS SELECT account_id, currency, sum(amount::DECIMAL(38, 18)) AS amount
       FROM ${LEDGER_RELATIONS[format]} GROUP BY account_id, currency`,
      { pattern },
    );
    instance.closeSync();
    return {};
  });
}

async function measure(run: () => Promise<Measurement['stageSeconds']>): Promise<Measurement> {
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const stageSeconds = await run();
  const { user, system } = process.cpuUsage(startedCpu);
  return {
    seconds: (performance.now() - startedMs) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    stageSeconds,
  };
}

async function print(measurement: Promise<Measurement>): Promise<void> {
  console.log(JSON.stringify(await measurement));
}

/** Runs one measurement in a process of its own, and reads its one line. */
async function measureIn(...args: string[]): Promise<Measurement> {
  const script = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [script, '--format', format, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (exitCode !== 0) throw new Error(`${args[0]!} ended with exit code ${exitCode ?? 'none'}`);
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measurement;
}
