/**
 * Rows a second and core, and memory, of this prover beside stock snarkjs, on the same batch in one run. Every row is a
 * process of its own, so that its peak memory is its own too. All of them include the witness. --stages shows what each
 * stage of a proof takes instead. --users shows whole runs from balance files to a bundle, for each number of users
 * that is named. --against shows whole runs by this build and another in turns.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { cacheDirectory } from '../../src/system/index.js';
import { nameOfLayout, PROFILES } from '../../src/protocol/index.js';
import { ENGINE_NAMES, type EngineName } from '../../src/prover/index.js';
import { makeDevelopmentKeys, type KeySet } from '../../src/keys/index.js';
import { MAX_MARKET_ASSETS } from '../generate/market.js';
import { describeScript, parseEach, parseFrom, parseOneOf } from '../command-line.js';
import { measureAgainst, renderAgainst } from './against.js';
import { findLayout, writeBatch } from './batch.js';
import { measureGrowth, renderGrowth } from './growth.js';
import type { Measurement } from './measurement.js';
import { measureStages, renderStages } from './stages.js';

type Flags = {
  readonly profile?: string;
  readonly circuit: string;
  readonly engines: readonly EngineName[];
  readonly proofs: number;
  readonly stages?: true;
  readonly users?: readonly number[];
  readonly assets?: readonly number[];
  readonly against?: string;
  readonly pairs: number;
};

const command = describeScript('npm run bench --', {
  does:
    'Measure this prover beside stock snarkjs on the same batch; with --stages, where the time of one proof goes ' +
    'instead; with --users, whole runs of several sizes; with --against, whole runs beside another build.',
  examples: [
    '',
    '--profile standard --engines wasm,rapidsnark --proofs 3',
    '--stages',
    '--users 1000,10000',
    '--users 100000 --assets 64,1024',
    '--against ../before',
    '--against ../before --users 100000 --pairs 1',
  ],
})
  .option(
    '--profile <name>',
    'the sizes of the circuits (default: small; standard with --against)',
    parseOneOf([...PROFILES.keys()]),
  )
  .option('--circuit <name>', 'the circuit to prove with', 'spot-3')
  .option(
    '--engines <names>',
    `${ENGINE_NAMES.join(' or ')}, or several`,
    parseEach(parseOneOf(ENGINE_NAMES)),
    ['wasm'],
  )
  .option('--proofs <count>', 'proofs that each worker makes on the clock', parseFrom(1, 1000), 6)
  .option('--stages', 'measure the stages of a proof of the wasm engine')
  .option(
    '--users <counts>',
    'numbers of users with commas between them: measures growth',
    parseEach(parseFrom(1, 1e7)),
  )
  .option(
    '--assets <counts>',
    'numbers of assets, with --users: each is measured with all users (default: 64)',
    parseEach(parseFrom(1, MAX_MARKET_ASSETS)),
  )
  .option(
    '--against <dir>',
    'the root of another built checkout: both prove 10,000 users, or --users, in turns',
  )
  .option('--pairs <count>', 'how often each build proves, with --against', parseFrom(1, 100), 3);
const values = command.parse().opts<Flags>();
const profileName = values.profile ?? (values.against === undefined ? 'small' : 'standard');
const batchCircuits = PROFILES.get(profileName)!.layouts.map(nameOfLayout);
if (!batchCircuits.includes(values.circuit)) {
  command.error(`error: expected --circuit to be one of ${batchCircuits.join(', ')}, got another`);
}

if (values.assets !== undefined && (values.users === undefined || values.against !== undefined)) {
  command.error('error: expected --assets with --users and without --against, got it alone');
}

type Row = { readonly label: string; readonly cores: number; readonly measurement: Measurement };

const ASSETS = 64;
/** As many users as are proven beside another build unless told. */
const USERS_AGAINST = 10_000;

