import { join } from 'node:path';

import type { Command } from 'commander';

import { INDEX_FILE, writeStatements } from '../../analysis/index.js';
import { formatCount } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';

type StatementsFlags = OutputFlags & {
  readonly out: string;
  readonly report?: string;
  readonly attribution?: string;
};

/** `solvent statements`: a printable statement of position for every client. */
export function addStatementsCommand(program: Command): void {
  const command = program
    .command('statements')
    .description(
      'write a statement of position for every client of a sealed snapshot, one printable page each',
    )
    .argument('<snapshot>', 'the snapshot directory')
    .requiredOption('--out <dir>', 'a new directory; its files are for their owner alone to read')
    .option('--report <file>', 'the verdict to show: what solvent-verify bundle --json printed')
    .option(
      '--attribution <dir>',
      'an attribution that ends with the snapshot: what was moved since it began',
    );
  addOutputOptions(command, { isLong: true });
  addExample(command, 'statements snapshot-2026-03 --report verdict.json --out statements-2026-03').action(
    async (snapshot: string, { out, report, attribution, ...flags }: StatementsFlags) => {
      const progress = createProgress({ quiet: flags.quiet });
      try {
        const pages = await writeStatements({
          ...{ snapshot, outDirectory: out },
          ...(report === undefined ? {} : { reportPath: report }),
          ...(attribution === undefined ? {} : { attribution }),
          onProgress: (done, total) => {
            progress.report({ stage: 'Writing statements', done, total, unit: 'clients' });
          },
        });
        progress.finish();
        writeResult(flags, {
          object: { path: out, pages, verified: report !== undefined },
          text: `Wrote ${formatCount(pages, 'statement')} of position; ${join(out, INDEX_FILE)} says whose they are.\n${
            report === undefined
              ? 'They say that nobody verified them: name the verdict with --report.\n'
              : ''
          }`,
          line: out,
        });
      } finally {
        progress.finish();
      }
    },
  );
}
