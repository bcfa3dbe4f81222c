/**
 * The whole way once, with the commands that an operator, an auditor and a user would type. Development keys are made
 * in the background. An invented options venue has its books with and without a mistake, their snapshot, what became of
 * it since the day before and what might, and proofs. A stranger checks the public bundle. One user checks their own
 * line, with the statement that says how it came about. Reserves stand against all of it.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { cp, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { projectRoot } from '../src/system/index.js';
import { loadSigningKey, SIGNING_KEY_FILE } from '../src/identity/index.js';
import { encodeInclusion, parseInclusion, parseManifest, PROFILES } from '../src/protocol/index.js';
import { formatNumber } from '../src/presentation/index.js';
import { describeScript, parseFrom, parseOneOf, parseSeed } from './command-line.js';
import { DAYS_OPTION, runDays, WORKERS_OPTION } from './demo-days.js';
import { generateVenue, type GeneratedVenue } from './generate/venue/venue.js';
import { makeDemoWork } from './reserves/demo-work.js';

type Flags = {
  readonly users: number;
  readonly seed: number;
  readonly out: string;
  readonly profile: string;
  readonly days: number;
  readonly workersOverQueue?: number;
};

const values = describeScript('npm run demo --', {
  does: 'Run the whole way once on an invented options venue: its books, a snapshot, keys, proofs, and their checks.',
  examples: ['', '--users 2000 --profile standard --out demo-standard'],
})
  .option('--users <count>', 'users of the venue', parseFrom(1, 2 ** 31), 1000)
  .option('--seed <number>', 'what the venue is drawn from: the same seed makes the same books', parseSeed, 1)
  .option('--out <dir>', 'where everything goes; what an earlier run left there is replaced', 'demo')
  .option('--profile <name>', 'the sizes of the circuits', parseOneOf([...PROFILES.keys()]), 'small')
  .option(...DAYS_OPTION)
  .option(...WORKERS_OPTION)
  .parse()
  .opts<Flags>();

const root = projectRoot();
const ASSETS = 16;
const out = values.out;
const paths = {
  books: join(out, 'books'),
  incomplete: join(out, 'incomplete'),
  refused: join(out, 'refused'),
  findings: join(out, 'refused-findings'),
  keys: join(out, 'keys'),
  earlier: join(out, 'snapshot-earlier'),
  attribution: join(out, 'attribution'),
  risk: join(out, 'risk'),
  tables: join(out, 'tables'),
  verdict: join(out, 'verdict.json'),
  statements: join(out, 'statements'),
  snapshot: join(out, 'snapshot'),
  run: join(out, 'run'),
  inclusion: join(out, 'inclusion.json'),
  changedInclusion: join(out, 'changed-inclusion.json'),
  tampered: join(out, 'tampered'),
  site: join(out, 'site'),
  reserves: join(out, 'reserves'),
  reservesWork: join(out, 'reserves.work'),
  reservesSignatures: join(out, 'signatures.csv'),
  pins: join(out, 'pins.json'),
  partReserves: join(out, 'part-reserves'),
  partWork: join(out, 'part-reserves.work'),
  state: join(out, 'state'),
  versions: join(out, 'site.versions'),
  withoutQueue: join(out, 'without-queue'),
};
/** What the captured wallets hold a little more than: the venue of these numbers. */
const isCaptured = values.users === 1000 && values.seed === 1 && values.profile === 'small';
const SOLVENT = join(root, 'dist/src/cli/main.js');
const VERIFIER = join(root, 'dist/src/verifier/command/main.js');
const SETUP_TITLE = 'circuits and keys (beside the next three)';
const startedAtMs = performance.now();
const steps: { title: string; seconds: number }[] = [];
/** Commands at work: whatever ends the demonstration ends them. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill();
});

for (const path of Object.values(paths)) {
  if (path !== paths.keys) await rm(path, { recursive: true, force: true });
}
await mkdir(out, { recursive: true });

// It takes longest, and needs no books: it is shown when it has ended.
const setup = startSetup('setup', '--profile', values.profile, '--keys', paths.keys, '--development');

heading(`An invented options venue with ${formatNumber(values.users)} users keeps its books`);
const books = { users: values.users, seed: values.seed, assets: ASSETS };
const venue = await timed('books', () =>
  generateVenue({ ...books, directory: paths.books, format: 'csv', isTwoDays: true }),
);
showBooks(venue);

heading('One row of the ledger is lost: the books do not agree, and no snapshot is made');
const incomplete = await generateVenue({
  ...{ ...books, directory: paths.incomplete, format: 'csv' },
  plants: ['ledger-row-dropped'],
});
await solvent(...snapshotOf(incomplete, paths.incomplete, paths.refused), { expectedExitCode: 1 });
console.log(`\n$ head ${join(paths.findings, 'breaks.csv')}\n`);
console.log((await readFile(join(paths.findings, 'breaks.csv'), 'utf8')).trimEnd());

if (values.days === 1) {
  heading('The venue takes a snapshot of its sound books, and looks at what one user is owed');
  await timed('snapshot', () => solvent(...snapshotOf(venue, paths.books, paths.snapshot)));
} else {
  heading('The circuits were compiled and keys made meanwhile (once; insecure ones, for this demonstration)');
  await setup.ended;
  setup.show();
  heading(
    `The venue publishes ${values.days} days by one command that a scheduler runs; the second is killed midway`,
  );
  await timed('days', () => {
    const { days, workersOverQueue } = values;
    return runDays({ ...books, days, workersOverQueue, out, isCaptured, paths, program: SOLVENT });
  });
}
const userId = venue.busiestUserId;
console.log('');
await solvent('snapshot', 'inspect', paths.snapshot, '--user', userId);

heading('What became of every account since the day before, and what might become of it tomorrow');
await timed('attribution and risk', async () => {
  const { configPath, takenAt } = venue.earlier!;
  await solvent(...['snapshot', '--config', configPath, '--at', takenAt, '--out', paths.earlier, '--quiet']);
  const config = ['--config', join(paths.books, 'snapshot.yaml')];
  const days = [paths.earlier, paths.snapshot];
  await solvent('attribute', ...days, ...config, '--out', paths.attribution, '--quiet');
  await solvent('risk', paths.snapshot, ...config, '--out', paths.risk, '--quiet');
  await solvent('export', paths.snapshot, '--format', 'xlsx', '--out', paths.tables);
});

if (values.days === 1) {
  heading('The venue proves it and publishes the bundle, as soon as its keys are there');
  await timed('proofs', () => solvent('prove', paths.snapshot, '--keys', paths.keys, '--out', paths.run));

  heading('The circuits were compiled and keys made meanwhile (once; insecure ones, for this demonstration)');
  await setup.ended;
  setup.show();
}

heading('Anyone verifies the bundle');
const bundle = join(paths.run, 'bundle');
const trusting = ['--trust', join(paths.keys, 'trust.json'), '--allow-development-keys'];
await timed('verification', () => verify('bundle', bundle, ...trusting));

heading('Every client gets a statement of position, with the verdict on it');
await timed('statements', async () => {
  await verify('bundle', bundle, ...trusting, '--json', { output: paths.verdict });
  const evidence = ['--report', paths.verdict, '--attribution', paths.attribution];
  await solvent('statements', paths.snapshot, ...evidence, '--out', paths.statements);
});

heading('The user gets their inclusion file, and checks it alone, statement and all');
await timed('inclusion', async () => {
  await solvent('inclusion', paths.run, '--user', userId, '--out', paths.inclusion);
  await verify('inclusion', paths.inclusion, '--bundle', bundle, ...trusting, '--user', userId);
});

heading('Somebody shows the user another price in the same statement, and is found out');
await changeOnePrice(paths.inclusion, paths.changedInclusion);
const changed = ['inclusion', paths.changedInclusion, '--bundle', bundle, ...trusting, '--user', userId];
await verify(...changed, { expectedExitCode: 1 });

heading('Somebody lowers one published total, and is found out');
await cp(bundle, paths.tampered, { recursive: true });
await lowerFirstTotal(join(paths.tampered, 'manifest.json'));
await verify('bundle', paths.tampered, ...trusting, { expectedExitCode: 1 });

if (isCaptured) {
  heading(
    'The venue shows what it holds against it: tokens and coins of demonstration chains, of which Bitcoin is swept or signed for now',
  );
  await timed('reserves', () => showReserves());
}

if (values.days === 1) {
  heading('The venue writes the site on which everyone finds all of this');
  const beside = isCaptured ? ['--reserves', paths.reserves, '--pins', paths.pins] : [];
  await solvent(
    'publish',
    paths.run,
    '--trust',
    join(paths.keys, 'trust.json'),
    ...beside,
    '--out',
    paths.site,
  );
} else {
  heading('Anyone walks the history of the site');
  await solvent('history', 'verify', paths.site, '--trust', join(paths.keys, 'trust.json'), '--json');
}

heading('What was shown');
console.log(`\
  Books that do not agree make no snapshot. In the snapshot no account has a negative balance, every
  account's collateral covers its debt, and the published totals are the exact sums: checked by a program
  that trusts nothing in the bundle. One user saw that their own line is in those sums, and how the venue
  came to it, line by line. These keys are for demonstration: their maker could forge.
`);
const whole = { title: 'all of it', seconds: (performance.now() - startedAtMs) / 1000 };
for (const { title, seconds } of [{ title: SETUP_TITLE, seconds: setup.seconds() }, ...steps, whole])
  console.log(`  ${title.padEnd(SETUP_TITLE.length)} ${seconds.toFixed(1).padStart(6)} s`);
console.log(`
  public site        ${join(paths.site, 'index.html')}
  the user’s page    ${join(paths.site, 'check.html')}: drop their file and those of the site on it
  public bundle      ${bundle}
  two days compared  ${join(paths.attribution, 'report.html')}
  risk               ${join(paths.risk, 'report.html')}
  tables             ${join(paths.tables, 'snapshot.xlsx')}
  clients' pages     ${paths.statements}
  reserves           ${isCaptured ? paths.reserves : 'none: they were captured for the default venue'}
  your pins          ${isCaptured ? paths.pins : 'none'}
  trust file         ${join(paths.keys, 'trust.json')}
  one user's file    ${paths.inclusion}
  never published    ${join(paths.run, 'private')}, ${paths.keys} but for the trust file`);

/** Reserves from the captured wallets, and once more without one of them. */
async function showReserves(): Promise<void> {
  const { platform, takenAt, snapshotHash } = parseManifest(await readFile(join(bundle, 'manifest.json')));
  const { publicKey: signingKey } = await loadSigningKey(paths.keys);
  const head = { platform, takenAt, snapshotHash, signingKey };
  const identity = ['--identity', join(paths.keys, SIGNING_KEY_FILE)];
  const pinned = ['--bundle', bundle, ...trusting, '--pins', paths.pins];
  const indexes = { signatures: paths.reservesSignatures, pins: paths.pins };
  const show = async (work: string, reserves: string, expectedExitCode: number) => {
    await solvent('reserves', 'import', work, paths.reservesSignatures);
    await solvent('reserves', 'publish', work, '--bundle', bundle, ...identity, '--out', reserves);
    await verify('reserves', reserves, ...pinned, { expectedExitCode });
  };
  await makeDemoWork(head, { ...indexes, work: paths.reservesWork });
  await show(paths.reservesWork, paths.reserves, 0);
  heading('The same without one wallet: all that is stated is true, and it does not cover what is owed');
  await makeDemoWork(head, { ...indexes, work: paths.partWork }, { without: 0 });
  await show(paths.partWork, paths.partReserves, 4);
}

