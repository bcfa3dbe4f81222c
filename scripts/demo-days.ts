import { spawn } from 'node:child_process';
import { appendFile, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';

import { SIGNING_KEY_FILE } from '../src/identity/index.js';
import { parseFrom } from './command-line.js';
import { EARLIER_INSTANT, VENUE_INSTANT } from './generate/venue/instruments.js';
import { generateVenue } from './generate/venue/venue.js';
import { DEMO_NODE_VARIABLE, serveDemoChain, writeDemoReserves } from './reserves/demo-work.js';

/** Before the instant of the venue, and the day before it. */
const FIRST_INSTANT = '2026-01-29T00:00:00Z';
const INSTANTS = [FIRST_INSTANT, EARLIER_INSTANT, VENUE_INSTANT];

/** How many days the demonstration publishes: one by the commands alone, more by `solvent operate`. */
export const DAYS_OPTION = [
  '--days <count>',
  'days to publish, at most three; more than one by solvent operate, with a kill in the middle',
  parseFrom(1, INSTANTS.length),
  1,
] as const;

/** What the days are made from, and where everything goes. */
export type DaysOptions = {
  readonly users: number;
  readonly seed: number;
  readonly assets: number;
  readonly days: number;
  readonly out: string;
  /** Whether what is held was captured for this venue. */
  readonly isCaptured: boolean;
  readonly paths: Readonly<Record<'books' | 'keys' | 'snapshot' | 'run' | 'site' | 'state', string>>;
  /** The built `solvent`. */
  readonly program: string;
};

/**
 * Publishes the days up to the venue's own instant by the command that a scheduler runs. The second is killed when its first proof
 * is made, and the same command once more goes on from there. Snapshot and run of the last day lie where one day's are.
 */
export async function runDays(options: DaysOptions): Promise<void> {
  const { out, paths, days } = options;
  const instants = INSTANTS.slice(-days);
  await writeBooks(options, instants);
  const config = join(out, 'operation.yaml');
  await writeFile(config, formatOperation(options));
  for (const [index, takenAt] of instants.entries()) {
    if (index === 1) await killMidway(options, config, takenAt);
    if (takenAt === VENUE_INSTANT && options.isCaptured) await operateWithReserves(options, config, takenAt);
    else await operate(options, 'run', config, '--at', takenAt, '--quiet');
  }
  await operate(options, 'status', config);
  const last = join(paths.state, 'instants', VENUE_INSTANT.replaceAll(':', ''));
  for (const name of ['snapshot', 'run'] as const) {
    await rm(paths[name], { recursive: true, force: true });
    await symlink(relative(out, join(last, name)), paths[name]);
  }
}

/** The last day, with what the venue holds against it: captured from a node of the chain, and signed by its wallets. */
async function operateWithReserves(options: DaysOptions, config: string, takenAt: string): Promise<void> {
  const reserves = await writeDemoReserves(options.out, { wallets: 'wallets.csv', pins: 'pins.json' });
  await appendFile(config, `reserves: ${reserves}\n`);
  console.log(`Of the last day the venue shows reserves as well; ${config} says so from now on.\n`);
  const node = await serveDemoChain();
  process.env[DEMO_NODE_VARIABLE] = node.url;
  try {
    await operate(options, 'run', config, '--at', takenAt, '--quiet');
  } finally {
    node.stop();
  }
}

/** A configuration of the books for each day, as the export of a platform writes one. */
async function writeBooks(
  { paths, users, seed, assets }: DaysOptions,
  instants: readonly string[],
): Promise<void> {
  const { books } = paths;
  const made = { users, seed, assets, format: 'csv', isTwoDays: true } as const;
  for (const takenAt of instants) {
    const target = join(books, `${takenAt.slice(0, 10)}.yaml`);
    if (takenAt === VENUE_INSTANT) {
      await writeFile(target, await readFile(join(books, 'snapshot.yaml')));
      continue;
    }
    const day = takenAt.slice(0, 10);
    const { earlier } = await generateVenue({
      ...made,
      directory: join(books, day),
      earlierInstant: takenAt,
    });
    const text = await readFile(earlier!.configPath, 'utf8');
    await writeFile(target, text.replaceAll('files: [', `files: [${day}/`));
  }
}

function formatOperation({ paths, out }: DaysOptions): string {
  const from = (path: string) => relative(out, path);
  return `\
# The days of the demonstration; docs/operations.md says what each key means.
format: solvent/operation/v1
platform: Example Options
books: { config: '${from(paths.books)}/{date}.yaml' }
schedule: daily 00:00Z
keys: ${from(paths.keys)}
trust: ${from(paths.keys)}/trust.json
developmentKeys: allow # for a demonstration alone: whoever makes such keys can prove anything
identity: { file: ${from(paths.keys)}/${SIGNING_KEY_FILE} }
ledger: ${from(paths.state)}/signing-ledger.json # a demonstration begins anew each time
state: ${from(paths.state)}
site: ${from(paths.site)}
metrics: { file: ${from(out) || '.'}/solvent.prom }
`;
}

/** Starts a day and kills it, as a power cut does, when its first proof is made. */
async function killMidway({ program }: DaysOptions, config: string, takenAt: string): Promise<void> {
  const words = ['operate', 'run', config, '--at', takenAt, '--log', 'json'];
  console.log(`$ solvent ${words.join(' ')}\n`);
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { event: string; stage?: string; done?: number };
    if (event.event !== 'progress') console.log(line);
    if (event.stage === 'proving' && event.done! > 0) child.kill('SIGKILL');
  }
  console.log('\nKilled (SIGKILL) after its first proof. The same command goes on from there:\n');
}

async function operate({ program }: DaysOptions, ...words: string[]): Promise<void> {
  console.log(`$ solvent operate ${words.join(' ')}\n`);
  const child = spawn(process.execPath, [program, 'operate', ...words], { stdio: 'inherit' });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  if (exitCode !== 0) throw new Error(`expected solvent operate to end with 0, got ${String(exitCode)}`);
  console.log('');
}
