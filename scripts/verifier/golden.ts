/**
 * Makes the golden bundles of a version of the formats, which every later verifier must go on verifying. They are made
 * once, when formats change, and never made again: a directory that is there is refused.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeDirectoryAtomically } from '../../src/system/index.js';
import {
  formatManifestHash,
  parseInclusion,
  parseManifest,
  type InclusionFile,
  type Manifest,
} from '../../src/protocol/index.js';
import { describeScript } from '../command-line.js';
import { BALANCES, BALANCES_FILES, BOOKS, BOOKS_FILES, INSTANTS, type GoldenUser } from './golden-books.js';

const values = describeScript('node dist/scripts/verifier/golden.js', {
  does: 'Make the golden bundles of a version of the formats, once: a directory that is there is refused.',
  examples: ['--out conformance/bundles/v2'],
})
  .requiredOption('--out <dir>', 'a new directory')
  .parse()
  .opts<{ readonly out: string }>();
const work = await mkdtemp(join(tmpdir(), 'solvent-golden-'));
const at = (...names: string[]) => join(work, ...names);
try {
  await writeDirectoryAtomically(values.out, async (target) => {
    solvent('setup', '--profile', 'tiny', '--development', '--keys', at('keys'));
    await cp(at('keys', 'trust.json'), join(target, 'trust.json'));
    await writeFiles('balances', BALANCES_FILES);
    await writeFiles('books', BOOKS_FILES);

    const csv = ['--balances', at('balances', 'balances.csv'), '--assets', at('balances', 'assets.csv')];
    const names = ['--platform', BALANCES.platform, '--quote', 'USD', '--underwater', 'write-off'];
    solvent('snapshot', ...names, ...csv, '--at', INSTANTS.balances, '--out', at('balances-snapshot'));
    const first = await keepRun(join(target, 'balances'), { name: 'balances', users: BALANCES.users });

    const config = ['--config', at('books', 'snapshot.yaml'), '--at', INSTANTS.books];
    solvent('snapshot', ...config, '--out', at('books-snapshot'));
    await keepRun(join(target, 'books'), { name: 'books', users: BOOKS.users, previous: first });
  });
  console.log(`wrote ${values.out}`);
} finally {
  await rm(work, { recursive: true, force: true });
}

/** Proves a snapshot and keeps what readers get of it, with what they must find. Returns the manifest hash. */
async function keepRun(
  target: string,
  { name, users, previous }: { name: string; users: readonly GoldenUser[]; previous?: string },
): Promise<string> {
  const run = at(`${name}-run`);
  const chained = previous === undefined ? [] : ['--previous', previous];
  solvent('prove', at(`${name}-snapshot`), '--keys', at('keys'), '--out', run, ...chained);
  await mkdir(join(target, 'inclusion'), { recursive: true });
  await cp(join(run, 'bundle'), join(target, 'bundle'), { recursive: true });
  const manifest = parseManifest(await readFile(join(target, 'bundle', 'manifest.json')));
  const expectedUsers = [];
  for (const { userId, file } of users) {
    const path = join(target, 'inclusion', file);
    solvent('inclusion', run, '--user', userId, '--out', path);
    const inclusion = parseInclusion(await readFile(path));
    const { partCount, statement } = inclusion;
    const holdings = listHoldings(inclusion, manifest);
    expectedUsers.push({ userId, file, holdings, partCount, lineCount: statement?.lines.length ?? null });
  }
  const manifestHash = formatManifestHash(manifest);
  const expected = {
    manifestHash,
    previousManifestHash: previous ?? null,
    takenAt: manifest.takenAt,
    totals: manifest.totals,
    users: expectedUsers,
  };
  await writeFile(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
  return manifestHash;
}

/** What the parts of an account add up to. */
function listHoldings({ parts }: InclusionFile, { assets }: Manifest) {
  const slots = parts.flatMap((part) => part.slots);
  return assets.flatMap(({ symbol }, assetIndex) => {
    const own = slots.filter(({ index }) => index === assetIndex);
    const sum = (side: 0 | 1) =>
      own
        .filter((slot) => ('side' in slot ? slot.side : 0) === side)
        .reduce((total, { amount }) => total + BigInt(amount), 0n)
        .toString();
    return own.length === 0 ? [] : [{ asset: symbol, equity: sum(0), debt: sum(1) }];
  });
}

async function writeFiles(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(at(name));
  for (const [file, text] of Object.entries(files)) await writeFile(at(name, file), text);
}

function solvent(...args: string[]): void {
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`expected solvent ${args[0] ?? ''} to succeed, got: ${stderr}`);
}
