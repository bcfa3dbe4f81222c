import { CommanderError } from 'commander';

import { SolventError, type ErrorDetails } from '../protocol/index.js';
import { formatNumber } from '../presentation/index.js';
import { SourceError, type SourceProblem } from '../snapshot/index.js';

/**
 * An error as a person reads it: what was expected and found, its code, and for source files every problem by line.
 * Errors that are not ours are bugs and say so; their text is shown, since they know no balances.
 */
export function renderError(error: unknown): string {
  if (error instanceof SourceError) return renderSourceError(error);
  if (error instanceof SolventError) {
    return [`error: ${error.message}`, ...renderDetails(error.details), `code: ${error.code}`].join('\n');
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `error: something failed that should not be able to fail; this is a bug in solvent.`,
    text,
    'code: unexpected',
  ].join('\n');
}

function renderSourceError(error: SourceError): string {
  const listed = error.problems.map(renderProblem);
  const unlisted = error.problemCount - error.problems.length;
  const count = error.problemCount === 1 ? 'one problem' : `${formatNumber(error.problemCount)} problems`;
  return [
    `error: ${count} in ${error.problems[0]!.file}; no snapshot was made.`,
    ...listed,
    ...(unlisted > 0 ? [`  … and ${formatNumber(unlisted)} more`] : []),
    `code: ${error.code}`,
  ].join('\n');
}

function renderProblem({ file, line, column, code, message }: SourceProblem): string {
  const position = column === null ? `${file}:${line}` : `${file}:${line} ${column}`;
  return `  ${position}  ${message} [${code}]`;
}

function renderDetails(details: ErrorDetails): string[] {
  const lists = Object.entries(details).filter(([, value]) => Array.isArray(value));
  return lists.flatMap(([name, value]) => [
    `  ${name}:`,
    ...(value as string[]).map((entry) => `    ${entry}`),
  ]);
}

/** An error for programs, in the one form of both commands. */
export function describeError(error: unknown): object {
  const head = { format: 'solvent/error/v1', valid: false } as const;
  if (error instanceof SourceError) {
    const { code, message, problemCount, problems } = error;
    return { ...head, code, message, problemCount, problems };
  }
  if (error instanceof CommanderError)
    return { ...head, code: 'wrong-usage', message: error.message.replace(/^error: /, '') };
  if (!(error instanceof SolventError)) {
    return { ...head, code: 'unexpected', message: 'something failed that should not be able to fail' };
  }
  const { code, message, details } = error as SolventError;
  return { ...head, code, message, details };
}
