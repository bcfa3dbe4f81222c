import { mkdir, watch } from 'node:fs/promises';

import { acquireLock } from '../../../src/system/index.js';
import { SolventError } from '../../../src/protocol/index.js';

/** Another process may end without a trace of it in the folder: look again after so long. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Runs what two test processes would otherwise do twice at once: the second waits until the first is done, and then
 * finds what it made.
 */
export async function oneAtATime<T>(folder: string, make: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  for (;;) {
    const lock = await acquireLock(folder).catch((error: unknown) => {
      if (error instanceof SolventError && error.code === 'directory-in-use') return undefined;
      throw error;
    });
    if (lock === undefined) {
      await waitForChange(folder);
      continue;
    }
    try {
      return await make();
    } finally {
      await lock.release();
    }
  }
}

async function waitForChange(folder: string): Promise<void> {
  try {
    for await (const change of watch(folder, { signal: AbortSignal.timeout(LOOK_AGAIN_MS) })) {
      if (change.eventType === 'rename') return;
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
}
