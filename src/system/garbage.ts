import { Session } from 'node:inspector';

/**
 * Runs the collector of this thread now, which takes some tens of milliseconds. Memory that threads share, and WebAssembly's,
 * weighs next to nothing on a heap: hundreds of megabytes of it stand long after the last use where nobody asks. Node has no
 * other way to ask that changes no flag of V8 while threads run.
 */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      session.post('HeapProfiler.collectGarbage', (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  } finally {
    session.disconnect();
  }
}

/** Below it a process gives back too little for what asking takes. */
const LEAST_RESIDENT_BYTES = 420e6;

/** Runs the collector of this thread where the process has come to hold much. */
export async function relieveMemory(): Promise<void> {
  if (process.memoryUsage.rss() >= LEAST_RESIDENT_BYTES) await collectGarbage();
}
