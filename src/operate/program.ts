import { spawn } from 'node:child_process';

import type { Operation } from './operation.js';

/** How a program ended that did what it was asked for. */
export const DONE = 'exit code 0';

const SECRETS = ['SOLVENT_PASSPHRASE', 'SOLVENT_SIGNING_KEY'];

/** What a program is given. */
export type ProgramOptions = {
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Whether what it writes is for the log alone, and not read. */
  readonly isLogged?: boolean;
};

/**
 * Runs a program of an operation and waits for its end, which is told in words. It gets no secret: the variables of the private
 * key and its passphrase are taken from its environment. One that does not read its input is none that fails.
 */
export function runProgram(
  { identity }: Pick<Operation, 'identity'>,
  words: readonly string[],
  { input = '', timeoutMs, isLogged = false }: ProgramOptions = {},
): Promise<{ readonly end: string; readonly output: Buffer }> {
  const secrets = 'variable' in identity ? [...SECRETS, identity.variable] : SECRETS;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.includes(name)));
  return new Promise((resolve) => {
    const child = spawn(words[0]!, words.slice(1), {
      stdio: ['pipe', isLogged ? 2 : 'pipe', 2],
      env,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
      resolve({ end: `${words[0]!}, which cannot be run (${code})`, output: Buffer.alloc(0) });
    });
    child.once('close', (code, signal) => {
      const end = code === null ? `its end by ${signal ?? 'a signal'}` : `exit code ${code}`;
      resolve({ end, output: Buffer.concat(chunks) });
    });
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(input);
  });
}