function heading(text: string): void {
  console.log(`\n== ${text} ==\n`);
}

function showBooks({ rows }: GeneratedVenue): void {
  for (const [role, count] of rows) console.log(`  ${role.padEnd(12)} ${formatNumber(count).padStart(9)}`);
  console.log(`\n  ${join(paths.books, 'snapshot.yaml')} says where they are and what they mean.`);
}

function snapshotOf({ takenAt }: GeneratedVenue, directory: string, snapshot: string): string[] {
  return ['snapshot', '--config', join(directory, 'snapshot.yaml'), '--at', takenAt, '--out', snapshot];
}

async function timed<T>(title: string, step: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const result = await step();
  steps.push({ title, seconds: (performance.now() - startedAtMs) / 1000 });
  return result;
}

type Arguments = (string | { readonly expectedExitCode?: number; readonly output?: string })[];

function solvent(...args: Arguments): Promise<void> {
  return run('solvent', SOLVENT, args);
}

function verify(...args: Arguments): Promise<void> {
  return run('solvent-verify', VERIFIER, args);
}

/** Runs a command as a process of its own, with its output where a person sees it. */
async function run(name: string, path: string, args: Arguments): Promise<void> {
  const words = args.filter((arg) => typeof arg === 'string');
  const { expectedExitCode = 0, output } = args.find((arg) => typeof arg === 'object') ?? {};
  console.log(describeCommand(name, words) + (output === undefined ? '' : `  > ${output}\n`));
  const target = output === undefined ? undefined : await open(output, 'w', 0o600);
  const stdio: StdioOptions = ['inherit', target?.fd ?? 'inherit', 'inherit'];
  const exitCode = await endOf(spawn(process.execPath, [path, ...words], { stdio }));
  await target?.close();
  if (exitCode !== expectedExitCode) fail(name, exitCode, expectedExitCode);
}

