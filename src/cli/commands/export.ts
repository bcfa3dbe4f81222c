import { join } from 'node:path';

import { Option, type Command } from 'commander';

import { EXPORT_FORMATS, exportSnapshot, type ExportFormat } from '../../analysis/index.js';
import { formatCount } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

type ExportFlags = OutputFlags & { readonly format: ExportFormat; readonly out: string };

/** `solvent export`: a sealed snapshot as tables for spreadsheets and programs. */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write accounts, statements and totals of a sealed snapshot as tables, with their columns described',
    )
    .argument('<snapshot>', 'the snapshot directory')
    .addOption(
      new Option('--format <name>', 'whole units as text in csv and xlsx, proof units in parquet')
        .choices([...EXPORT_FORMATS])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'a new directory; its files are for their owner alone to read');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'export snapshot-2026-03 --format xlsx --out tables-2026-03').action(
    async (snapshot: string, { format, out, ...flags }: ExportFlags) => {
      const { files, rows } = await exportSnapshot(snapshot, { format, outDirectory: out });
      const counted = Object.entries(rows).map(([table, count]) => `${table} ${formatCount(count, 'row')}`);
      writeResult(flags, {
        object: { path: out, files, rows },
        text: `Wrote ${counted.join(', ')}:\n${files.map((file) => `  ${join(out, file)}\n`).join('')}`,
        line: out,
      });
    },
  );
}
