import { defineErrors } from '../protocol/index.js';

/** What can go wrong with a platform's signing key and with the list of what it signed: whose move is next, what to do. */
export const IDENTITY_ERRORS = {
  /** There is a file already; a key that others know is never written over. */
  'identity-exists': { class: 'usage', advice: 'name another; to replace a key that others know, rotate it' },
  /** There is no file, or no such variable in the environment. */
  'identity-missing': {
    class: 'usage',
    advice: 'make one with solvent identity new, or name where it is',
  },
  /** Others than its owner can read or write the file. */
  'identity-permissions': { class: 'usage' },
  /** Something else than an Ed25519 private key in PEM. */
  'identity-malformed': { class: 'artefact', advice: 'restore it from a backup' },
  /** The key is encrypted and no passphrase was given. */
  'passphrase-missing': {
    class: 'usage',
    advice: 'give it by a file, by the environment, or at the prompt',
  },
  /** The passphrase is not this key's. */
  'passphrase-wrong': {
    class: 'usage',
    advice: 'try again, nothing was changed; if the passphrase is right, restore the key from a backup',
  },
  /** The passphrase for a new key would be guessed. */
  'passphrase-too-short': { class: 'usage', advice: 'take six words at random' },
  /** The directory of proving keys holds no signing key. */
  'signing-key-missing': { class: 'usage', advice: 'run solvent setup' },
  /** The signing key's file holds something else. */
  'signing-key-malformed': { class: 'artefact', advice: 'restore the file from a backup' },
  /** The key signed another manifest for the same instant. */
  'manifest-signed-already': {
    class: 'usage',
    advice:
      'publish that one, or say --replace to sign another for the same instant, and tell your readers why',
  },
  /** The list of what a key signed is something else. */
  'ledger-malformed': { class: 'artefact', advice: 'restore it from a backup' },
  /** The list cannot be read or written where it is. */
  'ledger-unusable': { class: 'usage', advice: 'name another file with --ledger' },
} as const;

export type IdentityCode = keyof typeof IDENTITY_ERRORS;

/** Makes an error about a signing key. */
export const refuseIdentity = defineErrors(IDENTITY_ERRORS);
