import { Option, type Command } from 'commander';

import { createSnapshot, type UnderwaterPolicy } from '../../snapshot/index.js';
import { createProgress } from '../progress.js';
import { renderSnapshot } from '../render-snapshot.js';

type SnapshotFlags = {
  readonly platform: string;
  readonly at: string;
  readonly quote: string;
  readonly balances: string;
  readonly assets: string;
  readonly out: string;
  readonly underwater: UnderwaterPolicy;
};

const STAGES = {
  scan: 'Scanning the files',
  read: 'Reading the balances',
  settle: 'Valuing the accounts',
  write: 'Writing the snapshot',
} as const;

/** `solvent snapshot`: from balance files to a sealed snapshot directory. */
export function addSnapshotCommand(program: Command): void {
  program
    .command('snapshot')
    .description('read balances and prices at one instant, check them, and seal them')
    .requiredOption('--platform <name>', 'the name that users and verifiers know the platform by')
    .requiredOption('--at <instant>', 'the instant of the balances, RFC 3339: 2026-01-31T00:00:00Z')
    .requiredOption('--quote <symbol>', 'the currency of the prices')
    .requiredOption('--balances <file>', 'CSV with user_id, asset, equity and, where accounts owe, debt')
    .requiredOption('--assets <file>', 'CSV with symbol, decimals, price, collateral_ratio')
    .requiredOption('--out <dir>', 'the snapshot directory; new or empty')
    .addOption(
      new Option(
        '--underwater <policy>',
        'what to do with accounts whose collateral does not cover their debt',
      )
        .choices(['fail', 'write-off'])
        .default('fail'),
    )
    .action(async (flags: SnapshotFlags) => {
      const progress = createProgress();
      try {
        const snapshot = await createSnapshot({
          platform: flags.platform,
          takenAt: flags.at,
          quote: flags.quote,
          balancesPath: flags.balances,
          assetsPath: flags.assets,
          outDirectory: flags.out,
          underwater: flags.underwater,
          onProgress: ({ stage, done, total }) => {
            progress.report({ stage: STAGES[stage], done, total });
          },
        });
        progress.finish();
        process.stdout.write(renderSnapshot(snapshot, flags.out));
      } finally {
        progress.finish();
      }
    });
}
