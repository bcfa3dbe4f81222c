import type { Command } from 'commander';

import { backUp, parseOperation, prune, restore } from '../../operate/index.js';
import { formatCount } from '../../presentation/index.js';
import { addExample } from '../../verifier/command/index.js';
import { parseHash } from '../arguments.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

/** `solvent operate backup`, `restore` and `prune`: what is kept over years. */
export function addBackupCommands(program: Command): void {
  addBackupCommand(program);
  addRestoreCommand(program);
  addPruneCommand(program);
}

function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description(
      'copy what cannot be made again: secrets of runs, lists of instants and signatures, the site',
    )
    .argument('<operation>', 'operation.yaml')
    .requiredOption('--out <directory>', 'a new directory; it is as secret as the state');
  addOutputOptions(command);
  addExample(command, 'operate backup operation.yaml --out backup-2026-01-31').action(
    async (path: string, { out, ...flags }: OutputFlags & { readonly out: string }) => {
      const backup = await backUp(await parseOperation(path), out);
      writeResult(flags, {
        object: { path: out, ...backup },
        text: `Wrote ${out}: ${formatCount(backup.fileCount, 'file')}, to ${backup.lastTakenAt}. It holds secrets and balances: encrypt it where it goes.\n  last manifest  ${backup.lastManifestHash}\n`,
        line: out,
      });
    },
  );
}

function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('bring a backup into an operation that has nothing yet')
    .argument('<operation>', 'operation.yaml')
    .argument('<backup>', 'the directory of the backup')
    .requiredOption(
      '--manifest-hash <hash>',
      'the last manifest that was announced: an older backup is refused',
      parseHash,
    );
  addOutputOptions(command);
  addExample(command, 'operate restore operation.yaml backup-2026-01-31 --manifest-hash HASH').action(
    async (
      path: string,
      directory: string,
      { manifestHash, ...flags }: OutputFlags & { readonly manifestHash: string },
    ) => {
      const backup = await restore(await parseOperation(path), directory, manifestHash);
      writeResult(flags, {
        object: backup,
        text: `Restored ${formatCount(backup.fileCount, 'file')}, to ${backup.lastTakenAt}. Next: solvent operate check ${path}\n`,
        line: backup.lastManifestHash,
      });
    },
  );
}

function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .description('say what is older than the stated retention, and what can no longer be made without it')
    .argument('<operation>', 'operation.yaml')
    .option('--yes', 'remove it');
  addOutputOptions(command);
  addExample(command, 'operate prune operation.yaml', 'operate prune operation.yaml --yes').action(
    async (path: string, { yes, ...flags }: OutputFlags & { readonly yes?: true }) => {
      const removed = await prune(await parseOperation(path), {
        nowMs: Date.now(),
        isMeant: yes === true,
      });
      const lines = removed.map((one) => `  ${one.path}\n    afterwards: ${one.lost}\n`);
      const head =
        removed.length === 0
          ? 'Nothing is older than the retention.\n'
          : `${yes === true ? 'Removed' : 'Would remove (say --yes)'}:\n`;
      writeResult(flags, {
        object: { removed: yes === true, paths: removed },
        text: `${head}${lines.join('')}`,
        line: String(removed.length),
      });
    },
  );
}
