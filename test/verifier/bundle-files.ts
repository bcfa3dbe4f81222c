import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BUNDLE_FILES, encodeJsonLine } from '../../src/protocol/index.js';
import type { Published } from '../../conformance/adversary/world.js';

/** Writes a bundle into a directory, which is made; returns the paths. */
export async function writeBundle(
  directory: string,
  { manifest, signature, commitments, weights, proofs }: Published,
): Promise<Readonly<Record<keyof typeof BUNDLE_FILES, string>>> {
  await mkdir(directory, { recursive: true });
  const write = async (kind: keyof typeof BUNDLE_FILES, lines: readonly unknown[]) => {
    const path = join(directory, BUNDLE_FILES[kind]);
    await writeFile(path, Buffer.concat(lines.map(encodeJsonLine)));
    return path;
  };
  return {
    manifest: await write('manifest', [manifest]),
    signature: await write('signature', [signature]),
    commitments: await write('commitments', commitments),
    weights: await write('weights', [weights]),
    proofs: await write('proofs', proofs),
  };
}
