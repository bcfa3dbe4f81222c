import { availableParallelism, cpus } from 'node:os';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { derivePriceTable, parseDecimal, type RowLayout } from '../../protocol/index.js';
import { derivePlanKey } from '../../plan/index.js';
import { ENGINE_NAMES, type EngineName } from '../../prover/index.js';
import { loadKeys } from '../../keys/index.js';
import { loadSnapshot, readAccounts } from '../../snapshot/index.js';
import { addExample } from '../../verifier/command/index.js';
import { parseCount, parseWorkers } from '../arguments.js';
import { assumeMix, countMix, estimateRun, type Estimate, type RowMix } from '../bench-estimate.js';
import { measureCircuits, type CircuitMeasurement } from '../bench-measurement.js';
import { chooseEngineKernel, phraseKernel } from '../kernel.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { renderEstimate, renderMeasurement, rowsPerSecond } from '../render-bench.js';
import { formatCount, formatDuration } from '../../presentation/index.js';

type BenchFlags = OutputFlags & {
  readonly keys: string;
  readonly workers?: number;
  readonly engine: EngineName;
  readonly rounds: number;
  readonly users?: number;
  readonly snapshot?: string;
  readonly pricePerCoreHour?: string;
};

/** Users that somebody could have, and rounds that somebody could wait for. */
const MAX_USERS = 10_000_000_000;
const MAX_ROUNDS = 1000;

/** `solvent bench`: what proving takes on this machine, with the operator's own keys. */
export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .description('measure proving on this machine, and estimate a run: rows a second, memory, time, cost')
    .requiredOption('--keys <dir>', 'the keys to measure with')
    .option('--workers <count>', 'worker threads (default: one for each core)', parseWorkers)
    .addOption(new Option('--engine <name>', 'what makes the proofs').choices(ENGINE_NAMES).default('wasm'))
    .option('--rounds <count>', 'proofs of each circuit that each worker makes on the clock', parseRounds, 2)
    .option('--users <count>', 'estimate a run of so many users', parseUsers)
    .option('--snapshot <dir>', 'estimate with this snapshot’s accounts instead of an assumed mix')
    .option('--price-per-core-hour <price>', 'what a core costs an hour, for the estimate', parsePrice);
  addOutputOptions(command, { isLong: true });
  addExample(command, 'bench --keys keys --users 250000 --price-per-core-hour 0.05').action(runBench);
}

async function runBench(flags: BenchFlags): Promise<void> {
  const { engine, rounds } = flags;
  const workers = flags.workers ?? availableParallelism();
  const keys = await loadKeys(flags.keys);
  const layouts = keys.circuits.map(({ parameters }) => parameters);
  const target = await findTarget(flags, layouts);
  const kernel = await chooseEngineKernel(engine);
  const progress = createProgress({ quiet: flags.quiet });
  progress.note(phraseKernel(kernel));
  let measured: readonly CircuitMeasurement[];
  try {
    measured = await measureCircuits({
      keys,
      engine,
      workers,
      rounds,
      onProgress: (circuit, done, total) => {
        progress.report({ stage: `Measuring ${circuit}`, done, total, unit: 'proofs' });
      },
    });
  } finally {
    progress.finish();
  }
  const estimate = target && estimateRun(measured, { layouts, workers, ...target });
  const machine = {
    profile: keys.profile,
    engine,
    kernel,
    workers,
    processor: cpus()[0]?.model ?? 'unknown',
  };
  writeResult(flags, {
    object: { ...machine, circuits: describeMeasured(measured), ...(estimate && { estimate }) },
    text:
      `\n${keys.profile}, ${engine} engine, ${formatCount(workers, 'worker')} on ${machine.processor}\n\n` +
      renderMeasurement(measured) +
      renderTarget(estimate, target, workers),
    line:
      estimate === undefined
        ? measured.map((circuit) => rowsPerSecond(circuit).toFixed(1)).join(' ')
        : formatDuration(estimate.wallSeconds),
  });
}

type Target = {
  readonly users: number;
  readonly mix: RowMix;
  readonly mixName: string;
  readonly pricePerCoreHour?: string;
};

/** What the operator wants to know the time and cost of; nothing where they name no number and no snapshot. */
async function findTarget(
  { users, snapshot, pricePerCoreHour }: BenchFlags,
  layouts: readonly RowLayout[],
): Promise<Target | undefined> {
  const price = pricePerCoreHour === undefined ? {} : { pricePerCoreHour };
  if (snapshot !== undefined) {
    const loaded = await loadSnapshot(snapshot);
    return {
      users: users ?? loaded.accountCount,
      mix: await countMix(readAccounts(loaded), layouts, {
        prices: derivePriceTable(loaded.assets).prices,
        orderKey: derivePlanKey(loaded),
      }),
      mixName: 'as in the snapshot',
      ...price,
    };
  }
  if (users === undefined) return undefined;
  const mixName = 'a tenth of whom owe, a fifth with ten assets and the others with up to three (assumed)';
  return { users, mix: assumeMix(layouts), mixName, ...price };
}

function renderTarget(estimate: Estimate | undefined, target: Target | undefined, workers: number): string {
  if (estimate === undefined || target === undefined) {
    return '\nWith --users or --snapshot this also estimates a run.\n';
  }
  return `\n${renderEstimate(estimate, { workers, mixName: target.mixName })}`;
}

function describeMeasured(measured: readonly CircuitMeasurement[]) {
  return measured.map((circuit) => ({ ...circuit, rowsPerSecondAndCore: rowsPerSecond(circuit) }));
}

function parseRounds(text: string): number {
  return parseCount(text, { least: 1, most: MAX_ROUNDS });
}

function parseUsers(text: string): number {
  return parseCount(text, { least: 1, most: MAX_USERS });
}

function parsePrice(text: string): string {
  try {
    parseDecimal(text);
    return text;
  } catch {
    throw new InvalidArgumentError('Expected a decimal like 0.04.');
  }
}
