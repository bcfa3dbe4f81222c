/**
 * Prints what every circuit of a profile costs. Without --compile the numbers are those of the cost model, which the
 * tests compare with what the compiler makes. With it every circuit is compiled, and a number that differs from the
 * model ends the command with exit code 1.
 */
import { performance } from 'node:perf_hooks';

import { cacheDirectory } from '../src/system/index.js';
import { nameOfLayout, PROFILES, type RowLayout } from '../src/protocol/index.js';
import { alignColumns, formatNumber } from '../src/presentation/index.js';
import { compileCircuit, countConstraints, countDomainRows, domainPower } from '../src/keys/compile/index.js';
import { parseProfile, wideOption } from '../src/cli/arguments.js';
import { describeScript, parseOneOf } from './command-line.js';

const values = describeScript('npm run constraints --', {
  does: 'Print what every circuit of a profile costs: constraints, constraints a row, and how full its domain is.',
  examples: ['', '--profile tiny --compile', '--wide 2048'],
})
  .option('--profile <name>', 'the sizes of the circuits', parseOneOf([...PROFILES.keys()]), 'standard')
  .addOption(wideOption())
  .option('--compile', 'compile each circuit too, and end with 1 where the cost model says another number')
  .parse()
  .opts<{ readonly profile: string; readonly wide?: number; readonly compile?: true }>();

const table = [['circuit', 'rows', 'slots', 'constraints', 'a row', 'domain rows', 'of', 'fills']];
let isExact = true;
for (const layout of parseProfile(values).layouts) {
  table.push(describeCost(layout));
  if (values.compile) isExact = (await confirmByCompiling(layout)) && isExact;
}
console.log(alignColumns(table, table[0]!.map((_, column) => column).slice(1)).join('\n'));
if (!isExact) {
  console.error('expected the cost model to be exact, got another number from the compiler');
  process.exit(1);
}

function describeCost(layout: RowLayout): string[] {
  const constraints = countConstraints(layout);
  const domainRows = countDomainRows(layout);
  const power = domainPower(layout);
  return [
    nameOfLayout(layout),
    formatNumber(layout.rows),
    formatNumber(layout.slots),
    formatNumber(constraints),
    formatNumber(constraints / layout.rows, 1),
    formatNumber(domainRows),
    `2^${power}`,
    `${formatNumber((100 * domainRows) / 2 ** power, 1)} %`,
  ];
}

async function confirmByCompiling(layout: RowLayout): Promise<boolean> {
  const startMs = performance.now();
  let stage = '';
  const { constraintCount, wireCount } = await compileCircuit(layout, {
    cacheDirectory: cacheDirectory(),
    onProgress: (progress) => (stage = progress.stage),
  });
  const seconds = formatNumber((performance.now() - startMs) / 1000, 1);
  const counts = `${formatNumber(constraintCount)} constraints, ${formatNumber(wireCount)} wires`;
  console.log(`${nameOfLayout(layout)}: ${stage} in ${seconds} s: ${counts}`);
  return constraintCount === countConstraints(layout);
}
