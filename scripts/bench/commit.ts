/**
 * Processor time of everything between planning and proving, a row: what follows from one batch of each circuit of a
 * profile, step by step. Rows are full, so that words and elements are as long as they get.
 */
import { renderTable } from '../../src/presentation/index.js';
import {
  type FieldElement,
  commitPart,
  deriveBatchSecrets,
  derivePartNonce,
  evaluateBatch,
  groupCount,
  hashBatchContent,
  hashList,
  nameOfLayout,
  PROFILES,
  ZERO,
  type Challenges,
  type IdentifiedRow,
  type RowLayout,
  type Slot,
} from '../../src/protocol/index.js';
import { commitRows, hashGroups, computeBatchDigest } from '../../src/prover/commit/commit-batch.js';

import type { Sponge } from '../../src/prover/poseidon/poseidon.js';
import { PointMaker } from '../../src/prover/commit/fixed-base.js';
import { loadFastSponge } from '../../src/prover/poseidon/fast-sponge.js';
import { describeScript } from '../command-line.js';

const command = describeScript('node dist/scripts/bench/commit.js', {
  does: 'Measure how long it takes to commit to rows.',
  examples: ['', '--profile small'],
})
  .option('--profile <name>', 'whose layouts are measured', 'standard')
  .option('--batches <count>', 'batches that tables of points are made for', Number, 20);
const { profile, batches } = command.parse().opts<{ profile: string; batches: number }>();
const layouts = PROFILES.get(profile)?.layouts;
if (layouts === undefined) throw new Error(`expected one of ${[...PROFILES.keys()].join(', ')}`);

const SECRET = new Uint8Array(32).fill(7);
const SOME = (1n << 200n) as FieldElement;
const CHALLENGES: Challenges = {
  gamma: SOME,
  x: (SOME + 1n) as FieldElement,
  rho: (SOME + 2n) as FieldElement,
};

const titles = [
  'rows',
  'tables',
  'ids',
  'content',
  'secrets',
  'points',
  'lists',
  'digest',
  '(b) in all',
  'values',
];
const columns = ['circuit', ...titles].map((title) => ({ title, align: 'right' as const }));
const points = await PointMaker.open();
const sponge = await loadFastSponge();
// A first pass compiles the code, which a run of many batches does once.
for (const layout of layouts) measure(layout, { points, sponge });
process.stdout.write('Milliseconds of processor a row; tables in milliseconds for a run.\n');
process.stdout.write(
  renderTable(
    columns,
    layouts.map((layout) => measure(layout, { points, sponge })),
  ),
);

function measure(
  layout: RowLayout,
  { points: maker, sponge }: { points: PointMaker; sponge: Sponge },
): string[] {
  const perRow: number[] = [];
  const step = <T>(make: () => T): T => {
    const [made, ms] = timed(make);
    perRow.push(ms / layout.rows);
    return made;
  };
  const combinations = batches * (layout.rows + groupCount(layout));
  const [commit, tableMs] = timed(() => maker.committerOf(layout, combinations));
  const rows = step(() => Array.from({ length: layout.rows }, (_, row) => fullRow(layout, row)));
  step(() => hashBatchContent(layout, rows));
  const secrets = step(() => deriveBatchSecrets(layout, SECRET, ZERO));
  const committed = step(() => commitRows(layout, { rows, secrets }, commit));
  step(() => hashList(layout, hashGroups(layout, committed)));
  step(() => computeBatchDigest(sponge, layout, { masks: secrets.masks, rows }));
  const all = perRow.reduce((sum, ms) => sum + ms, 0);
  const [, valuesMs] = timed(() => evaluateBatch(layout, { rows, masks: secrets.masks }, CHALLENGES));
  return [
    nameOfLayout(layout),
    String(layout.rows),
    tableMs.toFixed(0),
    ...[...perRow, all, valuesMs / layout.rows].map((ms) => ms.toFixed(3)),
  ];
}

/** A row whose slots are all used, with an id as an account's has. */
function fullRow(layout: RowLayout, row: number): IdentifiedRow {
  const slots = Array.from({ length: layout.slots }, (_, index): Slot => {
    const slot = { amountUnits: (1n << 60n) + BigInt(row * 131 + index), assetIndex: 3 * index };
    return layout.kind === 'margin' ? { ...slot, side: 0 } : slot;
  });
  const nonce = derivePartNonce(SECRET, `user-${row}@example.org`, 1);
  const id = commitPart({ idHash: SOME, part: 1, partCount: 1, nonce, statement: ZERO });
  return { slots, netValue: layout.kind === 'margin' ? 1n << 100n : 0n, id };
}

function timed<T>(make: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const made = make();
  const { user, system } = process.cpuUsage(before);
  return [made, (user + system) / 1000];
}
