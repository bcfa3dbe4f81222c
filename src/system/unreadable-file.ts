import { describeSystemReason, SolventError } from '../protocol/index.js';

export type UnreadableCode = 'file-unreadable';

/** What is said of a file that the system, or its kind, keeps from being read. @param cause its `code` goes into the details. */
export function unreadable(path: string, cause: unknown): SolventError<UnreadableCode> {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new SolventError(
    'usage',
    'file-unreadable',
    `expected a readable file at ${path}, got ${describeSystemReason(cause)}`,
    {
      details: { path, reason },
      cause,
    },
  );
}
