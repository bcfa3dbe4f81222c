import { readdir, rm, chmod, copyFile, lstat, stat } from 'node:fs/promises';
import { basename, join, dirname, relative } from 'node:path';

import { z } from 'zod';

import {
  acquireLock,
  isThere,
  hashFile,
  makeDirectory,
  nameFullDisk,
  readRegularFile,
  syncDirectory,
  writeDirectoryAtomically,
  writeFileAtomically,
} from '../system/index.js';
import { encodeJsonLine, parseJsonLine, parseSchema, primitives as p } from '../protocol/index.js';
import { loadInstants, findLastPublished } from './instants.js';
import { operationPaths, type Operation } from './operation.js';
import { findVersion, switchSite } from './site-link.js';
import { refuseOperation } from './errors.js';
import { locateSigningLedger } from './signer.js';

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

const BACKUP_FORMAT = 'solvent/operation-backup/v1';
const BACKUP_FILE = 'backup.json';
const LEDGER_FILE = 'signing-ledger.json';
const INSTANTS_FILE = 'instants.json';
const INSTANTS_DIRECTORY = 'instants';
const SITE_DIRECTORY = 'site';
const MAX_BACKUP_BYTES = 256 * 1024 * 1024;

/** What can be made again from the rest, or is of use only while proving goes on. */
const LEFT_OUT = new Set(['snapshot', 'findings', 'inclusion.zip', 'proofs', '.lock', '.clock']);

const schema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  platform: p.name,
  lastTakenAt: p.instant,
  lastManifestHash: p.sha256Hex,
  files: z.array(z.strictObject({ path: z.string(), sha256: p.sha256Hex, mode: z.int().min(0).max(0o777) })),
});

/** What a backup holds. */
export type Backup = Omit<z.infer<typeof schema>, 'format' | 'files'> & { readonly fileCount: number };

/**
 * Copies what cannot be made again into a new directory: the list of instants, the account of what the key signed, the
 * secrets and rows of every published run, and the published site with its history. Runs that are not published are
 * left out: nobody may go on with an older state of one. Snapshots, inclusion archives and keys are not in it.
 * @throws SolventError `directory-in-use`, `directory-exists`, `disk-full`, `nothing-published`.
 */
export async function backUp(operation: Operation, out: string): Promise<Backup> {
  const paths = operationPaths(operation);
  if (!(await isThere(paths.instants))) throw refuseEmpty();
  const lock = await acquireLock(paths.state);
  try {
    const instants = await loadInstants(paths.instants);
    const last = findLastPublished(instants);
    const version = await findVersion(paths);
    if (last === undefined || version === undefined) throw refuseEmpty();
    const published = instants.entries.filter(({ state }) => state === 'published');
    let fileCount = 0;
    await writeDirectoryAtomically(
      out,
      async (directory) => {
        await copyOne(paths.instants, join(directory, INSTANTS_FILE));
        await copyOne(await locateSigningLedger(operation), join(directory, LEDGER_FILE));
        for (const { takenAt } of published) {
          const from = paths.instant(takenAt).directory;
          await copyTree(from, join(directory, INSTANTS_DIRECTORY, basename(from)), LEFT_OUT);
        }
        await copyTree(version, join(directory, SITE_DIRECTORY, basename(version)), new Set());
        const files = await listFiles(directory);
        fileCount = files.length;
        const head = {
          platform: operation.platform,
          lastTakenAt: last.takenAt,
          lastManifestHash: last.manifestHash!,
        };
        await writeFileAtomically(
          join(directory, BACKUP_FILE),
          encodeJsonLine({ format: BACKUP_FORMAT, ...head, files }),
          { mode: 0o600 },
        );
      },
      { mode: 0o700 },
    );
    return {
      platform: operation.platform,
      lastTakenAt: last.takenAt,
      lastManifestHash: last.manifestHash!,
      fileCount,
    };
  } finally {
    await lock.release();
  }
}

function refuseEmpty() {
  return refuseOperation('nothing-published', {
    expected: 'an operation that published something',
    found: 'none',
  });
}