const cores = availableParallelism();
const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-'));
try {
  if (values.against === undefined) await measureThisBuild();
  else await compareBuilds(values.against);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measureThisBuild(): Promise<void> {
  console.log('Compiling and making keys, where the cache does not have them …');
  const keysDirectory = join(directory, 'keys');
  const profile = PROFILES.get(profileName)!;
  const keys = await makeDevelopmentKeys({
    profile,
    keysDirectory,
    cacheDirectory: cacheDirectory(),
    workers: cores,
  });
  if (values.stages === true) await showStages(keys, keysDirectory);
  else if (values.users === undefined) await compareEngines(keys, keysDirectory);
  else {
    const { users, assets = [ASSETS] } = values;
    const engine = values.engines[0]!;
    const rows = await measureGrowth({ keys, keysDirectory, engine, workers: cores, users, assets });
    console.log(`\n${profileName} profile, ${engine} engine; ${describeMachine()}\n`);
    console.log(renderGrowth(rows));
  }
}

async function compareBuilds(otherRoot: string): Promise<void> {
  const { users = [USERS_AGAINST], pairs } = values;
  for (const count of users) {
    const own = join(directory, String(count));
    await mkdir(own);
    const builds = await measureAgainst({
      otherRoot,
      profile: profileName,
      users: count,
      pairs,
      directory: own,
    });
    console.log(`\nprove of ${formatNumber(count)} users, ${profileName} profile; ${describeMachine()}\n`);
    console.log(renderAgainst(builds, count));
  }
}

async function showStages({ circuits }: KeySet, keysDirectory: string): Promise<void> {
  const batch = await writeBatch(findLayout(profileName, values.circuit), directory);
  const rounds = values.proofs;
  const proving = circuits.find(({ name }) => name === values.circuit)!;
  const rows = await measureStages(batch, proving, { directory, rounds });
  const pool = await measureIn('measure-solvent.js', [
    ...[keysDirectory, values.circuit, batch.batchPath, String(batch.digest), 'wasm', String(cores)],
    ...[String(rounds * cores), cacheDirectory()],
  ]);
  console.log(`\n${values.circuit} of ${profileName}: one proof; ${describeMachine()}\n`);
  console.log(renderStages(rows, { workers: cores, ...pool }));
}

async function compareEngines({ circuits }: KeySet, keysDirectory: string): Promise<void> {
  const { wasmPath, zkeyPath } = circuits.find(({ name }) => name === values.circuit)!;
  const batch = await writeBatch(findLayout(profileName, values.circuit), directory);

  const rows: Row[] = [];
  const add = async (label: string, usedCores: number, script: string, args: readonly string[]) => {
    console.log(`Measuring ${label} …`);
    rows.push({ label, cores: usedCores, measurement: await measureIn(script, args) });
  };
  for (const [label, threads] of [
    ['one thread', 1],
    ['default threads', cores],
  ] as const) {
    await add(`stock snarkjs, ${label}`, threads, 'measure-snarkjs.js', [
      ...[wasmPath, zkeyPath, batch.inputPath, String(values.proofs), String(threads)],
    ]);
  }
  for (const engine of values.engines) {
    for (const workers of workersFor(engine)) {
      await add(
        `solvent, ${engine} engine, ${workers} worker${workers === 1 ? '' : 's'}`,
        engine === 'rapidsnark' ? cores : workers,
        'measure-solvent.js',
        [
          ...[keysDirectory, values.circuit, batch.batchPath, String(batch.digest), engine, String(workers)],
          ...[String(values.proofs * workers), cacheDirectory()],
        ],
      );
    }
  }
  printRows(rows, batch.layout.rows);
}

/** One worker and one a core; rapidsnark spreads each proof over all cores by itself. */
function workersFor(engine: EngineName): Iterable<number> {
  return new Set(engine === 'rapidsnark' ? [1] : [1, cores]);
}

function describeMachine(): string {
  return `${cores} cores of ${cpus()[0]?.model ?? 'an unknown processor'}`;
}

function printRows(rows: readonly Row[], rowCount: number): void {
  const perCore = ({ measurement, cores: used }: Row) =>
    (rowCount * measurement.proofs) / measurement.wallSeconds / used;
  const stock = perCore(rows[0]!);
  console.log(`\n${values.circuit} of ${profileName}: ${rowCount} rows a proof; ${describeMachine()}\n`);
  console.log(
    renderTable(
      [
        { title: 'prover' },
        { title: 'rows/s', align: 'right' },
        { title: 'rows/s and core', align: 'right' },
        { title: 'against stock', align: 'right' },
        { title: 'processor s a proof', align: 'right' },
        { title: 'peak MB', align: 'right' },
      ],
      rows.map((row) => {
        const { measurement } = row;
        return [
          row.label,
          ((rowCount * measurement.proofs) / measurement.wallSeconds).toFixed(1),
          perCore(row).toFixed(1),
          `${(perCore(row) / stock).toFixed(2)} x`,
          (measurement.cpuSeconds / measurement.proofs).toFixed(2),
          measurement.peakMegabytes.toFixed(0),
        ];
      }),
    ),
  );
}

/** Runs a measuring script as a process of its own, and reads its one line. */
async function measureIn(script: string, args: readonly string[]): Promise<Measurement> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (exitCode !== 0) throw new Error(`${script} ended with exit code ${exitCode ?? 'none'}`);
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measurement;
}
