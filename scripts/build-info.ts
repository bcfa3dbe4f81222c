/** Writes down what a build was made from, for `--version`: version, commit, and the hash of the check page. */
import { spawnSync } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { hashFile, projectRoot, writeFileAtomically } from '../src/system/index.js';
import { describeScript } from './command-line.js';

describeScript('node dist/scripts/build-info.js', {
  does: 'Write dist/src/verifier/build.json: version, commit and the hash of the check page, as --version prints them.',
  examples: [''],
}).parse();
const root = projectRoot();
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const build = {
  version,
  commit: await findCommit(),
  checkPage: await hashFile(join(root, 'dist/web/check.html')),
};
await writeFileAtomically(join(root, 'dist/src/verifier/build.json'), `${JSON.stringify(build)}\n`);

/** The commit of this project; one of a repository that it merely lies in is not its own. */
async function findCommit(): Promise<string> {
  const top = git('rev-parse', '--show-toplevel');
  if (top === undefined || (await realpath(top)) !== (await realpath(root))) return 'unknown';
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return 'unknown';
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}, changed`;
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
