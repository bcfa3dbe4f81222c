import type { Command } from 'commander';

import { EXIT_CODES } from '../../protocol/index.js';
import { formatProvenance } from '../../verifier/index.js';
import { listKeys } from '../../keys/index.js';
import { renderTable } from '../table.js';

/** `solvent keys …`: the proving keys of a folder. */
export function addKeysCommand(program: Command): void {
  program
    .command('keys')
    .description('proving keys')
    .command('list')
    .description('show the keys of a folder: circuit, size, fingerprint, and where they come from')
    .argument('<directory>', 'the folder of keys')
    .option('--check', 'read every file through, and compare it with its hash')
    .action(async (directory: string, flags: { readonly check?: true }) => {
      const listings = await listKeys(directory, { check: flags.check ?? false });
      const [first] = listings;
      const rows = listings.map(({ circuit, sizeBytes, fingerprint, isWhole }) => [
        circuit,
        (sizeBytes / 1e6).toFixed(1),
        fingerprint,
        isWhole === undefined ? 'not read' : isWhole ? 'whole' : 'CHANGED',
      ]);
      const columns = [
        { title: 'circuit' },
        { title: 'MB', align: 'right' as const },
        { title: 'fingerprint' },
        { title: 'file' },
      ];
      process.stdout.write(
        [
          `Keys of the profile ${first!.profile} in ${directory}.\n\n`,
          renderTable(columns, rows),
          '\n',
          ...formatProvenance(first!.provenance).map((line) => `${line}\n`),
        ].join(''),
      );
      if (listings.some(({ isWhole }) => isWhole === false)) process.exitCode = EXIT_CODES.refused;
    });
}
