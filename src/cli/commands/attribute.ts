import { join } from 'node:path';

import type { Command } from 'commander';

import { ATTRIBUTION_FILES, attributeSnapshots, type AttributionStage } from '../../analysis/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';
import { renderAttributionText } from '../render-attribution.js';

type AttributeFlags = OutputFlags & {
  readonly config: string;
  readonly out: string;
  readonly account?: string;
};

const STAGES: Readonly<Record<AttributionStage, string>> = {
  hash: 'Scanning the ledger',
  read: 'Reading the ledger',
  attribute: 'Attributing',
  write: 'Writing the attribution',
};

/** `solvent attribute`: what became of every account between two snapshots, in parts that add up. */
export function addAttributeCommand(program: Command): void {
  const command = program
    .command('attribute')
    .description(
      'say what became of every account between two snapshots: parts that add up, returns, a report',
    )
    .argument('<before>', 'the sealed snapshot at the beginning')
    .argument('<after>', 'the sealed snapshot at the end')
    .requiredOption('--config <file>', 'the books that the second was made of; their ledger is read')
    .requiredOption('--out <dir>', 'a new directory; its files are for their owner alone to read')
    .option('--account <name>', 'the account that the report shows beside the venue');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'attribute snapshot-30 snapshot-31 --config snapshot.yaml --out attribution').action(
    async (before: string, after: string, { config, out, account, ...flags }: AttributeFlags) => {
      const progress = createProgress({ quiet: flags.quiet });
      try {
        const summary = await attributeSnapshots({
          ...{ before, after, configPath: config, outDirectory: out },
          ...(account === undefined ? {} : { account }),
          onProgress: (stage, done, total) => {
            progress.report({
              stage: STAGES[stage],
              done,
              total,
              ...(stage === 'hash' ? { unit: 'bytes' } : {}),
            });
          },
        });
        progress.finish();
        writeResult(flags, {
          object: { path: out, ...summary },
          text: renderAttributionText(summary, out),
          line: join(out, ATTRIBUTION_FILES.parts),
        });
      } finally {
        progress.finish();
      }
    },
  );
}
