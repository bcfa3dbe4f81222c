import { defineErrors } from '../protocol/index.js';

/** What the operating system can refuse: whose move is next, and what to do. */
export const SYSTEM_ERRORS = {
  /** A file is not there, is not a regular one, or is closed to this account. */
  'file-unreadable': { class: 'usage' },
  /** The path is not one that this account may write to, or a file is in its way. */
  'file-unwritable': { class: 'usage', advice: 'name another, or change who may write there' },
  /** There is something in the directory that was to be made. */
  'directory-exists': { class: 'usage', advice: 'name another' },
  /** Another process is at work in the directory. */
  'directory-in-use': { class: 'usage', advice: 'wait for it, or stop it' },
  /** There is no room: on the disk, in the quota, or under the limit of a file's size. */
  'disk-full': {
    class: 'usage',
    advice: 'make room, and run the same command again; what was finished is kept',
  },
  /** The operating system refused something else. */
  'system-refused': { class: 'usage', advice: 'name another path, or change who may use it' },
  /** The account has no home directory, and no variable names another. */
  'home-missing': { class: 'usage' },
  /** A thread would be started from a module that was not built. */
  'worker-missing': { class: 'usage', advice: 'run npm run build' },
} as const;

export type SystemCode = keyof typeof SYSTEM_ERRORS;

/** Makes an error about files, directories, locks or threads. */
export const refuseSystem = defineErrors(SYSTEM_ERRORS);
