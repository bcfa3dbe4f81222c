import './without-eval.js';

import { answerQuestion } from './answer.js';
import type { Question } from './question.js';

// One question, one answer; the page ends the worker after it.
addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answerQuestion(data).then((answer) => {
    postMessage(answer);
  });
});
