/**
 * The check of a ceremony's keys beside `snarkjs zkey verify`, on the same key in one run, for each profile that is named. The
 * powers of tau follow from what everybody knows, and one contribution is snarkjs's own. Every measurement is a process of its
 * own: its time is of all its threads, and its peak memory too.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { compileProfile } from '../../src/keys/index.js';
import { checkKey } from '../../src/keys/key-check/index.js';
import { contributeToKey } from '../../src/keys/snarkjs.js';
import { domainPower } from '../../src/keys/compile/index.js';
import { formatNumber, renderTable } from '../../src/presentation/index.js';
import { nameOfLayout, PROFILES } from '../../src/protocol/index.js';
import { cacheDirectory } from '../../src/system/index.js';
import { writeInitialKey } from '../ceremony/development-initial-key.js';
import { cacheDevelopmentPowers } from '../ceremony/development-powers.js';
import { describeScript, parseEach, parseOneOf } from '../command-line.js';

const VERIFIERS = ['solvent', 'snarkjs'] as const;
type Verifier = (typeof VERIFIERS)[number];

type Flags = {
  readonly profiles: readonly string[];
  readonly circuit: string;
  readonly alone?: true;
  readonly measure?: Verifier;
  readonly files?: string;
};

const flags = describeScript('npm run bench:ceremony --', {
  does: 'Measure the check of a ceremony’s key beside snarkjs zkey verify: the same key, in one run.',
  examples: ['', '--profiles tiny', '--profiles standard --alone'],
})
  .option(
    '--profiles <names>',
    'sizes, with commas between them',
    parseEach(parseOneOf([...PROFILES.keys()])),
    ['tiny', 'small'],
  )
  .option('--circuit <name>', 'the circuit of each', 'spot-1')
  .option('--alone', 'leave snarkjs out, which takes an hour for standard')
  .option('--measure <name>', 'measure one and print JSON; for this script itself', parseOneOf(VERIFIERS))
  .option('--files <json>', 'what to measure it with; for this script itself')
  .parse()
  .opts<Flags>();

/** What a key is checked with. */
type Files = { readonly r1csPath: string; readonly ptauPath: string; readonly zkeyPath: string };
type Measured = { readonly processorS: number; readonly wallS: number; readonly peakMegabytes: number };
type Row = {
  readonly profile: string;
  readonly constraints: number;
  readonly ours: Measured;
  readonly theirs: Measured | undefined;
};

if (flags.measure !== undefined) await measureHere(flags.measure, JSON.parse(flags.files!) as Files);
else await compare();

async function compare(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-bench-ceremony-'));
  const rows: Row[] = [];
  try {
    for (const profile of flags.profiles) rows.push(await measureProfile(profile, directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  console.log(`\nThe key of ${flags.circuit} in each profile\n`);
  console.log(
    renderTable(
      [
        { title: 'profile' },
        { title: 'constraints', align: 'right' },
        { title: 'snarkjs, processor s', align: 'right' },
        { title: 'wall s', align: 'right' },
        { title: 'peak MB', align: 'right' },
        { title: 'Solvent, processor s', align: 'right' },
        { title: 'wall s', align: 'right' },
        { title: 'peak MB', align: 'right' },
        { title: 'ratio', align: 'right' },
        { title: 'exponent', align: 'right' },
      ],
      rows.map((row, index) => [
        row.profile,
        formatNumber(row.constraints),
        ...spellMeasured(row.theirs),
        ...spellMeasured(row.ours),
        row.theirs === undefined ? '' : `${(row.theirs.processorS / row.ours.processorS).toFixed(1)} x`,
        index === 0 ? '' : exponentOf(rows[index - 1]!, row).toFixed(2),
      ]),
    ),
  );
}

function spellMeasured(measured: Measured | undefined): string[] {
  if (measured === undefined) return ['', '', ''];
  const { processorS, wallS, peakMegabytes } = measured;
  return [processorS.toFixed(1), wallS.toFixed(1), formatNumber(Math.round(peakMegabytes))];
}

function exponentOf(before: Row, row: Row): number {
  return (
    Math.log(row.ours.processorS / before.ours.processorS) / Math.log(row.constraints / before.constraints)
  );
}

async function measureProfile(profile: string, directory: string): Promise<Row> {
  const { files, constraints } = await prepare(profile, directory);
  const ours = await measureApart('solvent', files);
  const theirs = flags.alone === true ? undefined : await measureApart('snarkjs', files);
  return { profile, constraints, ours, theirs };
}

async function prepare(name: string, directory: string): Promise<{ files: Files; constraints: number }> {
  const profile = PROFILES.get(name)!;
  const layouts = profile.layouts.filter((layout) => nameOfLayout(layout) === flags.circuit);
  if (layouts.length !== 1) throw new Error(`expected a circuit of ${name}, got another`);
  console.log(`${name}: preparing a key`);
  const [circuit] = await compileProfile({ ...profile, layouts }, { cacheDirectory: cacheDirectory() });
  const { r1csPath, constraintCount: constraints } = circuit!;
  const ptauPath = cacheDevelopmentPowers(domainPower(layouts[0]!));
  const initial = join(directory, `${name}-0.zkey`);
  const zkeyPath = join(directory, `${name}-1.zkey`);
  await writeInitialKey({ name: flags.circuit, r1csPath, ptauPath }, initial);
  // A contribution takes snarkjs longer than the check takes, which is the same without.
  if (flags.alone === true) return { files: { r1csPath, ptauPath, zkeyPath: initial }, constraints };
  const options = { name: 'a benchmark', ownEntropy: '', onProgress: undefined };
  await writeFile(zkeyPath, await contributeToKey(initial, options));
  await rm(initial);
  return { files: { r1csPath, ptauPath, zkeyPath }, constraints };
}

async function measureHere(verifier: Verifier, { r1csPath, ptauPath, zkeyPath }: Files): Promise<void> {
  const before = process.cpuUsage();
  const began = performance.now();
  if (verifier === 'solvent') await checkKey({ name: flags.circuit, r1csPath, ptauPath, zkeyPath });
  else if (!(await verifyWithSnarkjs(r1csPath, ptauPath, zkeyPath)))
    throw new Error('expected snarkjs to accept the key');
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = {
    processorS: (user + system) / 1e6,
    wallS: (performance.now() - began) / 1e3,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(measured));
  // snarkjs leaves its threads running.
  process.exit(0);
}

/** `snarkjs zkey verify`. */
async function verifyWithSnarkjs(r1csPath: string, ptauPath: string, zkeyPath: string): Promise<boolean> {
  const snarkjs = createRequire(import.meta.url)('snarkjs') as {
    zKey: { verifyFromR1cs(r1cs: string, ptau: string, zkey: string): Promise<boolean> };
  };
  return snarkjs.zKey.verifyFromR1cs(r1csPath, ptauPath, zkeyPath);
}

function measureApart(verifier: Verifier, files: Files): Promise<Measured> {
  console.log(`  ${verifier}`);
  const args = [fileURLToPath(import.meta.url), '--circuit', flags.circuit, '--measure', verifier];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, '--files', JSON.stringify(files)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(JSON.parse(output.trim().split('\n').at(-1)!) as Measured);
      else reject(new Error(`expected ${verifier} to end with 0, got ${exitCode}`));
    });
  });
}
