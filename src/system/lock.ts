import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SolventError } from '../protocol/index.js';
import { isProcessAlive } from './process-alive.js';

export type LockCode = 'directory-in-use';

const LOCK_FILE = '.lock';

/**
 * Takes a directory for this process alone until `release` is called or the process ends, however it ends: a lock
 * whose process is gone is taken over.
 * @throws SolventError `directory-in-use` while another process holds it.
 */
export async function acquireLock(directory: string): Promise<{ release: () => Promise<void> }> {
  const path = join(directory, LOCK_FILE);
  const mine = `${path}-${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    await linkLock(mine, path, directory);
  } finally {
    await rm(mine, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
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
      throw new SolventError<LockCode>(
        'usage',
        'directory-in-use',
        `expected no other process at work in ${directory}, got process ${owner}: wait for it, or stop it`,
      );
    }
    await rm(path, { force: true });
  }
  throw new SolventError<LockCode>(
    'usage',
    'directory-in-use',
    `expected to lock ${directory}, got another process each time: run this command again`,
  );
}

/** The process that a lock names; 0, which is none, where there is no lock that can be read. */
async function readOwner(path: string): Promise<number> {
  return Number(await readFile(path, 'utf8').catch(() => ''));
}
