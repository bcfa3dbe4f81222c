import type { Command } from 'commander';

import { EXIT_CODES } from '../../protocol/index.js';
import { UNVERIFIABLE } from '../codes.js';
import { verifyHistory, type HistoryReport } from '../history/history.js';
import { verifyReservesHistory, type ReservesHistory } from '../history/reserves.js';
import { loadHistory } from '../node/history-files.js';
import { alignColumns, formatCount, makePrintable, wrapLine } from '../../presentation/index.js';
import { loadComparedTrust, parseHash } from './flags.js';
import { addExample, encodeOutput, type Output } from './output.js';

type HistoryFlags = {
  readonly trust?: string;
  readonly trustHash?: string;
  readonly manifestHash?: string;
  readonly reservesHash?: string;
  readonly json?: true;
};

/** `history …`: that no past snapshot was rewritten. */
export function addHistoryCommand(program: Command, output: Output): void {
  const command = program
    .command('history')
    .description('what a platform published over time')
    .command('verify')
    .description(
      'walks the manifests from the first to the last, the reserves beside them, and the changes of the signing key',
    )
    .argument('<directory>', 'bundles, one a directory, and the rotations beside them')
    .option('--trust <file>', 'the platform’s present key, from a trust file')
    .option('--trust-hash <hex>', 'the hash of that trust file from a public place, to compare', parseHash)
    .option('--manifest-hash <hex>', 'the last manifest’s hash from a public place, to compare', parseHash)
    .option('--reserves-hash <hex>', 'the last reserves hash from a public place, to compare', parseHash)
    .option('--json', 'one JSON object instead of text');
  addExample(command, 'history verify published --trust trust.json').action(
    async (directory: string, flags: HistoryFlags) => {
      const trust =
        flags.trust === undefined ? undefined : await loadComparedTrust(flags.trust, flags.trustHash);
      const history = await loadHistory(directory);
      const report = verifyHistory(history, {
        ...(flags.manifestHash === undefined ? {} : { lastManifestHash: flags.manifestHash }),
        ...(trust === undefined ? {} : { signingKey: trust.signingKey }),
      });
      const reserves = verifyReservesHistory(history, report, {
        ...(flags.reservesHash === undefined ? {} : { lastReservesHash: flags.reservesHash }),
      });
      output.write(
        flags.json
          ? encodeOutput(describeHistory(report, reserves))
          : renderHistory(report, renderReservesHistory(reserves)),
      );
      if (!report.comparedWithKey) output.end(EXIT_CODES.unverifiable);
    },
  );
}

/** A history for programs. Without a trust file nothing says whose manifests they are. */
function describeHistory(
  { comparedWithKey, entries, rotations }: HistoryReport,
  { entries: reserves }: ReservesHistory,
): object {
  return {
    valid: comparedWithKey,
    code: comparedWithKey ? 'valid' : 'trust-missing',
    manifests: entries.map(({ takenAt, manifestHash }, index) => ({
      ...{ takenAt, manifestHash, reservesHash: reserves[index]!.reservesHash },
    })),
    rotations,
  };
}

/** Where any snapshot has reserves, those of each; a platform that leaves some out is seen to. */
function renderReservesHistory({ entries, comparedWithHash }: ReservesHistory): string[] {
  const count = entries.filter(({ reservesHash }) => reservesHash !== null).length;
  if (count === 0) return ['Reserves       none is published beside these snapshots'];
  const rows = entries.map(({ takenAt, reservesHash }) => [takenAt, reservesHash ?? 'NONE published']);
  return [
    `Reserves       of ${count} of ${formatCount(entries.length, 'snapshot')}, each of its manifest and naming those before it.`,
    '',
    ...alignColumns([['Taken at', 'Reserves hash'], ...rows]).map((line) => `  ${line}`),
    '',
    comparedWithHash
      ? 'Last reserves  are those that you brought'
      : 'Last reserves  NOT compared with what others were shown: bring their hash with --reserves-hash',
    'What they hold was not checked: solvent-verify reserves does that, one by one.',
  ];
}

function renderHistory(report: HistoryReport, reserves: readonly string[]): string {
  const { platform, entries, rotations, signingKey, comparedWithKey, comparedWithHash } = report;
  const verdict = comparedWithKey
    ? ['VALID  valid']
    : [
        'UNVERIFIABLE  trust-missing',
        `Unverifiable: ${UNVERIFIABLE['trust-missing'].sentence}`,
        `Next: ${UNVERIFIABLE['trust-missing'].advice}`,
      ];
  const rows = entries.map((entry) => [
    entry.takenAt,
    entry.manifestHash,
    entry.signingKey.slice(0, 16),
    entry.changesKeys ? 'other proving keys' : '',
  ]);
  const lines = [
    ...verdict,
    '',
    ...wrapLine(`Platform       ${makePrintable(platform)}`),
    `History        ${formatCount(entries.length, 'snapshot')} without a gap, ${formatCount(rotations, 'change')} of the signing key.`,
    '',
    ...alignColumns([['Taken at', 'Manifest hash', 'Signed by', ''], ...rows]).map((line) => `  ${line}`),
    '',
    `Signing key    ${signingKey}${comparedWithKey ? '' : '  NOT compared: bring it with --trust'}`,
    comparedWithHash
      ? 'Last manifest  is the one that you brought'
      : 'Last manifest  NOT compared with what others were shown: bring its hash with --manifest-hash',
    'Proofs were not checked: solvent-verify bundle does that, one by one.',
    '',
    ...reserves,
  ];
  return `${lines.join('\n')}\n`;
}
