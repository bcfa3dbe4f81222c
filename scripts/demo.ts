/**
 * The whole way once, with the commands that an operator, an auditor and a user would type: an invented exchange, its
 * snapshot, development keys, proofs, the public bundle checked by a stranger, and one user checking their own line.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { projectRoot } from '../src/platform/index.js';
import { PROFILES } from '../src/protocol/index.js';
import { generateExchange } from './generate/exchange.js';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'demo' },
    profile: { type: 'string', default: 'small' },
  },
});

const root = projectRoot();
const profileAssets = PROFILES.get(values.profile)?.aggregate.assets ?? 16;
const out = values.out;
const paths = {
  books: join(out, 'books'),
  keys: join(out, 'keys'),
  snapshot: join(out, 'snapshot'),
  run: join(out, 'run'),
  inclusion: join(out, 'inclusion.json'),
  tampered: join(out, 'tampered'),
};
const steps: { title: string; seconds: number }[] = [];

for (const path of [paths.books, paths.snapshot, paths.run, paths.inclusion, paths.tampered]) {
  await rm(path, { recursive: true, force: true });
}
await mkdir(out, { recursive: true });

heading(`An invented exchange with ${Number(values.users).toLocaleString('en')} users writes its books`);
await timed('books', () =>
  generateExchange({
    users: Number(values.users),
    seed: Number(values.seed),
    assets: profileAssets,
    directory: paths.books,
  }),
);
console.log(`Wrote ${join(paths.books, 'balances.csv')} and ${join(paths.books, 'assets.csv')}.`);

heading('The exchange compiles the circuits and makes keys (once; insecure ones, for this demonstration)');
await timed('circuits and keys', () =>
  solvent('setup', '--profile', values.profile, '--keys', paths.keys, '--development'),
);

heading('The exchange takes a snapshot');
await timed('snapshot', () =>
  solvent(
    ...['snapshot', '--platform', 'Example Exchange', '--at', '2026-01-31T00:00:00Z', '--quote', 'USD'],
    ...['--balances', join(paths.books, 'balances.csv'), '--assets', join(paths.books, 'assets.csv')],
    ...['--out', paths.snapshot],
  ),
);

heading('The exchange proves it and publishes the bundle');
await timed('proofs', () => solvent('prove', paths.snapshot, '--keys', paths.keys, '--out', paths.run));

heading('Anyone verifies the bundle');
const bundle = join(paths.run, 'bundle');
const trusting = ['--trust', join(paths.keys, 'trust.json'), '--allow-development-keys'];
await timed('verification', () => verify('bundle', bundle, ...trusting));

heading('One user gets their inclusion file, and checks it alone');
const [, firstLine = ''] = (await readFile(join(paths.books, 'balances.csv'), 'utf8')).split('\n', 2);
const userId = firstLine.split(',')[0]!;
await timed('inclusion', async () => {
  await solvent('inclusion', paths.run, '--user', userId, '--out', paths.inclusion);
  await verify('inclusion', paths.inclusion, '--bundle', bundle, ...trusting, '--user', userId);
});

heading('Somebody lowers one published total, and is found out');
await cp(bundle, paths.tampered, { recursive: true });
await lowerFirstTotal(join(paths.tampered, 'manifest.json'));
await verify('bundle', paths.tampered, ...trusting, { expectedExitCode: 1 });

heading('What was shown');
console.log(`\
  No account of the snapshot has a negative balance, every account's collateral covers its debt, and the
  published totals are the exact sums: checked by a program that trusts nothing in the bundle. One user
  saw that their own line is in those sums. These keys are for demonstration: their maker could forge.
`);
for (const { title, seconds } of steps)
  console.log(`  ${title.padEnd(18)} ${seconds.toFixed(1).padStart(6)} s`);
console.log(`
  public bundle      ${bundle}
  trust file         ${join(paths.keys, 'trust.json')}
  one user's file    ${paths.inclusion}
  never published    ${join(paths.run, 'private')}, ${paths.keys} but for the trust file`);

function heading(text: string): void {
  console.log(`\n== ${text} ==\n`);
}

async function timed(title: string, step: () => Promise<unknown>): Promise<void> {
  const startedAtMs = performance.now();
  await step();
  steps.push({ title, seconds: (performance.now() - startedAtMs) / 1000 });
}

function solvent(...args: string[]): Promise<void> {
  return run('solvent', join(root, 'dist/src/cli/main.js'), args, 0);
}

function verify(...args: (string | { expectedExitCode: number })[]): Promise<void> {
  const last = args.at(-1);
  const expected = typeof last === 'object' ? last.expectedExitCode : 0;
  const words = args.filter((arg) => typeof arg === 'string');
  return run('solvent-verify', join(root, 'dist/src/verifier/command/main.js'), words, expected);
}

/** Runs a command as a process of its own, with its output where a person sees it. */
async function run(name: string, path: string, args: string[], expectedExitCode: number): Promise<void> {
  console.log(`$ ${name} ${args.map(quote).join(' ')}\n`);
  const child = spawn(process.execPath, [path, ...args], { stdio: 'inherit' });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (exitCode !== expectedExitCode) {
    console.error(`\n${name} ended with exit code ${exitCode ?? 'none'}; expected ${expectedExitCode}.`);
    process.exit(1);
  }
}

function quote(arg: string): string {
  const shown = arg.startsWith(root) ? relative(process.cwd(), arg) : arg;
  return /^[\w./:@+-]+$/.test(shown) ? shown : `'${shown}'`;
}

async function lowerFirstTotal(manifestPath: string): Promise<void> {
  const text = await readFile(manifestPath, 'utf8');
  const manifest = JSON.parse(text) as { totals: { equity: string }[] };
  const equity = manifest.totals[0]!.equity;
  await writeFile(manifestPath, text.replace(`"equity":"${equity}"`, `"equity":"${BigInt(equity) - 1n}"`));
}
