import { encodeJsonLine } from '../protocol/index.js';
import { refuseOperation } from './errors.js';
import type { OperationEvent } from './events.js';
import type { Operation } from './operation.js';
import { DONE, runProgram } from './program.js';

export type HookName = 'published' | 'refused' | 'failed';

/**
 * Runs the command that an operation names for what happened, with the event as one JSON object on its standard input, and
 * waits for its end. What it writes is for the log of whoever runs this, and not for those who read its output.
 * @throws SolventError `hook-failed`.
 */
export async function runHook(operation: Operation, name: HookName, event: OperationEvent): Promise<void> {
  const { hooks } = operation;
  const words = hooks[name];
  if (words === undefined) return;
  const input = encodeJsonLine({ format: 'solvent/operation-event/v1', ...event });
  const { end } = await runProgram(operation, words, { input, timeoutMs: hooks.timeout, isLogged: true });
  if (end === DONE) return;
  throw refuseOperation('hook-failed', {
    expected: `the hook ${name} to end with 0`,
    found: end,
    details: { hook: name },
  });
}
