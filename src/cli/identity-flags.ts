import type { Command } from 'commander';

import { readIfExists } from '../system/index.js';
import { loadIdentity, type SigningKey } from '../identity/index.js';
import { readPassphrase } from './passphrase.js';

/** The variable that a vault may put a private key into. */
export const IDENTITY_VARIABLE = 'SOLVENT_SIGNING_KEY';
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';

export type IdentityFlags = { readonly identity?: string; readonly passphraseFile?: string };

/** Adds what names a private key: a file, or the environment. */
export function addIdentityOptions(command: Command, whose: string): Command {
  return command
    .option('--identity <file>', `${whose} (default: the variable ${IDENTITY_VARIABLE}, where it is set)`)
    .option(
      '--passphrase-file <file>',
      'holds its passphrase (default: the variable SOLVENT_PASSPHRASE, or asked)',
    );
}

/** Loads the key that the flags or the environment name; undefined where neither does. */
export async function findIdentity(flags: IdentityFlags): Promise<SigningKey | undefined> {
  if (flags.identity === undefined && process.env[IDENTITY_VARIABLE] === undefined) return undefined;
  return loadFlaggedIdentity(flags);
}

/** Loads the key that the flags or the environment name. @throws SolventError as `loadIdentity`. */
export async function loadFlaggedIdentity(flags: IdentityFlags): Promise<SigningKey> {
  const { identity: path, passphraseFile: file } = flags;
  const value = process.env[IDENTITY_VARIABLE];
  const text = path === undefined ? value : Buffer.from((await readIfExists(path)) ?? []).toString();
  const passphrase = text?.includes(ENCRYPTED)
    ? await readPassphrase(`Passphrase of ${path ?? IDENTITY_VARIABLE}: `, { file })
    : undefined;
  return loadIdentity({
    ...(path === undefined ? { text: { value, variable: IDENTITY_VARIABLE } } : { path }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}
