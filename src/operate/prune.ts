import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { acquireLock, isThere } from '../system/index.js';
import { loadInstants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';
import { findVersion } from './site-link.js';

/** What goes, and what can no longer be made then. */
export type Pruned = { readonly path: string; readonly lost: string };

const LOST = {
  snapshot: 'no statement, export or analysis of this instant',
  run: 'no inclusion file of this instant for a user who asks later',
  begun: 'nothing: it was passed by a later instant and can never be published',
  site: 'nothing: the published site has this snapshot in its history',
};

/**
 * Removes what is older than the stated retention, or says what would go: snapshots, then runs with their secrets, instants that
 * were passed, and old versions of the site. What is published, the list of instants and the account of what the key signed stay.
 * @param options `isMeant`: whether it is removed; else it is only listed.
 * @throws SolventError `directory-in-use`.
 */
export async function prune(
  operation: Operation,
  { nowMs, isMeant }: { readonly nowMs: number; readonly isMeant: boolean },
): Promise<readonly Pruned[]> {
  const paths = operationPaths(operation);
  if (!(await isThere(paths.instants))) return [];
  const lock = await acquireLock(paths.state);
  try {
    const list = [...(await listInstants(operation, nowMs)), ...(await listVersions(operation))];
    if (isMeant) for (const { path } of list) await rm(path, { recursive: true, force: true });
    return list;
  } finally {
    await lock.release();
  }
}

async function listInstants(operation: Operation, nowMs: number): Promise<Pruned[]> {
  const paths = operationPaths(operation);
  const { entries } = await loadInstants(paths.instants);
  const { snapshots, runs } = operation.retention;
  const list: Pruned[] = [];
  for (const { takenAt, state } of entries) {
    const { directory, snapshot, run, inclusion, reservesWork } = paths.instant(takenAt);
    const ageMs = nowMs - Date.parse(takenAt);
    if (state === 'passed') list.push({ path: directory, lost: LOST.begun });
    if (state !== 'published') continue;
    if (ageMs > snapshots) list.push({ path: snapshot, lost: LOST.snapshot });
    if (ageMs > runs) list.push(...[run, inclusion, reservesWork].map((path) => ({ path, lost: LOST.run })));
  }
  const there = await Promise.all(list.map(({ path }) => isThere(path)));
  return list.filter((_, index) => there[index]);
}

async function listVersions(operation: Operation): Promise<Pruned[]> {
  const paths = operationPaths(operation);
  const current = await findVersion(paths);
  if (current === undefined) return [];
  const names = (await readdir(paths.versions)).filter((name) => !name.startsWith('.')).sort();
  // Names are instants, so that their order is that of time.
  const older = names.slice(0, Math.max(0, names.indexOf(basename(current)) + 1 - operation.retention.sites));
  return older.map((name) => ({ path: join(paths.versions, name), lost: LOST.site }));
}
