import type { Command } from 'commander';

import { writeFileAtomically } from '../../platform/index.js';
import { encodeJsonLine, SolventError } from '../../protocol/index.js';
import { makeAllInclusions, makeInclusion } from '../../prover/index.js';
import { createProgress } from '../progress.js';
import { formatCount } from '../table.js';

type InclusionFlags = { readonly user?: string; readonly all?: true; readonly out: string };

/** `solvent inclusion`: the file with which one user checks their line, or all of them. */
export function addInclusionCommand(program: Command): void {
  program
    .command('inclusion')
    .description('write the private file with which a user checks their own line')
    .argument('<run>', 'the directory of a finished run')
    .option('--user <id>', 'one user')
    .option('--all', 'every user, so that nobody can tell who asked')
    .requiredOption('--out <path>', 'the file for one user; a new directory for all')
    .action(async (run: string, flags: InclusionFlags) => {
      if ((flags.user === undefined) === (flags.all === undefined)) {
        throw new SolventError('usage', 'users-unclear', 'expected --user ID or --all, got none or both');
      }
      if (flags.user === undefined) return writeAll(run, flags.out);
      const inclusion = await makeInclusion(run, flags.user);
      await writeFileAtomically(flags.out, encodeJsonLine(inclusion), { mode: 0o600 });
      process.stdout.write(`Wrote ${flags.out}. It shows this user's balances: give it to nobody else.\n`);
    });
}

async function writeAll(run: string, directory: string): Promise<void> {
  const progress = createProgress();
  try {
    const { fileCount } = await makeAllInclusions(run, directory, {
      onProgress: ({ done, total, unit }) => {
        progress.report({ stage: 'Writing inclusion files', done, total, unit });
      },
    });
    progress.finish();
    process.stdout.write(
      `Wrote ${formatCount(fileCount, 'inclusion file')} into ${directory}; ${run}/private holds the list of whose is which.\n`,
    );
  } finally {
    progress.finish();
  }
}
