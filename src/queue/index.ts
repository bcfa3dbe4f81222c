export { createQueueCommitter, spreadOver } from './committing.js';
export { createQueueProver } from './coordinator.js';
export { DEFAULT_PATIENCE_MS, readConnection } from './database.js';
export { QUEUE_ERRORS, type QueueCode } from './errors.js';
export { MAX_TASK_BYTES, type QueueNote, type QueueOptions } from './run-watch.js';
export { QUEUE_KEY_VARIABLE, readQueueKey } from './sealing.js';
export { runQueueWorker, type WorkerEvent, type WorkerOptions } from './worker.js';
export { MAX_WRONG_ANSWERS } from './tables.js';
export { assertWorkerName, listQueueWorkers, type QueueWorker } from './workers.js';
