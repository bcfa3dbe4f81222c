import type { Command } from 'commander';

import { inspectSnapshot } from '../../snapshot/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { renderInspection } from '../render-inspect.js';

type InspectFlags = OutputFlags & { readonly user?: string };

/** `solvent snapshot inspect`: what is in a sealed snapshot. */
export function addSnapshotInspectCommand(snapshot: Command): void {
  const command = snapshot
    .command('inspect')
    .description('check a sealed snapshot and show what is in it: totals, prices, accounts, breaks')
    .argument('<directory>', 'the snapshot directory')
    .option('--user <id>', 'show what this user holds and owes too, with their statement');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'snapshot inspect snapshot --user me@example.org').action(
    async (directory: string, flags: InspectFlags) => {
      const progress = createProgress({ quiet: flags.quiet });
      try {
        const inspection = await inspectSnapshot(directory, {
          ...(flags.user === undefined ? {} : { userId: flags.user }),
          onProgress: (done, total) => {
            progress.report({ stage: 'Reading the accounts', done, total, unit: 'accounts' });
          },
        });
        progress.finish();
        writeResult(flags, {
          object: inspection,
          text: renderInspection(inspection),
          line: inspection.hash,
        });
      } finally {
        progress.finish();
      }
    },
  );
}
