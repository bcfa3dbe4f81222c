import { setTimeout as sleep } from 'node:timers/promises';

import { isDirectoryHeld } from '../../system/index.js';
import { incompleteKeys, loadListed, missingKeys, type KeySet } from './key-set.js';
import { findKeysRecord } from './keys-file.js';

/** How often the list of keys is looked at: a file of some kilobytes. */
const LOOK_INTERVAL_MS = 250;
/** How long a directory without all keys may be without a setup: one that is started beside its reader takes a moment. */
const ABSENCE_MS = 5_000;

/** How a directory is waited for. */
export type WaitOptions = {
  /** Told once where not all keys are there yet. */
  readonly onWait?: () => void;
  /** Milliseconds for which no setup may be at work before all keys are there; five seconds unless it is said. */
  readonly absenceMs?: number;
};

/**
 * Loads the keys of a directory when all are there, for as long as a setup is at work on them.
 * @throws SolventError `keys-missing` or `keys-incomplete` where no setup came, or it ended without all; those of
 * `loadKeys`.
 */
export async function waitForKeys(
  keysDirectory: string,
  { onWait, absenceMs = ABSENCE_MS }: WaitOptions = {},
): Promise<KeySet> {
  let seenAtMs = performance.now();
  let hasWaited = false;
  for (;;) {
    // In this order: a setup that ends has written all of its list before it lets the directory go.
    const isSetupAtWork = await isDirectoryHeld(keysDirectory);
    const record = await findKeysRecord(keysDirectory);
    if (record !== undefined && record.awaited === undefined) return loadListed(keysDirectory, record);
    if (isSetupAtWork) seenAtMs = performance.now();
    if (!isSetupAtWork && performance.now() - seenAtMs >= absenceMs) {
      throw record === undefined
        ? await missingKeys(keysDirectory)
        : incompleteKeys(keysDirectory, record, false);
    }
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await sleep(LOOK_INTERVAL_MS);
  }
}
