import type { Command } from 'commander';

import { loadPublished } from '../../system/index.js';
import { parseTrust } from '../../protocol/index.js';
import { loadHistory, verifyHistory } from '../../identity/index.js';
import { parseHash } from '../arguments.js';
import { formatCount, renderTable } from '../table.js';

type HistoryFlags = { readonly manifestHash?: string; readonly trust?: string };

/** `solvent history …`: that no past snapshot was rewritten. */
export function addHistoryCommand(program: Command): void {
  program
    .command('history')
    .description('what a platform published over time')
    .command('verify')
    .description('walk the manifests from the first to the last, and the changes of the signing key')
    .argument('<directory>', 'bundles, one a folder, and the rotations beside them')
    .option('--manifest-hash <hash>', 'the last manifest, from a public place', parseHash)
    .option('--trust <file>', 'the platform’s present key, from a trust file')
    .action(async (directory: string, flags: HistoryFlags) => {
      const signingKey =
        flags.trust === undefined ? undefined : (await loadPublished(flags.trust, parseTrust)).signingKey;
      const report = verifyHistory(await loadHistory(directory), {
        ...(flags.manifestHash === undefined ? {} : { lastManifestHash: flags.manifestHash }),
        ...(signingKey === undefined ? {} : { signingKey }),
      });
      const rows = report.entries.map((entry) => [
        entry.takenAt,
        entry.manifestHash,
        entry.signingKey.slice(0, 16),
        entry.changesKeys ? 'other proving keys' : '',
      ]);
      process.stdout.write(
        [
          `${report.platform}: ${formatCount(report.entries.length, 'snapshot')} without a gap, `,
          `${formatCount(report.rotations, 'change')} of the signing key.\n\n`,
          renderTable(
            [{ title: 'taken at' }, { title: 'manifest' }, { title: 'signed by' }, { title: '' }],
            rows,
          ),
          `\nsigning key    ${report.signingKey}${report.comparedWithKey ? '' : '  NOT compared: bring it with --trust'}\n`,
          report.comparedWithHash
            ? 'last manifest  is the one that you brought\n'
            : 'last manifest  NOT compared with what others were shown: bring its hash with --manifest-hash\n',
          'Proofs were not checked: solvent-verify does that, bundle by bundle.\n',
        ].join(''),
      );
    });
}
