/**
 * Keys that strangers can trust, once the whole way. Three parties make the proving keys of the profile `tiny`, each on
 * a machine of its own. A stranger derives them again. A platform publishes two snapshots that are proven with them,
 * and changes its signing key in between. Someone who holds nothing but a trust file verifies both.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import { cacheDirectory, projectRoot } from '../src/system/index.js';
import { formatManifestHash, parseManifest } from '../src/protocol/index.js';
import { describeScript } from './command-line.js';
import { makePowersOfTau } from './ceremony/powers-of-tau.js';

describeScript('npm run ceremony:demo', {
  does: 'Run a ceremony of three parties once the whole way, with two snapshots proven under its keys, into demo/ceremony.',
  examples: [''],
}).parse();

const PROFILE = 'tiny';
const POWER = 13;
const PLATFORM = 'Example Exchange';
const BEACON = 'randomness of this machine, drawn last';
const ASSETS =
  'symbol,decimals,price,collateral_ratio\nBTC,8,64000,0.9\nETH,8,3000,0.85\nUSDC,6,1,0.98\nDOGE,4,0.12,0.5\n';

const root = projectRoot();
const out = 'demo/ceremony';
const home = (who: string) => join(out, who);
const at = {
  ptau: join(cacheDirectory(), 'demo-powers-of-tau', `2^${POWER}.ptau`),
  keys: join(home('exchange'), 'keys'),
  books: join(home('exchange'), 'books'),
  published: join(out, 'published'),
  reader: home('reader'),
};
const steps: { title: string; seconds: number }[] = [];

await rm(out, { recursive: true, force: true });
for (const who of ['exchange', 'alice', 'bob', 'stranger', 'reader'])
  await mkdir(home(who), { recursive: true });
await mkdir(at.books, { recursive: true });
await mkdir(at.published, { recursive: true });

heading('Powers of tau, made here by snarkjs (a real ceremony downloads the published ones)');
await timed('powers of tau', () =>
  makePowersOfTau(POWER, at.ptau, (step) => {
    console.log(`  ${step}`);
  }),
);

heading('Each party makes a key of its own to sign with');
for (const who of ['exchange', 'alice', 'bob']) {
  await writeFile(passphraseOf(who), randomBytes(24).toString('base64'), { mode: 0o600 });
  await solvent(who, 'identity', 'new', '--out', identityOf(who), '--passphrase-file', passphraseOf(who));
}

heading('The exchange prepares the circuits and begins the ceremony');
await timed('initial keys', () =>
  solvent('exchange', 'setup', '--profile', PROFILE, '--ptau', at.ptau, '--untrusted-ptau'),
);
await solvent(
  'exchange',
  ...['ceremony', 'init', ceremonyOf('exchange'), '--profile', PROFILE],
  ...['--ptau', at.ptau, '--untrusted-ptau', '--beacon', BEACON],
);

heading('Three parties contribute, each on its own machine, and hand the directory on');
await contribute('exchange', 'Example Exchange');
await handOn('exchange', 'alice');
await contribute('alice', 'Alice');
await handOn('alice', 'bob');
await contribute('bob', 'Bob');
await handOn('bob', 'exchange');

heading('The announced beacon closes it');
const value = randomBytes(32).toString('hex');
await timed('beacon', () =>
  solvent('exchange', 'ceremony', 'beacon', ceremonyOf('exchange'), '--value', value),
);

heading('The exchange takes the keys, and exports what its readers need');
await timed('finishing', () =>
  solvent('exchange', 'ceremony', 'finish', ceremonyOf('exchange'), '--ptau', at.ptau, '--keys', at.keys),
);
await solvent('exchange', 'keys', 'list', at.keys, '--check');
await solvent(
  'exchange',
  ...[
    'trust',
    'export',
    '--keys',
    at.keys,
    '--platform',
    PLATFORM,
    '--out',
    join(at.published, 'trust.json'),
  ],
  ...identityFlags('exchange'),
);

heading('A stranger derives all of it again, from nothing but the source and the powers of tau');
await handOn('exchange', 'stranger');
await timed('deriving it again', () =>
  solvent(
    'stranger',
    ...['ceremony', 'verify', ceremonyOf('stranger'), '--ptau', at.ptau],
    ...['--trust', join(at.published, 'trust.json')],
  ),
);

heading('The exchange publishes a snapshot that is proven with these keys');
await writeFile(join(at.books, 'assets.csv'), ASSETS);
const first = await publishSnapshot('2026-01-31T00:00:00Z', 'first', { identity: 'exchange' });

heading('The exchange changes its signing key, and publishes the next snapshot');
await writeFile(passphraseOf('exchange-2'), randomBytes(24).toString('base64'), { mode: 0o600 });
await solvent(
  'exchange',
  ...['identity', 'new', '--out', identityOf('exchange-2'), '--passphrase-file', passphraseOf('exchange-2')],
);
await solvent(
  'exchange',
  ...['identity', 'rotate', ...identityFlags('exchange')],
  ...['--to', identityOf('exchange-2'), '--to-passphrase-file', passphraseOf('exchange-2')],
  ...['--platform', PLATFORM, '--last-manifest', first, '--out', join(at.published, 'rotation.json')],
);
// A change of the key lies between the snapshots around it, and is made now: so the next whole second is the next instant.
const secondInstant = new Date(1000 * Math.ceil(Date.now() / 1000)).toISOString().replace('.000Z', 'Z');
const second = await publishSnapshot(secondInstant, 'second', {
  identity: 'exchange-2',
  previous: first,
});

heading('A reader who has only the trust file verifies the first');
await cp(join(at.published, 'trust.json'), join(at.reader, 'trust.json'));
await timed('verification', () =>
  verify(join(at.published, 'first'), '--trust', join(at.reader, 'trust.json'), '--manifest-hash', first),
);

heading('… and, with the entry that the old key signed, the second, and the history');
await solvent(
  'reader',
  ...['trust', 'rotate', join(at.reader, 'trust.json'), join(at.published, 'rotation.json')],
  ...['--out', join(at.reader, 'trust-2.json')],
);
await verify(
  join(at.published, 'second'),
  ...['--trust', join(at.reader, 'trust-2.json'), '--manifest-hash', second],
);
await solvent(
  'reader',
  ...['history', 'verify', at.published, '--trust', join(at.reader, 'trust-2.json')],
  ...['--manifest-hash', second],
);

heading('What was shown');
console.log(`\
  Three parties made these keys: had one of them forgotten their secret, nobody could forge. A stranger derived the
  same keys from the source. Two snapshots proven with them were verified from a trust file alone, with no word about
  development. Only the powers of tau are worth nothing here, and every report says so.
`);
for (const { title, seconds } of steps)
  console.log(`  ${title.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`);

/** Takes a snapshot of invented books, proves it, and puts the bundle where everyone sees it. */
async function publishSnapshot(
  takenAt: string,
  name: string,
  { identity, previous }: { identity: string; previous?: string },
): Promise<string> {
  const snapshot = join(home('exchange'), `snapshot-${name}`);
  const run = join(home('exchange'), `run-${name}`);
  await writeFile(join(at.books, 'balances.csv'), inventBalances(previous === undefined ? 1 : 2));
  await solvent(
    'exchange',
    ...['snapshot', '--platform', PLATFORM, '--at', takenAt, '--quote', 'USD', '--out', snapshot],
    ...['--balances', join(at.books, 'balances.csv'), '--assets', join(at.books, 'assets.csv')],
  );
  await timed(`proofs of ${name}`, () =>
    solvent(
      'exchange',
      ...['prove', snapshot, '--keys', at.keys, '--out', run, ...identityFlags(identity)],
      ...(previous === undefined ? [] : ['--previous', previous]),
    ),
  );
  await cp(join(run, 'bundle'), join(at.published, name), { recursive: true });
  return formatManifestHash(parseManifest(await readFile(join(run, 'bundle', 'manifest.json'))));
}

