import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { projectRoot } from '../system/index.js';
import { refuseOperation } from './errors.js';

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
export async function verifyAsStranger(options: StrangerOptions): Promise<void> {
  const { bundle, trust, manifestHash, previousManifestHash: previous, allowDevelopmentKeys } = options;
  const words = ['bundle', bundle, '--trust', trust, '--manifest-hash', manifestHash, '--json'];
  const more = [
    ...(previous === null ? [] : ['--previous-manifest-hash', previous]),
    ...(allowDevelopmentKeys ? ['--allow-development-keys'] : []),
    ...['--workers', String(options.workers)],
  ];
  const { exitCode, output } = await run([join(projectRoot(), VERIFIER), ...words, ...more]);
  const code = readCode(output);
  if (exitCode === 0 && code === 'valid') return;
  throw refuseOperation('stranger-refuses', {
    expected: 'a bundle that solvent-verify finds valid',
    found: `${code ?? 'no answer'} (exit code ${exitCode ?? 'none'})`,
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

function run(words: readonly string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
