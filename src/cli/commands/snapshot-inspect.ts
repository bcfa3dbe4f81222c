import type { Command } from 'commander';

import { encodeJsonLine } from '../../protocol/index.js';
import { inspectSnapshot } from '../../snapshot/index.js';
import { createProgress } from '../progress.js';
import { renderInspection } from '../render-inspect.js';

type InspectFlags = { readonly user?: string; readonly json?: true };

/** `solvent snapshot inspect`: what is in a sealed snapshot. */
export function addSnapshotInspectCommand(snapshot: Command): void {
  snapshot
    .command('inspect')
    .description('check a sealed snapshot and show what is in it: totals, prices, accounts, breaks')
    .argument('<directory>', 'the snapshot directory')
    .option('--user <id>', 'show what this user holds and owes too, with their statement')
    .option('--json', 'write JSON, for programs')
    .action(async (directory: string, flags: InspectFlags) => {
      const progress = createProgress();
      try {
        const inspection = await inspectSnapshot(directory, {
          ...(flags.user === undefined ? {} : { userId: flags.user }),
          onProgress: (done, total) => {
            progress.report({ stage: 'Reading the accounts', done, total });
          },
        });
        progress.finish();
        process.stdout.write(flags.json ? encodeJsonLine(inspection) : renderInspection(inspection));
      } finally {
        progress.finish();
      }
    });
}
