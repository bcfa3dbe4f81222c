import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { loadIdentity, SigningLedger, type SigningKey } from '../identity/index.js';
import { readIfExists, stateDirectory } from '../system/index.js';
import { refuseOperation } from './errors.js';
import type { Operation } from './operation.js';

/** The variable that the passphrase of an encrypted key may be in. */
const PASSPHRASE_VARIABLE = 'SOLVENT_PASSPHRASE';
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';
/** A person may have to touch a device. */
const SIGNER_TIMEOUT_MS = 5 * 60_000;

/** The key that signs, and the account of what it signed. */
export type OperationSigner = { readonly signingKey: SigningKey; readonly ledger: SigningLedger };

/**
 * Opens the key of an operation: a file, a variable of the environment, or a command that signs. A passphrase comes from a file
 * or the environment; nobody is asked.
 * @throws SolventError as `loadIdentity`, `signer-failed`.
 */
export async function openSigner(operation: Operation): Promise<OperationSigner> {
  const signingKey = await openKey(operation.identity);
  const path = operation.ledger ?? locateLedger(operation.identity, signingKey);
  return { signingKey, ledger: new SigningLedger({ path, signingKey: signingKey.publicKey }) };
}

/** Where the account of what an operation's key signed is kept. @throws SolventError as `openSigner`. */
export async function locateSigningLedger(operation: Operation): Promise<string> {
  const { identity, ledger } = operation;
  if (ledger !== undefined) return ledger;
  return 'file' in identity
    ? `${identity.file}.ledger.json`
    : locateLedger(identity, await openKey(identity));
}

/** Where the list of what the key signed is kept: beside its file, as `solvent prove` keeps it. */
function locateLedger(identity: Operation['identity'], { publicKey }: SigningKey): string {
  const beside = 'file' in identity ? identity.file : join(stateDirectory(), publicKey);
  return `${beside}.ledger.json`;
}

async function openKey(identity: Operation['identity']): Promise<SigningKey> {
  if ('command' in identity) return openCommand(identity.command, identity.publicKey);
  if ('variable' in identity) {
    const value = process.env[identity.variable];
    const passphrase = value?.includes(ENCRYPTED) ? process.env[PASSPHRASE_VARIABLE] : undefined;
    return loadIdentity({
      text: { value, variable: identity.variable },
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  }
  const { file, passphraseFile } = identity;
  const isEncrypted = Buffer.from((await readIfExists(file)) ?? []).includes(ENCRYPTED);
  const passphrase = isEncrypted ? await readPassphrase(passphraseFile) : undefined;
  return loadIdentity({ path: file, ...(passphrase === undefined ? {} : { passphrase }) });
}

async function readPassphrase(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env[PASSPHRASE_VARIABLE];
  return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0];
}

/** A key elsewhere: the command gets the message on its standard input, and answers with 128 hexadecimal digits. */
function openCommand(words: readonly string[], publicKey: string): SigningKey {
  return {
    publicKey,
    sign: (message) => {
      const { status, stdout } = spawnSync(words[0]!, words.slice(1), {
        input: message,
        stdio: ['pipe', 'pipe', 'inherit'],
        timeout: SIGNER_TIMEOUT_MS,
      });
      const answer = status === 0 ? stdout.toString('utf8').trim() : '';
      if (/^[0-9a-f]{128}$/.test(answer)) return Buffer.from(answer, 'hex');
      throw refuseOperation('signer-failed', {
        expected: `a signature from ${words[0]!}`,
        found: status === 0 ? 'something else' : `exit code ${status ?? 'none'}`,
      });
    },
  };
}
