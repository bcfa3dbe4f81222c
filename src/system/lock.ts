import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { SolventError } from '../protocol/index.js';
import { isProcessAlive } from './process-alive.js';
import { refuseSystem } from './errors.js';

const LOCK_FILE = '.lock';

/** What is held until it is released. */
export type Lock = { readonly release: () => Promise<void> };

const WAIT_INTERVAL_MS = 50;
/** For locks that are held for moments. */
const MAX_WAITS = 600;

/**
 * Takes a directory for this process alone until `release` is called or the process ends, however it ends: a lock
 * whose process is gone is taken over.
 * @param name of the lock's file; another one where only a file of the directory is taken.
 * @throws SolventError `directory-in-use` while another process holds it.
 */
export async function acquireLock(directory: string, name: string = LOCK_FILE): Promise<Lock> {
  const path = join(directory, name);
  const mine = `${path}-${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    await linkLock(mine, path, directory);
  } finally {
    await rm(mine, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** The same, and waits for another process to release it. @throws SolventError `directory-in-use` where it never does. */
export async function waitForLock(directory: string, name: string): Promise<Lock> {
  for (let waits = 0; ; waits++) {
    try {
      return await acquireLock(directory, name);
    } catch (error) {
      const isHeld = error instanceof SolventError && error.code === 'directory-in-use';
      if (!isHeld || waits === MAX_WAITS) throw error;
      await sleep(WAIT_INTERVAL_MS);
    }
  }
}

/** Whether a process that lives, this one or another, holds a directory now. */
export async function isDirectoryHeld(directory: string): Promise<boolean> {
  return isProcessAlive(await readOwner(join(directory, LOCK_FILE)));
}

/** A link appears with its content or not at all, so that no other process reads an empty lock. */
async function linkLock(mine: string, path: string, directory: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await link(mine, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readOwner(path);
    if (owner !== process.pid && isProcessAlive(owner)) {
      throw refuseSystem('directory-in-use', {
        expected: `no other process at work in ${directory}`,
        found: `process ${owner}`,
        advice: 'wait for it, or stop it',
      });
    }
    await rm(path, { force: true });
  }
  throw refuseSystem('directory-in-use', {
    expected: `to lock ${directory}`,
    found: 'another process each time',
    advice: 'run this command again',
  });
}

/** The process that a lock names; 0, which is none, where there is no lock that can be read. */
async function readOwner(path: string): Promise<number> {
  return Number(await readFile(path, 'utf8').catch(() => ''));
}
