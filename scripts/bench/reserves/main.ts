// Verifies reserves of 1, 10 and 100 thousand wallets, and the first thousand with ethers and @ethereumjs/mpt too. Then
// it verifies as many outputs of Bitcoin, each with the whole transactions that made and spent it.
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { formatNumber, renderTable, toNumberColumn } from '../../../src/presentation/index.js';
import { describeScript, parseEach, parseFrom } from '../../command-line.js';
import { makeOutputs } from './make-outputs.js';
import { makeReserves } from './make-reserves.js';

type Measured = {
  readonly wallets: number;
  /** Of the processor, until the libraries are loaded. */
  readonly loadSeconds: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
};

const DEFAULT_COUNTS = [1000, 10_000, 100_000];
/** How the rows of Bitcoin are called. */
const OUTPUTS = 'solvent-verify, Bitcoin';
/** Wallets that the other libraries verify. */
const COMPARED = 1000;

const { wallets, outputs } = describeScript('npm run bench:reserves --', {
  does: 'Measure the verification of reserves, and ethers with @ethereumjs/mpt on the same wallets.',
  examples: ['', '--wallets 1000,5000'],
})
  .option('--wallets <counts>', 'numbers of wallets', parseEach(parseFrom(10, 1e6)), DEFAULT_COUNTS)
  .option('--outputs <counts>', 'numbers of Bitcoin outputs', parseEach(parseFrom(10, 1e6)), DEFAULT_COUNTS)
  .parse()
  .opts<{ readonly wallets: readonly number[]; readonly outputs: readonly number[] }>();

const rows: { readonly by: string; readonly measured: Measured }[] = [];
for (const walletCount of wallets) {
  const directory = join(tmpdir(), `solvent-bench-reserves-${process.pid}-${walletCount}`);
  try {
    await makeReserves(directory, { walletCount, proofCount: Math.min(COMPARED, walletCount) });
    rows.push({ by: 'solvent-verify', measured: measure(directory, 'solvent') });
    if (rows.length === 1)
      rows.push({ by: 'ethers, @ethereumjs/mpt', measured: measure(directory, 'ethers') });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
for (const outputCount of outputs) {
  const directory = join(tmpdir(), `solvent-bench-outputs-${process.pid}-${outputCount}`);
  try {
    await makeOutputs(directory, outputCount);
    rows.push({ by: OUTPUTS, measured: measure(directory, 'outputs') });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
process.stdout.write(
  renderTable(
    [
      { title: 'by' },
      ...['wallets or outputs', 'seconds', 'to load', 'processor seconds', 'ms each', 'peak MB'].map(
        toNumberColumn,
      ),
    ],
    rows.map(({ by, measured }) => [
      by,
      formatNumber(measured.wallets),
      measured.seconds.toFixed(2),
      measured.loadSeconds.toFixed(2),
      measured.processorSeconds.toFixed(2),
      ((measured.processorSeconds / measured.wallets) * 1000).toFixed(3),
      measured.peakMegabytes.toFixed(0),
    ]),
  ),
);
const [ours, theirs] = [rows[0]!.measured, rows[1]!.measured];
console.log(
  `\nratio to ethers with @ethereumjs/mpt, processor: ${(theirs.processorSeconds / theirs.wallets / (ours.processorSeconds / ours.wallets)).toFixed(1)}`,
);
for (const [of, counted] of [
  ['solvent-verify', 'wallets'],
  [OUTPUTS, 'outputs'],
] as const) {
  const own = rows.filter(({ by }) => by === of).map(({ measured }) => measured);
  if (own.length > 1) console.log(`grows with the power ${fitPower(own).toFixed(3)} of the ${counted}`);
}

function measure(directory: string, by: string): Measured {
  const script = fileURLToPath(new URL('./verify-once.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, directory, by], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`expected a measurement, got ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** The slope of processor time over wallets in a double-logarithmic plot, by least squares. */
function fitPower(measured: readonly Measured[]): number {
  const points = measured.map(
    ({ wallets: count, processorSeconds }) => [Math.log(count), Math.log(processorSeconds)] as const,
  );
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
