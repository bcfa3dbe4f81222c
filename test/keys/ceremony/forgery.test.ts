import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { readVerificationKey } from '../../../src/iden3/index.js';
import {
  applyBeacon,
  contribute,
  finishCeremony,
  initCeremony,
  verifyCeremony,
} from '../../../src/keys/index.js';
import type { Profile } from '../../../src/protocol/index.js';
import { cacheDirectory } from '../../../src/system/index.js';
import { LEAST, makeLeastCache } from '../least-profile.js';
import { deriveCeremony } from '../../../src/keys/ceremony/verify.js';
import { verifyWithSnarkjs } from '../../prover/snarkjs-verify.js';
import { contributeNothing, deriveBeaconSecret, forgeProof, rawSnarkjs } from './forger.js';
import { currentKeys, writeStep } from './least-ceremony.js';
import {
  ANNOUNCED_BEACON,
  BEACON_VALUE,
  beginLeast,
  CACHE,
  makeDirectory,
  loadLeastPowers,
  PROFILES_WITH_LEAST,
} from './least-ceremony.js';

/** 32 bytes of the sequence in snarkjs's tutorial. */
const TUTORIAL = Buffer.from(Array.from({ length: 32 }, (_, index) => index + 1)).toString('hex');
/** Whatever a forger would like to have proven. */
const CLAIM = 123456789n;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

let root: string;
let begun: string;
let powersOfTauPath: string;

beforeAll(async () => {
  root = makeDirectory();
  begun = await beginLeast(root);
  powersOfTauPath = (await loadLeastPowers()).path;
});
afterAll(() => rm(root, { recursive: true }));

/** A copy of the ceremony that was begun, for one test to spoil. */
async function copyCeremony(name: string): Promise<string> {
  const directory = join(root, name);
  await cp(begun, directory, { recursive: true });
  return directory;
}

const options = (directory: string) => ({
  directory,
  powersOfTauPath,
  cacheDirectory: CACHE,
  profiles: PROFILES_WITH_LEAST,
});

/** Whether raw snarkjs says OK to the spot circuit's key, and to a proof of nothing under it. */
async function fools(directory: string, secret: bigint): Promise<{ key: boolean; proof: boolean }> {
  const [initial] = await currentKeys(begun);
  const [spot] = await currentKeys(directory);
  const key = await readVerificationKey(spot!.path);
  const claims = key.ic.slice(1).map((_, index) => CLAIM + BigInt(index));
  const proof = forgeProof(key, secret, claims);
  return {
    key: await rawSnarkjs.verify(initial!.path, powersOfTauPath, spot!.path),
    proof: await verifyWithSnarkjs(key, claims.map(String), proof),
  };
}

describe('a ceremony that nobody contributed to', () => {
  it('has keys that snarkjs says OK to, and a proof of nothing passes under them', async () => {
    expect(await fools(begun, 1n)).toEqual({ key: true, proof: true });
  });

  it('is open for contributions, and cannot be closed or finished', async () => {
    expect((await deriveCeremony(options(begun))).state).toBe('open');
    const close = applyBeacon({ directory: begun, cacheDirectory: CACHE, value: BEACON_VALUE });
    await expect(close).rejects.toThrow(refusal('ceremony-without-contribution'));
    const finish = finishCeremony({ ...options(begun), keysDirectory: join(root, 'keys') });
    await expect(finish).rejects.toThrow(refusal('ceremony-without-contribution'));
  });
});

describe('a ceremony with a beacon alone', () => {
  it('has keys that snarkjs says OK to, and a proof of nothing passes; it is refused', async () => {
    const directory = await copyCeremony('beacon-alone');
    await writeStep(directory, { value: BEACON_VALUE }, (before, after) =>
      rawSnarkjs.beacon(before, after, BEACON_VALUE),
    );
    const secret = await deriveBeaconSecret(BEACON_VALUE);
    expect(await fools(directory, secret)).toEqual({ key: true, proof: true });
    // With another secret the proof does not pass: it is this one that makes it.
    expect((await fools(directory, secret + 1n)).proof).toBe(false);
    await expect(deriveCeremony(options(directory))).rejects.toThrow(
      refusal('ceremony-without-contribution'),
    );
    await expect(
      finishCeremony({ ...options(directory), keysDirectory: join(root, 'keys') }),
    ).rejects.toThrow(refusal('ceremony-without-contribution'));
  });

  it('is refused as well where the transcript calls the beacon a contribution', async () => {
    const directory = await copyCeremony('beacon-disguised');
    await writeStep(directory, { contributor: 'beacon' }, (before, after) =>
      rawSnarkjs.beacon(before, after, BEACON_VALUE),
    );
    await expect(deriveCeremony(options(directory))).rejects.toThrow(refusal('transcript-of-other-keys'));
  });
});

