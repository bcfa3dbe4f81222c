import { defineErrors } from '../protocol/index.js';

/** What can be wrong with what a command was given: whose move is next, and what to do. */
export const COMMAND_ERRORS = {
  /** No profile of circuits has this name. */
  'profile-unknown': { class: 'usage' },
  /** A flag is missing that this form of the command needs. */
  'flag-missing': {
    class: 'usage',
    advice: 'give --config, --at and --out, or --balances, --assets, --platform, --quote, --at and --out',
  },
  /** A flag belongs to another form of the command. */
  'flag-misplaced': { class: 'usage' },
  /** There is something else where the result would be written. */
  'file-exists': { class: 'usage', advice: 'name another, or remove it' },
  /** The passphrase was typed in two ways. */
  'passphrases-differ': { class: 'usage', advice: 'nothing was made' },
  /** A rotation would go from a key to the same key. */
  'keys-alike': { class: 'usage', advice: 'make a new one with solvent identity new' },
  /** It is not said whose inclusion files are wanted. */
  'users-unclear': { class: 'usage' },
  /** It is not said where inclusion files go. */
  'target-unclear': { class: 'usage' },
  /** It is not said whether keys are real or for development. */
  'setup-kind-missing': { class: 'usage' },
} as const;

/** Makes an error about the arguments of a command. */
export const refuseCommand = defineErrors(COMMAND_ERRORS);
