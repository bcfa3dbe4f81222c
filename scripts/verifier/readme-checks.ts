/**
 * Writes the table of checks and codes in the README of the verifier from the verifier's own tables.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../../src/system/index.js';
import { CHECK_NUMBERS, FAILURES, UNVERIFIABLE } from '../../src/verifier/codes.js';
import { STEPS } from '../../src/verifier/steps.js';
import { describeScript } from '../command-line.js';
import { keepGenerated } from './generated.js';

const START = '<!-- checks: made by scripts/verifier/readme-checks.ts -->';
const END = '<!-- end of checks -->';

const { check = false } = describeScript('node dist/scripts/verifier/readme-checks.js', {
  does: 'Write the table of checks and codes in the README of the verifier from its own tables.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where a file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const path = join(projectRoot(), 'src/verifier/README.md');
const readme = await readFile(path, 'utf8');
const [before, rest = ''] = readme.split(START);
const after = rest.split(END)[1];
if (before === undefined || after === undefined)
  throw new Error('expected both marks in the README, got none');
const text = `${before}${START}\n\n${listChecks()}\n\n${END}${after}`;
process.exitCode = await keepGenerated([{ path, text }], { check });

function listChecks(): string {
  return CHECK_NUMBERS.map((number) => {
    const titles = Object.values(STEPS).filter((step) => step.number === number);
    const codes = Object.entries({ ...FAILURES, ...UNVERIFIABLE }).filter(
      ([, { check }]) => check === number,
    );
    return [
      `**${number}** ${titles.map(({ title }) => `${title}.`).join(' ')}`,
      '',
      '| code | what it says |',
      '| --- | --- |',
      ...codes.map(
        ([code, { sentence }]) =>
          `| \`${code}\` | ${sentence}${code in UNVERIFIABLE ? ' (exit code 3)' : ''} |`,
      ),
    ].join('\n');
  }).join('\n\n');
}
