import { defineErrors } from '../protocol/index.js';

/** What can go wrong with the running of a platform's days: whose move is next, and what to do. */
export const OPERATE_ERRORS = {
  /** `operation.yaml` has faults, each with the path of its key. */
  'operation-invalid': { class: 'usage', advice: 'correct them; solvent operate check reads it again' },
  /** A rule for instants is none. */
  'rule-malformed': { class: 'usage', advice: 'give an instant, or daily 00:00Z, hourly, 10m and the like' },
  /** An instant that is still to come. */
  'instant-not-yet': { class: 'usage', advice: 'wait for it; if it has passed, set the clock right' },
  /** A later instant is published: the chain has no room before it. */
  'instant-passed': { class: 'usage', advice: 'name a later one; what was missed is said once and left out' },
  /** The configuration names no rule, and the command no instant. */
  'instant-missing': { class: 'usage', advice: 'say --at, or put a schedule into the configuration' },
  /** What the day began with is another now. */
  'operation-changed': {
    class: 'usage',
    advice: 'give the same again until it is published; what differs then counts for the next instant',
  },
  /** The clock of this machine cannot be right. */
  'clock-wrong': { class: 'usage', advice: 'set it by a time server, and run the same command again' },
  /** The site is not the one that was published last. */
  'site-differs': {
    class: 'artefact',
    advice: 'find out who changed it, bring the last site back, and run the same command again',
  },
  /** The list of instants is something else. */
  'instants-malformed': { class: 'artefact', advice: 'bring it back with solvent operate restore' },
  /** The platform of the books is not that of the operation. */
  'platform-differs': { class: 'usage', advice: 'name the platform as its books do' },
  /** The export of a source for the instant is not there yet. */
  'source-late': { class: 'source', advice: 'nothing is wrong yet: the next run looks again' },
  /** The export of a source is overdue. */
  'source-overdue': {
    class: 'source',
    advice: 'look why it was not made; the same command goes on when it is there',
  },
  /** The trust file of the readers is not that of the keys and of the key that signs. */
  'trust-differs': {
    class: 'usage',
    advice: 'make it again with solvent trust export, or name the keys that it is of',
  },
  /** The verifier, run as a stranger runs it, does not find the bundle valid. */
  'stranger-refuses': { class: 'verification', advice: 'publish nothing before you know why' },
  /** The command that signs did not. */
  'signer-failed': {
    class: 'usage',
    advice: 'run it by hand with what docs/operations.md shows',
  },
  /** Nothing says where the queue is. */
  'queue-unset': { class: 'usage', advice: 'put its URL into the variable that queue.variable names' },
  /** Nothing says where a chain's node is. */
  'node-unset': { class: 'usage', advice: 'put its URL into the variable that reserves.nodes names' },
  /** There is less room than an instant needs. */
  'disk-low': { class: 'usage', advice: 'make room, or run solvent operate prune' },
  /** There is less memory than proving needs. */
  'memory-low': { class: 'usage', advice: 'take fewer workers, or a larger machine' },
  /** A key's file is not what its list says. */
  'keys-damaged': { class: 'artefact', advice: 'bring the keys back, or make them again' },
  /** A hook ended with another code than 0. */
  'hook-failed': { class: 'usage', advice: 'run it by hand with the object that docs/operations.md shows' },
  /** A backup is not whole. */
  'backup-damaged': { class: 'artefact', advice: 'take another one' },
  /** Something was published after a backup was taken. */
  'backup-outdated': {
    class: 'artefact',
    advice: 'take the newest one: with an older one the key could sign a second manifest for one instant',
  },
  /** There is nothing to keep yet. */
  'nothing-published': { class: 'usage', advice: 'run the first instant, then back it up' },
  /** There is something where a backup would be restored to. */
  'restore-target-used': {
    class: 'usage',
    advice: 'restore into the directories of a new operation, and compare; nothing was changed',
  },
} as const;

export type OperateCode = keyof typeof OPERATE_ERRORS;

/** Makes an error of an operation. */
export const refuseOperation = defineErrors(OPERATE_ERRORS);
