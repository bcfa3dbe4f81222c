import { join } from 'node:path';

import type { Command } from 'commander';

import { assessRisk, RISK_FILES } from '../../analysis/index.js';
import { formatAmount, formatNumber, renderTable, toNumberColumn } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { createProgress } from '../progress.js';

type RiskFlags = OutputFlags & {
  readonly config?: string;
  readonly out: string;
  readonly still?: string;
};

/** `solvent risk`: what might become of a snapshot. */
export function addRiskCommand(program: Command): void {
  const command = program
    .command('risk')
    .description('say what might become of a snapshot: cover over a grid of shocks, Greeks, concentration')
    .argument('<snapshot>', 'the snapshot directory')
    .option('--config <file>', 'the books that it was made of: hold it to them')
    .option(
      '--still <symbols>',
      'assets whose prices no shock moves (default: those near the quote currency)',
    )
    .requiredOption('--out <dir>', 'a new directory; its files are for their owner alone to read');
  addOutputOptions(command, { isLong: true });
  addExample(command, 'risk snapshot-2026-03 --config snapshot.yaml --out risk-2026-03').action(
    async (snapshot: string, { config, out, still, ...flags }: RiskFlags) => {
      const progress = createProgress({ quiet: flags.quiet });
      try {
        const summary = await assessRisk({
          ...{ snapshot, outDirectory: out },
          ...(config === undefined ? {} : { configPath: config }),
          ...(still === undefined ? {} : { still: still.split(',').map((symbol) => symbol.trim()) }),
          onProgress: (done, total) => {
            progress.report({ stage: 'Revaluing', done, total });
          },
        });
        progress.finish();
        const rows = summary.grid
          .filter(({ volatilityShift }) => Number(volatilityShift) === 0)
          .map(({ priceChange, underWater, shortfall, isolatedShortfall }) => [
            `${Math.round(Number(priceChange) * 100)} %`,
            formatNumber(underWater),
            formatAmount(shortfall),
            formatAmount(isolatedShortfall),
          ]);
        const columns = [
          'prices',
          'users under water',
          `they lack, ${summary.quote}`,
          'beyond isolated margin',
        ];
        writeResult(flags, {
          object: { path: out, ...summary },
          text: [
            `If ${summary.moving.join(', ')} changed (approximately; insurance holds ${formatAmount(summary.insurance)} ${summary.quote}):\n\n`,
            renderTable(columns.map(toNumberColumn), rows),
            `\n  report  ${join(out, RISK_FILES.report)}\n`,
          ].join(''),
          line: join(out, RISK_FILES.report),
        });
      } finally {
        progress.finish();
      }
    },
  );
}
