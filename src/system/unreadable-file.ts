import { describeSystemReason, SolventError, systemCodeOf } from '../protocol/index.js';

export type UnreadableCode = 'file-unreadable';

/** What is said of a file that the system, or its kind, keeps from being read. @param cause told in words. */
export function unreadable(path: string, cause: unknown): SolventError<UnreadableCode> {
  const found = describeSystemReason(cause);
  return new SolventError('usage', 'file-unreadable', `expected a readable file at ${path}, got ${found}`, {
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