/** Starts a command beside those that follow. Its output is kept, to be shown whole; its failure ends the demonstration. */
function startSetup(...words: string[]) {
  const child = spawn(process.execPath, [SOLVENT, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  let endedAtMs = 0;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const show = () => {
    console.log(describeCommand('solvent', words));
    console.log(Buffer.concat(output).toString().trimEnd());
  };
  const ended = endOf(child).then((exitCode) => {
    endedAtMs = performance.now();
    if (exitCode === 0) return;
    show();
    fail('solvent', exitCode, 0);
  });
  return { ended, show, seconds: () => (endedAtMs - startedAtMs) / 1000 };
}

/** The exit code of a command, when it has ended and all that it wrote is there. */
function endOf(child: ChildProcess): Promise<number | null> {
  children.add(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      children.delete(child);
      resolve(exitCode);
    });
  });
}

function describeCommand(name: string, words: readonly string[]): string {
  return `$ ${name} ${words.map(quote).join(' ')}\n`;
}

function fail(name: string, exitCode: number | null, expected: number): never {
  console.error(`\n${name} ended with exit code ${exitCode ?? 'none'}; expected ${expected}.`);
  process.exit(1);
}

function quote(arg: string): string {
  const shown = arg.startsWith(root) ? relative(process.cwd(), arg) : arg;
  return /^[\w./:@+-]+$/.test(shown) ? shown : `'${shown}'`;
}

/** The lines still add up: only what was committed to, and the published prices, show that one is another. */
async function changeOnePrice(inclusionPath: string, changedPath: string): Promise<void> {
  const inclusion = parseInclusion(await readFile(inclusionPath));
  const line = inclusion.statement?.lines.find(({ valuation }) => valuation.of === 'position');
  if (line?.valuation.of !== 'position') throw new Error('expected a user with a position');
  const { quote } = line.valuation;
  if (quote.kind === 'black-76') quote.forward.price = '1';
  else quote.price = '1';
  await writeFile(changedPath, encodeInclusion(inclusion));
}

async function lowerFirstTotal(manifestPath: string): Promise<void> {
  const text = await readFile(manifestPath, 'utf8');
  const manifest = JSON.parse(text) as { totals: { equity: string }[] };
  const equity = manifest.totals[0]!.equity;
  await writeFile(manifestPath, text.replace(`"equity":"${equity}"`, `"equity":"${BigInt(equity) - 1n}"`));
}
