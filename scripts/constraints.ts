/**
 * Prints what every circuit of a profile costs. Without --compile the numbers are those of the cost model, which the tests hold to what the compiler makes; with it
 * every circuit is compiled, and a number that differs from the model ends the command with exit code 1.
 */
import { performance } from 'node:perf_hooks';

import { cacheDirectory } from '../src/system/index.js';
import { circuitName, circuitsOf, PROFILES, type CircuitParameters } from '../src/protocol/index.js';
import { alignColumns, formatNumber } from '../src/presentation/index.js';
import { compileCircuit, countConstraints, countRows } from '../src/keys/compile/index.js';
import { describeScript, parseOneOf } from './command-line.js';

/** Constraints a user that a circuit of the standard profile may take. */
const BOUNDS: Readonly<Record<string, number>> = { 'spot-4': 620, 'margin-4': 1_130, 'margin-16': 3_120 };

const values = describeScript('npm run constraints --', {
  does: 'Print what every circuit of a profile costs: constraints, constraints a user, and how full its rows are.',
  examples: ['', '--profile tiny --compile'],
})
  .option('--profile <name>', 'the sizes of the circuits', parseOneOf([...PROFILES.keys()]), 'standard')
  .option('--compile', 'compile each circuit too, and end with 1 where the cost model says another number')
  .parse()
  .opts<{ readonly profile: string; readonly compile?: true }>();
const profile = PROFILES.get(values.profile)!;

const rows = [['circuit', 'users', 'constraints', 'a user', 'bound', 'rows', 'of', 'fills']];
let isExact = true;
for (const parameters of circuitsOf(profile)) {
  rows.push(describeCost(parameters));
  if (values.compile) isExact = (await confirmByCompiling(parameters)) && isExact;
}
console.log(alignColumns(rows, rows[0]!.map((_, column) => column).slice(1)).join('\n'));
if (!isExact) {
  console.error('expected the cost model to be exact, got another number from the compiler');
  process.exit(1);
}

function describeCost(parameters: CircuitParameters): string[] {
  const constraints = countConstraints(parameters);
  const rowCount = countRows(parameters);
  const power = Math.ceil(Math.log2(rowCount));
  const users = parameters.kind === 'aggregate' ? undefined : parameters.users;
  const bound = values.profile === 'standard' ? BOUNDS[circuitName(parameters)] : undefined;
  return [
    circuitName(parameters),
    users?.toString() ?? '',
    formatNumber(constraints),
    users === undefined ? '' : (constraints / users).toFixed(1),
    bound === undefined ? '' : formatNumber(bound),
    formatNumber(rowCount),
    `2^${power}`,
    `${((100 * rowCount) / 2 ** power).toFixed(1)} %`,
  ];
}

async function confirmByCompiling(parameters: CircuitParameters): Promise<boolean> {
  const startMs = performance.now();
  let stage = '';
  const { constraintCount, wireCount } = await compileCircuit(parameters, {
    cacheDirectory: cacheDirectory(),
    onProgress: (progress) => (stage = progress.stage),
  });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(
    `${circuitName(parameters)}: ${stage} in ${seconds} s: ${constraintCount} constraints, ${wireCount} wires`,
  );
  return constraintCount === countConstraints(parameters);
}
