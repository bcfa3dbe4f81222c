import type { CheckAnswer, Progress, Question } from '../checker/question.js';
import { findElement } from './element.js';

/** A check that is under way. */
export type Asked = {
  readonly answer: Promise<CheckAnswer>;
  /** Ends it; the answer then never comes. */
  readonly cancel: () => void;
};

/**
 * Asks the checker, in a worker of its own that ends with its answer. A worker that cannot start or breaks is an
 * answer too, and never a valid one.
 * @param onProgress called with what the checker says of its progress.
 */
export function ask(question: Question, onProgress: (progress: Progress) => void): Asked {
  const source = findElement('checker', HTMLScriptElement).textContent;
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  let cancel = () => {
    URL.revokeObjectURL(address);
  };
  const answer = new Promise<CheckAnswer>((resolve) => {
    const fail = (code: string) => {
      resolve({ kind: 'refusal', outcome: 'fault', code, about: 'page' });
    };
    try {
      const worker = new Worker(address);
      cancel = () => {
        worker.terminate();
        URL.revokeObjectURL(address);
      };
      worker.addEventListener('message', ({ data }: MessageEvent<CheckAnswer | Progress>) => {
        if (data.kind === 'progress') onProgress(data);
        else resolve(data);
      });
      worker.addEventListener('error', () => {
        fail('checker-not-started');
      });
      worker.addEventListener('messageerror', () => {
        fail('checker-failed');
      });
      worker.postMessage(question);
    } catch {
      fail('checker-not-started');
    }
  });
  return {
    answer: answer.finally(() => {
      cancel();
    }),
    cancel: () => {
      cancel();
    },
  };
}
