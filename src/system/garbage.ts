import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Runs the collector of this thread now, which takes some tens of milliseconds. Memory that threads share, and WebAssembly's,
 * weighs next to nothing on a heap: hundreds of megabytes of it stand long after the last use where nobody asks. The second
 * run frees what was held by what the first one swept.
 */
export function collectGarbage(): void {
  collect ??= findCollector();
  collect();
  collect();
}

function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext("typeof gc === 'function' ? gc : () => undefined") as () => void;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
