import { randomBytes } from 'node:crypto';
import { lstat, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { BUNDLE_FILES, formatManifestHash, parseManifest, type Manifest } from '../protocol/index.js';
import { isThere, makeDirectory, nameDiskErrors, syncDirectory } from '../system/index.js';
import { loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import type { OperationPaths } from './operation.js';

/** The newest snapshot of a site. */
export type SiteHead = {
  readonly takenAt: string;
  readonly manifestHash: string;
  readonly manifest: Manifest;
};

/** The newest snapshot of the site at a path; undefined where there is no site. @throws SolventError of class `format`. */
export async function findHead(site: string): Promise<SiteHead | undefined> {
  const path = join(site, 'bundle', BUNDLE_FILES.manifest);
  if (!(await isThere(path))) return undefined;
  const manifest = await loadPublished(path, parseManifest);
  return { takenAt: manifest.takenAt, manifestHash: formatManifestHash(manifest), manifest };
}

/**
 * Brings the site's link to its last version where a kill left the site without one. That can happen between the two
 * steps in which a site that was published by hand becomes a version.
 */
export async function settleSite(paths: OperationPaths): Promise<void> {
  if (await isThere(paths.site)) return;
  const names = (await readdir(paths.versions).catch(() => [])).filter((name) => !name.startsWith('.'));
  const heads = await Promise.all(
    names.map(async (name) => ({ name, head: await findHead(join(paths.versions, name)) })),
  );
  const whole = heads.flatMap(({ name, head }) => (head === undefined ? [] : [{ name, ...head }]));
  const [last] = whole.sort((one, other) => Date.parse(other.takenAt) - Date.parse(one.takenAt));
  if (last !== undefined) await pointTo(paths.site, join(paths.versions, last.name));
}

/**
 * Publishes a version of the site: the link leads to the version before, and then to this one, and never to anything else. Nobody
 * sees a half.
 * @param version a whole site in the directory of versions.
 */
export async function switchSite(paths: OperationPaths, version: string): Promise<void> {
  await nameDiskErrors(paths.site, async () => {
    const found = await lstat(paths.site).catch(() => undefined);
    if (found?.isDirectory() === true) await adopt(paths);
    await pointTo(paths.site, version);
  });
}

/** Which version is published now; undefined where the site is no link. */
export async function findVersion({ site }: OperationPaths): Promise<string | undefined> {
  const target = await readlink(site).catch(() => undefined);
  return target === undefined ? undefined : resolve(dirname(site), target);
}

/** A site that was published by hand becomes the first version. */
async function adopt(paths: OperationPaths): Promise<void> {
  const head = await findHead(paths.site);
  if (head === undefined) {
    throw refuseOperation('site-differs', {
      expected: `a published site or nothing at ${paths.site}`,
      found: 'another directory',
      advice: 'name another path for the site, or remove what is there',
    });
  }
  await makeDirectory(paths.versions);
  await rename(paths.site, paths.version(head.takenAt));
}

/** A link that is renamed over another takes its place at once. */
async function pointTo(site: string, version: string): Promise<void> {
  const directory = dirname(site);
  const next = join(directory, `.tmp-${basename(site)}-${process.pid}-${randomBytes(6).toString('hex')}`);
  await makeDirectory(directory);
  try {
    await symlink(relative(directory, version), next);
    await rename(next, site);
    await syncDirectory(directory);
  } finally {
    await rm(next, { force: true });
  }
}
