import { defineErrors } from '../protocol/index.js';

/** What can go wrong with work over a queue: whose move is next, and what to do. */
export const QUEUE_ERRORS = {
  // The database.
  /** What names the queue is no URL of a PostgreSQL database, or one with parameters that are not known here. */
  'queue-url-malformed': {
    class: 'usage',
    advice: 'give one like postgres://user@host:5432/database?sslmode=verify-full',
  },
  /** The connection would cross a network in clear, or to whoever answers. */
  'queue-in-clear': {
    class: 'usage',
    advice: 'say sslmode=verify-full, and sslrootcert=FILE where its issuer is your own',
  },
  /** Nothing answers there, or no longer. */
  'queue-unreachable': {
    class: 'usage',
    advice: 'is it running, and can it be reached from here? The same command goes on where this one stopped',
  },
  /** The certificate of the database is over, of another name, or of an issuer that nobody trusts. */
  'queue-certificate-invalid': {
    class: 'usage',
    advice: 'renew the certificate of its server, or name its issuer by sslrootcert=FILE',
  },
  /** The database does not let this user in. */
  'queue-denied': { class: 'usage', advice: 'correct user, password and database' },
  /** The database's role may not do what a coordinator or a worker does. */
  'queue-forbidden': { class: 'usage', advice: 'grant it what docs/operations.md lists' },
  /** The database refused a query. */
  'queue-query-failed': { class: 'invariant' },
  /** The tables of the queue are of another version of this program. */
  'queue-of-another-version': {
    class: 'artefact',
    advice:
      'bring all machines to one version, and drop the schemas solvent_queue and solvent_pgboss between runs',
  },

  // The key that seals tasks.
  /** The variable holds no key. */
  'queue-key-missing': {
    class: 'usage',
    advice: 'make one with openssl rand -hex 32, and give the same to the prover and to all workers',
  },
  /** The run's tasks are sealed under another key than this worker has. */
  'queue-key-differs': { class: 'usage', advice: 'give the worker the key that the prover has' },

  // Workers.
  /** The run is proven with other keys than this worker holds. */
  'run-of-other-keys': { class: 'usage', advice: 'copy the keys of the run to this machine' },
  /** A task does not open, or is none: somebody changed it in the database. */
  'task-malformed': { class: 'artefact', advice: 'find out who writes to this database' },
  /** No name that a worker can have. */
  'worker-name-unfit': {
    class: 'usage',
    advice: 'give 1 to 64 letters, digits, dots, hyphens and underscores',
  },
  /** Its answers were wrong three times. */
  'worker-banned': {
    class: 'usage',
    advice: 'look what is wrong with its machine, then start it once with --lift-ban',
  },
  /** Another one began under its name. */
  'worker-replaced': { class: 'usage', advice: 'give each worker a name of its own' },

  // The run.
  /** No worker that may take the tasks of the run is at work. */
  'workers-missing': {
    class: 'usage',
    advice:
      'start solvent worker with the same queue, key and keys; the same command goes on where this one stopped',
  },
  /** Several workers gave a task back without a proof. */
  'task-refused': { class: 'proving', advice: 'prove it on this machine, without the queue, to see why' },
  /** Many workers died with the same task. */
  'task-lost': { class: 'proving', advice: 'give workers more memory, or fewer threads' },
  /** A batch is larger than what goes through the queue. */
  'task-too-large': { class: 'usage', advice: 'prove this profile without the queue' },
} as const;

export type QueueCode = keyof typeof QUEUE_ERRORS;

/** Makes an error of the queue. */
export const refuseQueue = defineErrors(QUEUE_ERRORS);
