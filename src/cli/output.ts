import type { Command } from 'commander';

import { encodeOutput, type Output } from '../verifier/command/index.js';

/** How much a command says, and to whom. */
export type OutputFlags = { readonly json?: true; readonly quiet?: true };

/** What a command came to, in its three forms. */
export type Result = {
  /** For `--json`: fields whose names stay. */
  readonly object: object;
  /** For people; ends with a line feed. */
  readonly text: string;
  /** For `--quiet`: the one thing to take on, a hash or a path. */
  readonly line: string;
};

/** Adds `--json`, and for what takes long `--quiet`. */
export function addOutputOptions(
  command: Command,
  { isLong = false }: { readonly isLong?: boolean } = {},
): Command {
  command.option('--json', 'one JSON object instead of text');
  if (isLong) command.option('--quiet', 'no progress, and one line: the hash or the path to take on');
  return command;
}

/** Says what a command came to, once, in the form that was asked for. */
export function writeResult({ json, quiet }: OutputFlags, result: Result, output: Output = STANDARD): void {
  if (json === true) output.write(encodeOutput(result.object));
  else output.write(quiet === true ? `${result.line}\n` : result.text);
}

/** The terminal, and the exit code of this process. */
export const STANDARD: Output = {
  write: (text) => process.stdout.write(text),
  end: (exitCode) => {
    process.exitCode = exitCode;
  },
};