/** A few dozen users, each with at most two assets; every fifth of them owes some. */
function inventBalances(factor: number): string {
  const symbols = ['BTC', 'ETH', 'USDC', 'DOGE'];
  const lines = Array.from({ length: 30 }, (_, user) => {
    const [first, second] = [symbols[user % 4]!, symbols[(user + 1) % 4]!];
    const debt = user % 5 === 0 ? '0.01' : '0';
    const id = `user-${user}@example.com`;
    return `${id},${first},${(user + 1) * 10 * factor},0\n${id},${second},${user * factor},${debt}\n`;
  });
  return `user_id,asset,equity,debt\n${lines.join('')}`;
}

async function contribute(who: string, name: string): Promise<void> {
  await timed(`contribution ${who}`, () =>
    solvent(who, 'ceremony', 'contribute', ceremonyOf(who), '--name', name, ...identityFlags(who)),
  );
}

async function handOn(from: string, to: string): Promise<void> {
  console.log(`(${from} hands the directory to ${to})`);
  await rm(ceremonyOf(to), { recursive: true, force: true });
  await cp(ceremonyOf(from), ceremonyOf(to), { recursive: true });
}

function ceremonyOf(who: string): string {
  return join(home(who), 'ceremony');
}

function identityOf(who: string): string {
  return join(out, `${who}.pem`);
}

function passphraseOf(who: string): string {
  return join(out, `${who}.passphrase`);
}

function identityFlags(who: string): string[] {
  return ['--identity', identityOf(who), '--passphrase-file', passphraseOf(who)];
}

function heading(text: string): void {
  console.log(`\n== ${text} ==\n`);
}

async function timed(title: string, step: () => Promise<unknown>): Promise<void> {
  const startedAtMs = performance.now();
  await step();
  steps.push({ title, seconds: (performance.now() - startedAtMs) / 1000 });
}

/** Runs a command of somebody, who has a cache of their own. */
function solvent(who: string, ...args: string[]): Promise<void> {
  return run('solvent', join(root, 'dist/src/cli/main.js'), args, {
    SOLVENT_CACHE: resolve(home(who), 'cache'),
  });
}

function verify(...args: string[]): Promise<void> {
  return run('solvent-verify', join(root, 'dist/src/verifier/command/main.js'), ['bundle', ...args], {});
}

async function run(name: string, path: string, args: string[], environment: object): Promise<void> {
  console.log(`\n$ ${name} ${args.map(quote).join(' ')}\n`);
  const child = spawn(process.execPath, [path, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (exitCode !== 0) {
    console.error(`\n${name} ended with exit code ${exitCode ?? 'none'}; expected 0.`);
    process.exit(1);
  }
}

function quote(arg: string): string {
  const shown = arg.startsWith(root) ? relative(process.cwd(), arg) : arg;
  return /^[\w./:@+^-]+$/.test(shown) ? shown : `'${shown}'`;
}