describe('a contribution of the secret 1', () => {
  it('is one that snarkjs says OK to, and a proof of nothing passes; it is refused', async () => {
    const directory = await copyCeremony('empty');
    await writeStep(directory, { contributor: 'Nobody' }, (before, after) =>
      contributeNothing(before, after, 'Nobody'),
    );
    expect(await fools(directory, 1n)).toEqual({ key: true, proof: true });
    await expect(deriveCeremony(options(directory))).rejects.toThrow(refusal('contribution-empty'));
  });
});

describe('the beacon of snarkjs’s tutorial', () => {
  it('closes no ceremony, even after a contribution', async () => {
    const directory = await copyCeremony('tutorial');
    await writeStep(directory, { contributor: 'Alice' }, (before, after) =>
      rawSnarkjs.contribute(before, after, 'Alice'),
    );
    expect((await deriveCeremony(options(directory))).state).toBe('open');
    const close = applyBeacon({ directory, cacheDirectory: CACHE, value: TUTORIAL });
    await expect(close).rejects.toThrow(refusal('beacon-unfit'));

    await writeStep(directory, { value: TUTORIAL }, (before, after) =>
      rawSnarkjs.beacon(before, after, TUTORIAL),
    );
    const [initial] = await currentKeys(begun);
    const [spot] = await currentKeys(directory);
    expect(await rawSnarkjs.verify(initial!.path, powersOfTauPath, spot!.path)).toBe(true);
    await expect(deriveCeremony(options(directory))).rejects.toThrow(refusal('beacon-unfit'));
  });
});

/** A constraint in an r1cs file is three sums, each of terms of a wire and 32 bytes. */
const TERM_BYTES = 36;
const CONSTRAINTS_SECTION = 2;
/** As many constraints as an attacker took out, once. */
const SILENCED = 384;

/** Makes the first constraints of a circuit say 0 · 0 = 0: what they held to a range may now be anything. */
function silence(r1cs: Buffer): Buffer {
  const changed = Buffer.from(r1cs);
  let at = 12;
  while (changed.readUInt32LE(at) !== CONSTRAINTS_SECTION) at += 12 + Number(changed.readBigUInt64LE(at + 4));
  at += 12;
  for (let sum = 0; sum < 3 * SILENCED; sum++) {
    const termCount = changed.readUInt32LE(at);
    at += 4;
    for (let term = 0; term < termCount; term++, at += TERM_BYTES) changed.fill(0, at + 4, at + TERM_BYTES);
  }
  return changed;
}

/** Puts circuits with constraints that say nothing into a cache, each with the hash that it now has beside it. */
async function poison(cacheDirectory: string): Promise<void> {
  await makeLeastCache(cacheDirectory);
  for (const entry of await readdir(join(cacheDirectory, 'circuits'))) {
    const at = (name: string) => join(cacheDirectory, 'circuits', entry, name);
    const changed = silence(await readFile(at('circuit.r1cs')));
    await writeFile(at('circuit.r1cs'), changed);
    const record = JSON.parse(await readFile(at('circuit.json'), 'utf8')) as {
      files: Record<string, string>;
    };
    record.files['circuit.r1cs'] = createHash('sha256').update(changed).digest('hex');
    await writeFile(at('circuit.json'), JSON.stringify(record));
  }
}

describe('a cache into which somebody put circuits without range checks', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('makes keys that a derivation from it accepts, and that verify and finish refuse', async () => {
    const poisoned = join(root, 'poisoned', 'solvent');
    await poison(poisoned);
    vi.stubEnv('SOLVENT_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', join(root, 'poisoned'));
    expect(cacheDirectory()).toBe(poisoned);
    const spotAlone: Profile = { ...LEAST, layouts: LEAST.layouts.slice(0, 1) };
    const given = {
      ...options(join(root, 'poisoned-ceremony')),
      profiles: new Map([[LEAST.name, spotAlone]]),
    };
    const step = { directory: given.directory, cacheDirectory: poisoned };
    await initCeremony({
      ...{ ...step, profile: spotAlone, powersOfTauPath, allowUntrustedPowersOfTau: true },
      beacon: ANNOUNCED_BEACON,
    });
    await contribute({ ...step, contributor: 'Mallory' });
    await applyBeacon({ ...step, value: BEACON_VALUE });
    expect((await deriveCeremony({ ...given, cacheDirectory: poisoned })).state).toBe('closed');
    const keysDirectory = join(root, 'poisoned-keys');
    const acts = [() => verifyCeremony(given), () => finishCeremony({ ...given, keysDirectory })];
    for (const act of acts) {
      await expect(act()).rejects.toThrow(refusal('ceremony-of-other-circuits'));
    }
    expect(await readdir(root)).not.toContain('poisoned-keys');
  });
});
