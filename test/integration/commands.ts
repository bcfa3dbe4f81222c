import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { projectRoot } from '../../src/system/index.js';

/** What a command wrote and how it ended. */
export type Ended = { readonly exitCode: number | null; readonly output: string; readonly errors: string };

/** Runs the built `solvent` as a process of its own. */
export function solvent(...args: string[]): Ended {
  return run('cli/main.js', args);
}

/** Runs the built `solvent-verify` as a process of its own. */
export function solventVerify(...args: string[]): Ended {
  return run('verifier/command/main.js', args);
}

/** Starts a built command and does not wait for it. */
export function start(script: string, args: string[]): ChildProcess {
  return spawn(process.execPath, [join(projectRoot(), 'dist/src', script), ...args], { stdio: 'ignore' });
}

function run(script: string, args: string[]): Ended {
  const path = join(projectRoot(), 'dist/src', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  return { exitCode: status, output: stdout, errors: stderr };
}
