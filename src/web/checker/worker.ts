import './without-eval.js';

import { answerQuestion } from './answer.js';
import type { Progress, Question } from './question.js';

// One question, one answer, and before it how far the checker is; the page ends the worker after it.
addEventListener('message', ({ data }: MessageEvent<Question>) => {
  const report = (done: number, total: number) => {
    postMessage({ kind: 'progress', done, total } satisfies Progress);
  };
  void answerQuestion(data, report).then((answer) => {
    postMessage(answer);
  });
});
