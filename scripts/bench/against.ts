import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { projectRoot } from '../../src/system/index.js';
import { generateExchange } from '../generate/exchange.js';
import { runMeasured, type ProcessCost } from './process-tree.js';

/** What two builds prove in turns. */
export type AgainstOptions = {
  /** The root of the other build, whose `dist` is there. */
  readonly otherRoot: string;
  readonly profile: string;
  readonly users: number;
  /** How often each build proves. */
  readonly pairs: number;
  /** Where keys, snapshots and runs go. */
  readonly directory: string;
};

/** One build and what its runs took, in the order in which they were made. */
export type BuildCosts = { readonly label: string; readonly costs: readonly ProcessCost[] };

type Build = { readonly label: string; readonly program: string; readonly directory: string };

const SEED = 1;
const ASSETS = 64;
/** Proven once by each build before anything is measured: keys are then in the form that engines keep them in. */
const WARM_UP_USERS = 100;

/**
 * Proves the same balances by this build and another in turns. Each run is a process of its own, by the command that an
 * operator types. The pair begins with the other build every second time.
 * @returns this build, then the other.
 */
export async function measureAgainst(options: AgainstOptions): Promise<readonly BuildCosts[]> {
  const { directory, profile, users, pairs } = options;
  const builds: Build[] = [];
  for (const [label, root] of [
    ['this build', projectRoot()],
    ['the other build', resolve(options.otherRoot)],
  ] as const) {
    const program = join(root, 'dist', 'src', 'cli', 'main.js');
    await assertBuilt(program);
    builds.push({ label, program, directory: join(directory, label.replaceAll(' ', '-')) });
  }
  const warmUp = await generate(directory, WARM_UP_USERS);
  const books = await generate(directory, users);
  for (const build of builds) {
    console.log(`Making keys, snapshots and a small run by ${build.label} …`);
    await mkdir(build.directory);
    await run(build, ['setup', '--profile', profile, '--development', '--keys', keysOf(build)]);
    await seal(build, warmUp, 'small');
    await proveOnce(build, 'small');
    await seal(build, books, 'snapshot');
  }
  const costs = builds.map((): ProcessCost[] => []);
  for (let pair = 0; pair < pairs; pair++) {
    for (const index of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const build = builds[index]!;
      console.log(`Pair ${pair + 1} of ${pairs}: proving ${formatNumber(users)} users by ${build.label} …`);
      const cost = await proveOnce(build, 'snapshot');
      costs[index]!.push(cost);
      console.log(`  ${cost.cpuSeconds.toFixed(1)} processor s, peak ${cost.peakMegabytes.toFixed(0)} MB`);
    }
  }
  return builds.map(({ label }, index) => ({ label, costs: costs[index]! }));
}

/** Median and bounds of each build's runs, and the ratio of the medians of this build to those of the other. */
export function renderAgainst([own, other]: readonly BuildCosts[], users: number): string {
  const perUser = ({ costs }: BuildCosts) => costs.map(({ cpuSeconds }) => (1000 * cpuSeconds) / users);
  const peaks = ({ costs }: BuildCosts) => costs.map(({ peakMegabytes }) => peakMegabytes);
  const ratio = (of: (build: BuildCosts) => readonly number[]) =>
    `${(medianOf(of(own!)) / medianOf(of(other!))).toFixed(3)} x`;
  return renderTable(
    [
      { title: 'build' },
      { title: 'runs', align: 'right' },
      { title: 'processor ms a user', align: 'right' },
      { title: 'least to most', align: 'right' },
      { title: 'peak MB', align: 'right' },
      { title: 'least to most', align: 'right' },
    ],
    [
      ...[own!, other!].map((build) => [
        build.label,
        String(build.costs.length),
        ...describeSpread(perUser(build), 2),
        ...describeSpread(peaks(build), 0),
      ]),
      ['this to the other', '', ratio(perUser), '', ratio(peaks), ''],
    ],
  );
}

function describeSpread(values: readonly number[], digits: number): string[] {
  const bounds = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return [medianOf(values).toFixed(digits), bounds.join(' to ')];
}

/** The middle value; of an even number of them the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

type Books = Awaited<ReturnType<typeof generateExchange>>;

function generate(directory: string, users: number): Promise<Books> {
  return generateExchange({
    users,
    seed: SEED,
    assets: ASSETS,
    directory: join(directory, `books-${users}`),
  });
}

async function seal(build: Build, { balancesPath, assetsPath, quote }: Books, name: string): Promise<void> {
  await run(build, [
    ...['snapshot', '--balances', balancesPath, '--assets', assetsPath, '--platform', 'Benchmark'],
    ...['--quote', quote, '--at', '2026-01-01T00:00:00Z', '--out', join(build.directory, name)],
  ]);
}

async function proveOnce(build: Build, snapshot: string): Promise<ProcessCost> {
  const out = join(build.directory, 'run');
  const cost = await run(build, [
    'prove',
    join(build.directory, snapshot),
    '--keys',
    keysOf(build),
    '--out',
    out,
  ]);
  await rm(out, { recursive: true });
  return cost;
}

function run({ program }: Build, args: readonly string[]): Promise<ProcessCost> {
  return runMeasured(process.execPath, [program, ...args]);
}

function keysOf({ directory }: Build): string {
  return join(directory, 'keys');
}

async function assertBuilt(program: string): Promise<void> {
  if (
    await stat(program).then(
      (found) => found.isFile(),
      () => false,
    )
  )
    return;
  throw new Error(`expected a built checkout with ${program}, got none: run npm run build there`);
}
