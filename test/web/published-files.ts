import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeJsonLine, type InclusionFile } from '../../src/protocol/index.js';
import {
  growTree,
  makeCeremony,
  makeInclusion,
  makePlatform,
  publish,
  withCeremony,
  type Platform,
  type Published,
} from '../../conformance/adversary/world.js';

const tree = growTree();

/** A platform whose keys are said to be of a ceremony: what an honest user meets. */
export const CEREMONY: Platform = withCeremony(makePlatform('honest'), makeCeremony({}));
/** The same with development keys. */
export const DEVELOPMENT: Platform = makePlatform('honest');

/** A snapshot of a platform; another instant is another snapshot. */
export function publishAt(platform: Platform, takenAt = '2026-06-30T00:00:00Z'): Published {
  const edit = (manifest: Published['manifest']) => {
    manifest.takenAt = takenAt;
  };
  return publish(platform, { nodes: Object.values(tree), top: tree.top, edit });
}

/** The honest inclusion file of lea@example.org, who holds one asset and owes another. */
export function inclusionOfLea(platform: Platform, published: Published): InclusionFile {
  const path = [tree.fourth, tree.right, tree.top];
  return makeInclusion(platform, published, { userId: 'lea@example.org', path });
}

/** The honest inclusion file of ann@example.org, who has a statement. */
export function inclusionOfAnn(platform: Platform, published: Published): InclusionFile {
  const path = [tree.first, tree.left, tree.top];
  return makeInclusion(platform, published, { userId: 'ann@example.org', path });
}

/** Writes what a user of the page needs into a folder, and the two lists of proofs; returns their paths. */
export async function writeFiles(
  folder: string,
  { platform, published, inclusion }: { platform: Platform; published: Published; inclusion: unknown },
) {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  return {
    inclusion: await write('inclusion.json', encodeJsonLine(inclusion)),
    manifest: await write('manifest.json', encodeJsonLine(published.manifest)),
    signature: await write('manifest.sig.json', encodeJsonLine(published.signature)),
    trust: await write('trust.json', encodeJsonLine(platform.trust)),
    batches: await write('batches.ndjson', Buffer.concat(published.batches.map(encodeJsonLine))),
    aggregates: await write('aggregates.ndjson', Buffer.concat(published.aggregates.map(encodeJsonLine))),
  };
}
