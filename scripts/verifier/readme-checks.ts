/**
 * Writes the table of checks and codes in the README of the verifier from the verifier's own tables.
 */
import { readdir, readFile } from 'node:fs/promises';
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
  /** The directory below `src/verifier` that makes them. */
  readonly directory: string;
  readonly numbers: readonly string[];
  readonly steps: Readonly<Record<string, { readonly number: string; readonly title: string }>>;
  readonly failures: Readonly<Record<string, { readonly check: string; readonly sentence: string }>>;
  readonly unverifiable: Readonly<Record<string, { readonly check: string; readonly sentence: string }>>;
};

const TABLES: readonly Table[] = [
  {
    mark: 'checks',
    directory: '.',
    numbers: CHECK_NUMBERS,
    steps: STEPS,
    failures: FAILURES,
    unverifiable: UNVERIFIABLE,
  },
  {
    mark: 'checks of reserves',
    directory: 'reserves',
    numbers: [...new Set(Object.values(RESERVES_STEPS).map(({ number }) => number))].sort(),
    steps: RESERVES_STEPS,
    failures: RESERVES_FAILURES,
    unverifiable: RESERVES_UNVERIFIABLE,
  },
];

/** `make('step', () => called(`, whichever way the function is written. */
const MADE_CHECK = /\bmake\(\s*'([a-z-]+)',\s*(?:async )?(?:\(\) =>\s*)?(?:\{\s*|\(\{\s*)?([A-Za-z]*)/g;

const { check = false } = describeScript('node dist/scripts/verifier/readme-checks.js', {
  does: 'Write the table of checks and codes in the README of the verifier from its own tables.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where a file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const VERIFIER = join(projectRoot(), 'src/verifier');
const path = join(VERIFIER, 'README.md');
let text = await readFile(path, 'utf8');
for (const table of TABLES) text = placeTable(text, table, await findHomes(table));
process.exitCode = await keepGenerated([{ path, text }], { check });

/** Where each check is made: `checks/manifest.ts: readManifest`, or the file alone where it is written out in its turn. */
async function findHomes({ directory, steps }: Table): Promise<ReadonlyMap<string, string>> {
  const homes = new Map<string, string>();
  for (const nested of [directory, join(directory, 'checks')]) {
    for (const name of await readdir(join(VERIFIER, nested))) {
      if (!name.endsWith('.ts')) continue;
      const file = join(nested, name);
      const source = await readFile(join(VERIFIER, file), 'utf8');
      for (const [, step = '', called = ''] of source.matchAll(MADE_CHECK)) {
        const from = new RegExp(`import \\{[^}]*\\b${called}\\b[^}]*\\} from '(\\./[^']+)\\.js'`).exec(
          source,
        )?.[1];
        const home = from === undefined ? file : `${join(nested, `${from}.ts`)}: ${called}`;
        if (!homes.has(step) || from !== undefined) homes.set(step, home);
      }
    }
  }
  const lost = Object.keys(steps).filter((step) => !homes.has(step));
  if (lost.length > 0) throw new Error(`expected where each check is made, got none for ${lost.join(', ')}`);
  return homes;
}

function placeTable(readme: string, table: Table, homes: ReadonlyMap<string, string>): string {
  const start = `<!-- ${table.mark}: made by scripts/verifier/readme-checks.ts -->`;
  const end = `<!-- end of ${table.mark} -->`;
  const [before, rest = ''] = readme.split(start);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`expected both marks of ${table.mark} in the README, got none`);
  return `${before}${start}\n\n${listChecks(table, homes)}\n\n${end}${after}`;
}

function listChecks(
  { numbers, steps, failures, unverifiable }: Table,
  homes: ReadonlyMap<string, string>,
): string {
  return numbers
    .map((number) => {
      const made = Object.entries(steps).filter(([, step]) => step.number === number);
      const codes = Object.entries({ ...failures, ...unverifiable }).filter(
        ([, { check }]) => check === number,
      );
      return [
        `**${number}**`,
        '',
        ...made.map(([step, { title }]) => `- ${title}. (\`${homes.get(step)!}\`)`),
        '',
        '| code | what it says |',
        '| --- | --- |',
        ...codes.map(
          ([code, { sentence }]) =>
            `| \`${code}\` | ${sentence}${code in unverifiable ? ' (exit code 3)' : ''} |`,
        ),
      ].join('\n');
    })
    .join('\n\n');
}
