import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readVerificationKey } from '../../../src/iden3/index.js';
import { applyBeacon, finishCeremony } from '../../../src/keys/index.js';
import { deriveCeremony as verifyCeremony } from '../../../src/keys/ceremony/verify.js';
import { verifyWithSnarkjs } from '../../prover/snarkjs-verify.js';
import { contributeNothing, deriveBeaconSecret, forgeProof, rawSnarkjs } from './forger.js';
import { currentKeys, writeStep } from './least-ceremony.js';
import {
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
    expect((await verifyCeremony(options(begun))).state).toBe('open');
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
    await expect(verifyCeremony(options(directory))).rejects.toThrow(
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
    await expect(verifyCeremony(options(directory))).rejects.toThrow(refusal('transcript-of-other-keys'));
  });
});

describe('a contribution of the secret 1', () => {
  it('is one that snarkjs says OK to, and a proof of nothing passes; it is refused', async () => {
    const directory = await copyCeremony('empty');
    await writeStep(directory, { contributor: 'Nobody' }, (before, after) =>
      contributeNothing(before, after, 'Nobody'),
    );
    expect(await fools(directory, 1n)).toEqual({ key: true, proof: true });
    await expect(verifyCeremony(options(directory))).rejects.toThrow(refusal('contribution-empty'));
  });
});

describe('the beacon of snarkjs’s tutorial', () => {
  it('closes no ceremony, even after a contribution', async () => {
    const directory = await copyCeremony('tutorial');
    await writeStep(directory, { contributor: 'Alice' }, (before, after) =>
      rawSnarkjs.contribute(before, after, 'Alice'),
    );
    expect((await verifyCeremony(options(directory))).state).toBe('open');
    const close = applyBeacon({ directory, cacheDirectory: CACHE, value: TUTORIAL });
    await expect(close).rejects.toThrow(refusal('beacon-unfit'));

    await writeStep(directory, { value: TUTORIAL }, (before, after) =>
      rawSnarkjs.beacon(before, after, TUTORIAL),
    );
    const [initial] = await currentKeys(begun);
    const [spot] = await currentKeys(directory);
    expect(await rawSnarkjs.verify(initial!.path, powersOfTauPath, spot!.path)).toBe(true);
    await expect(verifyCeremony(options(directory))).rejects.toThrow(refusal('beacon-unfit'));
  });
});
