import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import { nameDiskErrors, writeDirectoryAtomically } from '../../system/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

/** A configuration of a small invented platform, and the files that it names. */
const SAMPLE_FILES = ['snapshot.yaml', 'ledger.csv', 'balances.csv', 'loans.csv', 'prices.csv'] as const;
const SAMPLES = new URL('../sample/', import.meta.url);
const SAMPLE_INSTANT = '2026-03-31T00:00:00Z';

/** `solvent init`: a first configuration, which works as it is. */
export function addInitCommand(program: Command): void {
  const command = program
    .command('init')
    .description('write a first snapshot.yaml with sample files, to try it and to begin your own from')
    .argument('[directory]', 'new or empty', 'books');
  addOutputOptions(command);
  addExample(command, 'init books').action(async (directory: string, flags: OutputFlags) => {
    await writeDirectoryAtomically(directory, async (temporary) => {
      for (const name of SAMPLE_FILES) {
        const bytes = await readFile(new URL(name, SAMPLES));
        await nameDiskErrors(directory, () => writeFile(join(temporary, name), bytes));
      }
    });
    const config = join(directory, 'snapshot.yaml');
    writeResult(flags, {
      object: { directory, config, files: SAMPLE_FILES },
      text:
        `Wrote ${config} and the files of an invented platform that it names. Try it:\n\n` +
        `  solvent snapshot --config ${config} --at ${SAMPLE_INSTANT} --check\n\n` +
        'Then put your own sources in their place; docs/books.md says what each holds.\n',
      line: config,
    });
  });
}
