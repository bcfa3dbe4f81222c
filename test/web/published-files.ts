import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  encodeInclusion,
  encodeJsonLine,
  type InclusionFile,
  type Manifest,
} from '../../src/protocol/index.js';
import { commitRun } from '../../conformance/adversary/batches.js';
import { planExchange } from '../../conformance/adversary/exchange.js';
import { simulateCeremony } from '../../conformance/adversary/ceremony.js';
import { makePlatform, publish, type Platform, type Published } from '../../conformance/adversary/world.js';
import { writeBundle } from '../verifier/bundle-files.js';

const batches = commitRun(planExchange());

/** A ceremony of two people. */
export const SHOWN = simulateCeremony('honest', ['Alice', 'Bob']);
/** The platform whose keys it made: what an honest user meets. */
export const CEREMONY: Platform = SHOWN.platform;
/** The same with development keys. */
export const DEVELOPMENT: Platform = makePlatform('honest');

/** A snapshot of the same accounts as always; with another instant its prices are of no stated one. */
export function publishAs(platform: Platform, changes: Partial<Manifest> = {}): Published {
  return publish(platform, batches, {
    manifest: (manifest) => {
      Object.assign(manifest, changes);
      if (changes.takenAt === undefined) return;
      manifest.assets = manifest.assets.map((asset) => ({ ...asset, pricedAt: null, maxPriceAgeMs: null }));
    },
  });
}

/** What a user of the page gives it. */
export type GivenFiles = {
  readonly platform: Platform;
  readonly published: Published;
  readonly inclusion: Omit<InclusionFile, 'padding'>;
};

/** Writes what a user of the page needs into a directory; returns the paths. */
export async function writeFiles(directory: string, { platform, published, inclusion }: GivenFiles) {
  const bundle = await writeBundle(directory, published);
  const own = { inclusion: join(directory, 'inclusion.json'), trust: join(directory, 'trust.json') };
  await writeFile(own.inclusion, encodeInclusion(inclusion));
  await writeFile(own.trust, encodeJsonLine(platform.trust));
  return { inclusion: own.inclusion, ...bundle, trust: own.trust };
}
