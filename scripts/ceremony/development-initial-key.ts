import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  bigintToLittleEndian,
  ELEMENT_BYTES,
  locatePtauPoints,
  readR1cs,
  readZkeyLayout,
  withFileSync,
  ZKEY_SECTION,
} from '../../src/iden3/index.js';
import type { CompiledCircuit } from '../../src/keys/index.js';
import { JobRunner, runScalarsJob } from '../../src/keys/development-key/jobs.js';
import { layOutKey } from '../../src/keys/development-key/key-layout.js';
import { windowShapeFor } from '../../src/keys/development-key/window-table.js';
import { PointReader } from '../../src/keys/key-check/point-reader.js';
import { checkKey, type CheckKeyOptions, type InitialKeyHashes } from '../../src/keys/key-check/index.js';
import { DEVELOPMENT_SECRETS, type TauSecrets } from './development-powers.js';

/** What a key is made from whose powers of tau follow from known secrets. */
export type KnownKeySource = {
  readonly r1csPath: string;
  readonly ptauPath: string;
  readonly secrets?: TauSecrets;
  /** 1 where nobody contributed. */
  readonly delta?: bigint;
};

/**
 * Writes the key of a circuit over powers of tau whose secrets everybody knows: a multiplication of a generator for each point,
 * and none of the sums that the same key takes from the powers. It lists no contribution, and is worth nothing.
 */
export async function writeKnownKey(source: KnownKeySource, zkeyPath: string): Promise<void> {
  const { r1csPath, ptauPath, secrets = DEVELOPMENT_SECRETS, delta = 1n } = source;
  const r1cs = readR1cs(r1csPath);
  const { runs, scalars: at, domainSize } = layOutKey(r1cs);
  const scalars = new SharedArrayBuffer(at.count * ELEMENT_BYTES);
  const file = openSync(zkeyPath, 'w');
  try {
    const encode = (value: bigint) => bigintToLittleEndian(value, ELEMENT_BYTES);
    runScalarsJob(
      { kind: 'scalars', r1cs, scalars, file },
      {
        tau: encode(secrets.tau),
        alpha: encode(secrets.alpha),
        beta: encode(secrets.beta),
        delta: encode(delta),
      },
    );
    const runner = new JobRunner();
    for (const group of ['G1', 'G2'] as const) {
      const own = runs.filter((run) => run.group === group);
      const shape = windowShapeFor(
        group,
        own.reduce((sum, { count }) => sum + count, 0),
      );
      const table = new SharedArrayBuffer(shape.sizeBytes);
      for (let window = 0; window < shape.windowCount; window++) {
        runner.run({ kind: 'window', shape, window, table });
      }
      for (const run of own) runner.run({ kind: 'points', shape, table, scalars, run, file });
    }
  } finally {
    closeSync(file);
  }
  if (delta === 1n) await copyRows({ ptauPath, zkeyPath, domainSize });
}

/** The points H of an initial key are points of the powers of tau; those of the topmost level follow no formula. */
async function copyRows({
  ptauPath,
  zkeyPath,
  domainSize,
}: {
  ptauPath: string;
  zkeyPath: string;
  domainSize: number;
}): Promise<void> {
  const { doubledRows } = await locatePtauPoints(ptauPath, Math.log2(domainSize));
  const { position } = withFileSync(zkeyPath, (descriptor) =>
    readZkeyLayout(descriptor, zkeyPath).sections.get(ZKEY_SECTION.pointsH)!,
  );
  const source = {
    group: 'G1',
    from: ptauPath,
    position: doubledRows,
    count: domainSize,
    isOdd: true,
  } as const;
  const rows = new PointReader().read(source);
  const file = openSync(zkeyPath, 'r+');
  writeSync(file, rows, 0, rows.length, position);
  closeSync(file);
}

/**
 * Writes the initial key of a circuit over the development powers of tau, with the hash that contributions bind, as snarkjs
 * can add contributions to. The key follows from the secrets, and its hashes from the powers: two ways, held to each other.
 */
export async function writeInitialKey(
  source: KnownKeySource & { readonly name: string },
  zkeyPath: string,
  options: CheckKeyOptions = {},
): Promise<InitialKeyHashes> {
  const { name, r1csPath, ptauPath } = source;
  await writeKnownKey(source, zkeyPath);
  const hashes = await checkKey({ name, r1csPath, ptauPath, zkeyPath }, options);
  const { position } = withFileSync(zkeyPath, (descriptor) =>
    readZkeyLayout(descriptor, zkeyPath).sections.get(ZKEY_SECTION.contributions)!,
  );
  const file = openSync(zkeyPath, 'r+');
  writeSync(file, Buffer.from(hashes.circuitHash, 'hex'), 0, 64, position);
  closeSync(file);
  return hashes;
}

/** The file of published hashes of initial keys, from the root of the project. */
export const INITIAL_KEYS_PATH = 'conformance/initial-keys.json';

/** What is published of the keys of a profile before anyone contributes. */
export type PublishedInitialKeys = {
  /** `development`: powers that everybody knows the secrets of, for comparing implementations. */
  readonly powersOfTau: { readonly source: string; readonly power: number; readonly blake2b: string };
  readonly profile: string;
  readonly keys: readonly ({ readonly name: string; readonly r1csSha256: string } & InitialKeyHashes)[];
};

/** Makes the initial keys of compiled circuits over development powers of tau, one after the other, and keeps their hashes. */
export async function hashDevelopmentKeys(
  circuits: readonly CompiledCircuit[],
  ptauPath: string,
): Promise<PublishedInitialKeys['keys']> {
  const directory = await mkdtemp(join(tmpdir(), 'solvent-initial-keys-'));
  try {
    const keys: PublishedInitialKeys['keys'][number][] = [];
    for (const { name, r1csPath, r1csSha256 } of circuits) {
      const zkeyPath = join(directory, `${name}.zkey`);
      keys.push({ name, r1csSha256, ...(await writeInitialKey({ name, r1csPath, ptauPath }, zkeyPath)) });
      await rm(zkeyPath);
    }
    return keys;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
