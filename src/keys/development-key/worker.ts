// The entry of a worker thread: runs the jobs that it is sent, one after another.
import { answerTask, type Answer } from '../../system/index.js';
import { type Job, JobRunner } from './jobs.js';

const runner = new JobRunner();

/** Runs one job in this thread. */
export default function runJob(job: Job): Promise<Answer<undefined>> {
  return answerTask(() => {
    runner.run(job);
    return undefined;
  });
}
