import type { Command } from 'commander';

import { EXIT_CODES } from '../../protocol/index.js';
import { listKeys } from '../../keys/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { formatProvenance, renderTable, toNumberColumn } from '../../presentation/index.js';
import { formatMegabytes } from '../render-keys.js';

/** `solvent keys …`: the proving keys of a directory. */
export function addKeysCommand(program: Command): void {
  const command = program
    .command('keys')
    .description('proving keys')
    .command('list')
    .description('show the keys of a directory: circuit, size, fingerprint, and where they come from')
    .argument('<directory>', 'the directory of keys')
    .option('--check', 'read every file through, and compare it with its hash');
  addOutputOptions(command);
  addExample(command, 'keys list keys --check').action(
    async (directory: string, flags: OutputFlags & { readonly check?: true }) => {
      const listings = await listKeys(directory, { check: flags.check ?? false });
      const [first] = listings;
      const rows = listings.map(({ circuit, sizeBytes, fingerprint, isWhole }) => [
        circuit,
        formatMegabytes(sizeBytes),
        fingerprint,
        isWhole === undefined ? 'not read' : isWhole ? 'whole' : 'CHANGED',
      ]);
      const columns = [
        { title: 'circuit' },
        toNumberColumn('MB'),
        { title: 'fingerprint' },
        { title: 'file' },
      ];
      const { profile, provenance } = first!;
      writeResult(flags, {
        object: {
          directory,
          profile,
          provenance,
          circuits: listings.map(({ circuit, parameters, sizeBytes, fingerprint, sha256, isWhole }) => ({
            name: circuit,
            parameters,
            sizeBytes,
            fingerprint,
            sha256,
            isWhole: isWhole ?? null,
          })),
        },
        text: [
          `Keys of the profile ${profile} in ${directory}.\n\n`,
          renderTable(columns, rows),
          '\n',
          ...formatProvenance(provenance).map((line) => `${line}\n`),
        ].join(''),
        line: profile,
      });
      if (listings.some(({ isWhole }) => isWhole === false)) process.exitCode = EXIT_CODES.refused;
    },
  );
}
