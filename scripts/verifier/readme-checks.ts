/**
 * Writes the lists of checks and codes in the README of the verifier from the verifier's own tables.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../../src/system/index.js';
import { CHECK_NUMBERS, FAILURES, UNVERIFIABLE } from '../../src/verifier/codes.js';
import { RESERVES_FAILURES, RESERVES_UNVERIFIABLE } from '../../src/verifier/reserves/codes.js';
import { RESERVES_STEPS } from '../../src/verifier/reserves/steps.js';
import { STEPS } from '../../src/verifier/steps.js';
import { describeScript } from '../command-line.js';
import { keepGenerated } from './generated.js';

/** A table of the README: its checks by number, with their codes. */
type Table = {
  readonly mark: string;
  readonly numbers: readonly string[];
  readonly steps: Readonly<Record<string, { readonly number: string; readonly title: string }>>;
  readonly failures: Readonly<Record<string, { readonly check: string; readonly sentence: string }>>;
  readonly unverifiable: Readonly<Record<string, { readonly check: string; readonly sentence: string }>>;
};

const TABLES: readonly Table[] = [
  { mark: 'checks', numbers: CHECK_NUMBERS, steps: STEPS, failures: FAILURES, unverifiable: UNVERIFIABLE },
  {
    mark: 'checks of reserves',
    numbers: [...new Set(Object.values(RESERVES_STEPS).map(({ number }) => number))].sort(),
    steps: RESERVES_STEPS,
    failures: RESERVES_FAILURES,
    unverifiable: RESERVES_UNVERIFIABLE,
  },
];

const { check = false } = describeScript('node dist/scripts/verifier/readme-checks.js', {
  does: 'Write the lists of checks and codes in the README of the verifier from its own tables.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where a file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const path = join(projectRoot(), 'src/verifier/README.md');
let text = await readFile(path, 'utf8');
for (const table of TABLES) text = placeTable(text, table);
process.exitCode = await keepGenerated([{ path, text }], { check });

function placeTable(readme: string, table: Table): string {
  const start = `<!-- ${table.mark}: made by scripts/verifier/readme-checks.ts -->`;
  const end = `<!-- end of ${table.mark} -->`;
  const [before, rest = ''] = readme.split(start);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`expected both marks of ${table.mark} in the README, got none`);
  return `${before}${start}\n\n${listChecks(table)}\n\n${end}${after}`;
}

function listChecks({ numbers, steps, failures, unverifiable }: Table): string {
  return numbers
    .map((number) => {
      const titles = Object.values(steps).filter((step) => step.number === number);
      const codes = Object.entries({ ...failures, ...unverifiable }).filter(
        ([, { check }]) => check === number,
      );
      return [
        `**${number}** ${titles.map(({ title }) => `${title}.`).join(' ')}`,
        '',
        ...codes.map(
          ([code, { sentence }]) =>
            `- \`${code}\`: ${sentence}${code in unverifiable ? ' (exit code 3)' : ''}`,
        ),
      ].join('\n');
    })
    .join('\n\n');
}
