// The entry of a worker thread: runs the jobs that it is sent, one after another.
import { parentPort } from 'node:worker_threads';

import { SolventError } from '../../protocol/index.js';
import { type JobAnswer, type Job, JobRunner } from './jobs.js';

const port = parentPort;
if (port === null) throw new Error('expected to run in a worker thread');
const runner = new JobRunner();
port.on('message', (job: Job) => {
  port.postMessage(answer(job));
});

/** Errors lose their class between threads; one that is ours goes as its parts. */
function answer(job: Job): JobAnswer {
  try {
    runner.run(job);
    return { done: true };
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { errorClass, code, message, details } = error as SolventError;
    return { done: false, errorClass, code, message, details };
  }
}
