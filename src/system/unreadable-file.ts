import { describeSystemReason, SolventError, systemCodeOf } from '../protocol/index.js';
import { refuseSystem, type SystemCode } from './errors.js';

/** What is said of a file that the system, or its kind, keeps from being read. @param cause told in words. */
export function unreadable(path: string, cause: unknown): SolventError<SystemCode> {
  const found = describeSystemReason(cause);
  return refuseSystem('file-unreadable', {
    expected: `a readable file at ${path}`,
    found,
    details: { path, reason: systemCodeOf(cause) },
    cause,
  });
}