/**
 * Brings a backup into the directories of an operation that has none. It must be the newest: with an older one the key could sign
 * a second manifest for an instant that is published.
 * @param manifestHash the last that was announced, from where everyone sees it.
 * @throws SolventError `backup-damaged`, `backup-outdated`, `restore-target-used`; nothing is changed then.
 */
export async function restore(operation: Operation, from: string, manifestHash: string): Promise<Backup> {
  const paths = operationPaths(operation);
  const backup = await loadBackup(from);
  if (backup.platform !== operation.platform)
    throw refuseOperation('platform-differs', { expected: operation.platform, found: backup.platform });
  if (backup.lastManifestHash !== manifestHash) {
    throw refuseOperation('backup-outdated', {
      expected: `a backup whose last manifest is ${manifestHash}`,
      found: `${backup.lastManifestHash} of ${backup.lastTakenAt}`,
    });
  }
  const ledger = await locateSigningLedger(operation);
  await assertTargets(from, { ...paths, ledger });
  await makeDirectory(paths.state, 0o700);
  const lock = await acquireLock(paths.state);
  try {
    const instants = join(from, INSTANTS_DIRECTORY);
    for (const name of await readdir(instants))
      await copyTree(join(instants, name), join(paths.state, INSTANTS_DIRECTORY, name), new Set());
    const [version] = await readdir(join(from, SITE_DIRECTORY));
    const target = join(paths.versions, version!);
    if (!(await isThere(target)))
      await writeDirectoryAtomically(target, (directory) =>
        copyTree(join(from, SITE_DIRECTORY, version!), directory, new Set()),
      );
    await copyOne(join(from, LEDGER_FILE), ledger);
    await switchSite(paths, target);
    // Last: with it the operation is there.
    await copyOne(join(from, INSTANTS_FILE), paths.instants);
    return backup;
  } finally {
    await lock.release();
  }
}

/** Reads a backup through. @throws SolventError `backup-damaged`. */
async function loadBackup(directory: string): Promise<Backup> {
  const { platform, lastTakenAt, lastManifestHash, files } = parseSchema(
    schema,
    BACKUP_FORMAT,
    parseJsonLine(await readRegularFile(join(directory, BACKUP_FILE), MAX_BACKUP_BYTES), MAX_BACKUP_BYTES),
  );
  const found = (await listFiles(directory)).filter(({ path }) => path !== BACKUP_FILE);
  const listed = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const changed = found.find(({ path, sha256 }) => listed.get(path) !== sha256);
  if (changed === undefined && found.length === files.length)
    return { platform, lastTakenAt, lastManifestHash, fileCount: files.length };
  throw refuseOperation('backup-damaged', {
    expected: `the ${files.length} files of the backup in ${directory}`,
    found: changed === undefined ? `${found.length}` : `another ${changed.path}`,
  });
}

/** Nothing is written over: where something is, it must be the same. */
async function assertTargets(
  from: string,
  { instants, site, ledger }: { instants: string; site: string; ledger: string },
): Promise<void> {
  const isSame = async (one: string, other: string) => (await hashFile(one)) === (await hashFile(other));
  for (const path of [instants, site]) {
    if (await isThere(path)) throw used(path);
  }
  if ((await isThere(ledger)) && !(await isSame(ledger, join(from, LEDGER_FILE)))) throw used(ledger);
}

function used(path: string) {
  return refuseOperation('restore-target-used', {
    expected: `nothing at ${path}`,
    found: 'something',
    details: { path },
  });
}

async function copyTree(from: string, to: string, leftOut: ReadonlySet<string>): Promise<void> {
  const { mode } = await stat(from);
  await makeDirectory(to, mode & 0o777);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (leftOut.has(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target, leftOut);
    else if (entry.isFile()) await copyOne(source, target);
  }
  await syncDirectory(to);
}

async function copyOne(from: string, to: string): Promise<void> {
  const { mode } = await lstat(from);
  await makeDirectory(dirname(to), 0o700);
  await nameFullDisk(to, () => copyFile(from, to));
  await chmod(to, mode & 0o777);
}

async function listFiles(directory: string) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = [];
  for (const path of paths.sort()) {
    const { mode } = await lstat(path);
    files.push({ path: relative(directory, path), sha256: await hashFile(path), mode: mode & 0o777 });
  }
  return files;
}
