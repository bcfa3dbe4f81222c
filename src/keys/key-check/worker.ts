// The entry of a worker thread: runs the jobs that it is sent, one after another.
import { answerTask, type Answer } from '../../system/index.js';
import { runJob, type Job, type JobResult } from './jobs.js';

/** Runs one job in this thread. */
export default function run(job: Job): Promise<Answer<JobResult>> {
  return answerTask(() => runJob(job));
}
