// The entry of a worker thread: runs the jobs that it is sent, one after another.
import { answerTask, type Answer } from '../../system/index.js';
import { runPiece, type CheckPiece, type PieceResult } from './jobs.js';

/** Runs one job in this thread. */
export default function run(job: CheckPiece): Promise<Answer<PieceResult>> {
  return answerTask(() => runPiece(job));
}
