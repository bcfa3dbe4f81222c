import type { Command } from 'commander';

import { writeFileAtomically } from '../../system/index.js';
import {
  makeAllInclusions,
  makeInclusion,
  makeInclusionArchive,
  type InclusionsResult,
  type ProgressListener,
} from '../../prover/index.js';
import { addExample } from '../../verifier/command/index.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { requireNewFile } from '../new-file.js';
import { createProgress } from '../progress.js';
import { formatCount } from '../../presentation/index.js';
import { refuseCommand } from '../errors.js';

type InclusionFlags = OutputFlags & {
  readonly user?: string;
  readonly all?: true;
  readonly out?: string;
  readonly archive?: string;
};

/** `solvent inclusion`: the file with which one user checks their line, or all of them. */
export function addInclusionCommand(program: Command): void {
  const command = program
    .command('inclusion')
    .description('write the private file with which a user checks their own line')
    .argument('<run>', 'the directory of a finished run')
    .option('--user <id>', 'one user')
    .option('--all', 'every user, so that nobody can tell who asked')
    .option('--out <path>', 'the file for one user; a new directory for all')
    .option('--archive <file>', 'all users, as one ZIP archive in place of a directory');
  addOutputOptions(command, { isLong: true });
  addExample(
    command,
    'inclusion run --user me@example.org --out me.json',
    'inclusion run --all --out inclusions',
  ).action(async (run: string, flags: InclusionFlags) => {
    const { user, all, out, archive } = flags;
    if ((user === undefined) === (all === undefined)) {
      throw refuseCommand('users-unclear', { expected: '--user ID or --all', found: 'none or both' });
    }
    if (archive !== undefined && all !== undefined && out === undefined) {
      await requireNewFile(archive);
      return writeAll(archive, flags, (options) => makeInclusionArchive(run, archive, options));
    }
    if (out === undefined || archive !== undefined) {
      const expected = user === undefined ? '--out DIR or --archive FILE' : '--out FILE';
      throw refuseCommand('target-unclear', {
        expected: `${expected} to say where to write`,
        found: 'none, or flags that exclude each other',
      });
    }
    if (user === undefined) return writeAll(out, flags, (options) => makeAllInclusions(run, out, options));
    const { bytes, manifestHash } = await makeInclusion(run, user);
    await requireNewFile(out, bytes);
    await writeFileAtomically(out, bytes, { mode: 0o600 });
    writeResult(flags, {
      object: { path: out, fileCount: 1, manifestHash },
      text: `Wrote ${out}. It shows this user's balances: give it to nobody else.\n`,
      line: out,
    });
  });
}

async function writeAll(
  target: string,
  flags: OutputFlags,
  make: (options: { onProgress: ProgressListener }) => Promise<InclusionsResult>,
): Promise<void> {
  const progress = createProgress({ quiet: flags.quiet });
  try {
    const { fileCount, namesPath } = await make({
      onProgress: ({ done, total, unit }) => {
        progress.report({ stage: 'Writing inclusion files', done, total, unit });
      },
    });
    progress.finish();
    writeResult(flags, {
      object: { path: target, fileCount, namesPath },
      text: `Wrote ${formatCount(fileCount, 'inclusion file')} into ${target}; ${namesPath} says whose is which: keep it to yourself.\n`,
      line: target,
    });
  } finally {
    progress.finish();
  }
}
