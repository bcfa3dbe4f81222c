import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import { describeSystemReason, systemCodeOf } from '../protocol/index.js';
import { refuseSystem } from '../system/index.js';
import { refuseCommand } from './errors.js';
import { refuseIdentity } from '../identity/index.js';

/** The variable that a passphrase may be in. */
export const PASSPHRASE_VARIABLE = 'SOLVENT_PASSPHRASE';

/**
 * A passphrase: from a file's first line, from the environment, or typed where nobody sees it. Never from the command
 * line, which other users of a machine can list.
 * @throws SolventError `file-unreadable`; `passphrase-missing` where nobody can be asked.
 */
export async function readPassphrase(
  question: string,
  { file, twice = false }: { readonly file: string | undefined; readonly twice?: boolean },
): Promise<string> {
  if (file !== undefined) return readFirstLine(file);
  const fromEnvironment = process.env[PASSPHRASE_VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw refuseIdentity('passphrase-missing', {
      expected: 'a passphrase',
      found: 'no terminal to ask at',
      advice: `name a file with --passphrase-file, or set ${PASSPHRASE_VARIABLE}`,
    });
  }
  const passphrase = await ask(question);
  if (twice && (await ask('Once more: ')) !== passphrase) {
    throw refuseCommand('passphrases-differ', {
      expected: 'the same passphrase twice',
      found: 'two different ones',
    });
  }
  return passphrase;
}

/** The first line of the standard input: what a contributor adds to the system's randomness. */
export async function readLine(question: string): Promise<string> {
  return ask(question);
}

/** Reads a line from the standard input and shows nothing of it. */
async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function readFirstLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/, 1)[0]!;
  } catch (cause) {
    throw refuseSystem('file-unreadable', {
      expected: `a readable file at ${path}`,
      found: describeSystemReason(cause),
      details: { path, reason: systemCodeOf(cause) },
      cause,
    });
  }
}
