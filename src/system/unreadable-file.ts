import { SolventError } from '../protocol/index.js';

export type UnreadableCode = 'file-unreadable';

/** What is said of a file that the system, or its kind, keeps from being read. @param cause its `code` is shown. */
export function unreadable(path: string, cause: unknown): SolventError<UnreadableCode> {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new SolventError('usage', 'file-unreadable', `expected a readable file, got ${reason} for ${path}`, {
    details: { path, reason },
    cause,
  });
}
