import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { refuseOperation } from './errors.js';
import { findLastPublished, loadInstants } from './instants.js';
import { operationPaths, type Operation } from './operation.js';

const MEGABYTE = 1e6;
/** What a first instant is given room for, where nothing says how large it will be. */
const FIRST_INSTANT_BYTES = 512 * MEGABYTE;
/** Accounts are more each day, and what is being written lies beside what is there. */
const GROWTH = 1.5;

/** The volume with the least room for what goes on it. */
export type Room = {
  readonly path: string;
  readonly freeBytes: number;
  /** What one instant leaves there, by the last that is published. */
  readonly instantBytes: number;
  /** How many more of them there is room for. */
  readonly instantsLeft: number;
};

/** A path, and what one instant leaves under it, in bytes. */
type Share = { readonly path: string; readonly bytes: number };

/** Measures the room for further instants on the volumes of state and site, and returns that of the fuller one. */
export async function measureRoom(operation: Operation): Promise<Room> {
  const paths = operationPaths(operation);
  const last = findLastPublished(await loadInstants(paths.instants));
  const shares: readonly Share[] =
    last === undefined
      ? [{ path: paths.state, bytes: FIRST_INSTANT_BYTES }]
      : [
          { path: paths.state, bytes: await measureTree(paths.instant(last.takenAt).directory) },
          { path: paths.versions, bytes: await measureTree(paths.version(last.takenAt)) },
        ];
  const rooms = await measureVolumes(shares);
  return rooms.reduce((least, room) => (room.instantsLeft < least.instantsLeft ? room : least));
}

/**
 * Holds an instant to the room that there is, before anything of it is made; what is made of it already counts.
 * @throws SolventError `disk-low`.
 */
export async function assertRoom(
  operation: Operation,
  takenAt: string,
): Promise<{ readonly neededBytes: number; readonly freeBytes: number }> {
  const paths = operationPaths(operation);
  const { path, freeBytes, instantBytes } = await measureRoom(operation);
  const madeBytes =
    (await measureTree(paths.instant(takenAt).directory)) + (await measureTree(paths.version(takenAt)));
  const neededBytes = Math.max(0, Math.ceil(GROWTH * instantBytes) - madeBytes);
  if (freeBytes < neededBytes) throw refuseLow(path, { neededBytes, freeBytes });
  return { neededBytes, freeBytes };
}

/** A size as people read it. */
export function formatMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE).toLocaleString('en-US')} MB`;
}

/** There is less room than is needed. */
export function refuseLow(
  path: string,
  { neededBytes, freeBytes }: { readonly neededBytes: number; readonly freeBytes: number },
) {
  return refuseOperation('disk-low', {
    expected: `${formatMegabytes(neededBytes)} of room at ${path}`,
    found: formatMegabytes(freeBytes),
    details: { neededBytes, freeBytes },
  });
}

/** What lies on one volume is counted together. */
async function measureVolumes(shares: readonly Share[]): Promise<readonly Room[]> {
  const volumes = new Map<number, Share>();
  for (const { path, bytes } of shares) {
    const there = await findThere(path);
    const { dev } = await stat(there);
    const known = volumes.get(dev);
    volumes.set(dev, { path: known?.path ?? there, bytes: (known?.bytes ?? 0) + bytes });
  }
  const measured = [...volumes.values()].map(async ({ path, bytes }): Promise<Room> => {
    const { bavail, bsize } = await statfs(path);
    const freeBytes = bavail * bsize;
    const instantsLeft = Math.floor(freeBytes / Math.max(1, bytes));
    return { path, freeBytes, instantBytes: bytes, instantsLeft };
  });
  return Promise.all(measured);
}

/** A path, or the nearest directory above it that is there. */
async function findThere(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : findThere(dirname(path));
}

async function measureTree(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries.filter((one) => one.isFile()))
    sum += (await stat(join(entry.parentPath, entry.name))).size;
  return sum;
}
