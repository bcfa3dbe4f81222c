import { join } from 'node:path';

import { projectRoot } from '../system/index.js';
import { refuseOperation } from './errors.js';
import type { Operation } from './operation.js';
import { DONE, runProgram } from './program.js';

const VERIFIER = join('dist', 'src', 'verifier', 'command', 'main.js');

/** What the verifier's command is asked about a bundle. */
export type StrangerOptions = {
  readonly bundle: string;
  readonly trust: string;
  readonly manifestHash: string;
  readonly previousManifestHash: string | null;
  readonly allowDevelopmentKeys: boolean;
  readonly workers: number;
};

/**
 * Verifies a bundle as a stranger does: by `solvent-verify` as a process of its own, which shares nothing with what made it but
 * the files.
 * @throws SolventError `stranger-refuses` with the verifier's code.
 */
export async function verifyAsStranger(operation: Operation, options: StrangerOptions): Promise<void> {
  const { bundle, trust, manifestHash, previousManifestHash: previous, allowDevelopmentKeys } = options;
  const words = ['bundle', bundle, '--trust', trust, '--manifest-hash', manifestHash, '--json'];
  const more = [
    ...(previous === null ? [] : ['--previous-manifest-hash', previous]),
    ...(allowDevelopmentKeys ? ['--allow-development-keys'] : []),
    ...['--workers', String(options.workers)],
  ];
  const program = [process.execPath, join(projectRoot(), VERIFIER)];
  const { end, output } = await runProgram(operation, [...program, ...words, ...more]);
  const code = readCode(output.toString('utf8'));
  if (end === DONE && code === 'valid') return;
  throw refuseOperation('stranger-refuses', {
    expected: 'a bundle that solvent-verify finds valid',
    found: `${code ?? 'no answer'} (${end})`,
    details: { code: code ?? 'none' },
    ...(code === 'development-keys'
      ? { advice: 'prove with keys of a ceremony; for a test say developmentKeys: allow' }
      : {}),
  });
}

function readCode(output: string): string | undefined {
  try {
    const { code } = JSON.parse(output) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
