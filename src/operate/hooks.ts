import { spawn } from 'node:child_process';

import { encodeJsonLine } from '../protocol/index.js';
import { refuseOperation } from './errors.js';
import type { OperationEvent } from './events.js';
import type { Operation } from './operation.js';

export type HookName = 'published' | 'refused' | 'failed';

/**
 * Runs the command that an operation names for what happened, with the event as one JSON object on its standard input, and
 * waits for its end. It gets no secret: the variables of a private key and its passphrase are taken from its environment.
 * @throws SolventError `hook-failed`.
 */
export async function runHook({ hooks }: Operation, name: HookName, event: OperationEvent): Promise<void> {
  const words = hooks[name];
  if (words === undefined) return;
  const found = await run(
    words,
    encodeJsonLine({ format: 'solvent/operation-event/v1', ...event }),
    hooks.timeout,
  );
  if (found === 'exit code 0') return;
  throw refuseOperation('hook-failed', {
    expected: `the hook ${name} to end with 0`,
    found,
    details: { hook: name },
  });
}

const SECRETS = ['SOLVENT_PASSPHRASE', 'SOLVENT_SIGNING_KEY'];

function run(words: readonly string[], input: Uint8Array, timeoutMs: number): Promise<string> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !SECRETS.includes(name)),
  );
  return new Promise((resolve) => {
    // What a hook writes is for the log of whoever runs this, and not for those who read its output.
    const child = spawn(words[0]!, words.slice(1), {
      stdio: ['pipe', 2, 2],
      env: environment,
      timeout: timeoutMs,
    });
    child.once('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
      resolve(`${words[0]!}, which cannot be run (${code})`);
    });
    child.once('close', (code, signal) => {
      resolve(code === null ? `its end by ${signal ?? 'a signal'}` : `exit code ${code}`);
    });
    // A hook that does not read what it gets is none that fails.
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(input);
  });
}
