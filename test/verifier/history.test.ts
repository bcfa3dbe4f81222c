import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  BUNDLE_FILES,
  encodeJsonLine,
  encodeRotation,
  formatManifestHash,
  type Manifest,
  type Rotation,
} from '../../src/protocol/index.js';
import { rotateIdentity } from '../../src/identity/index.js';
import { verifyHistory, type PublishedManifest } from '../../src/verifier/index.js';
import { loadHistory } from '../../src/verifier/node/index.js';
import { inventChain, inventManifest, makeSigningKey, publish } from './manifests.js';

const [first, second, third] = [makeSigningKey(), makeSigningKey(), makeSigningKey()];
const chain = inventChain([first, first, first]);
const hashOf = ({ manifest }: PublishedManifest) => formatManifestHash(manifest);
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

const LATER = inventChain([first, first, second, third]);

function rotate(oldKey: typeof first, newKey: typeof first, lastManifestHash: string | null): Rotation {
  const last = [...chain, ...LATER].find(({ manifest }) => formatManifestHash(manifest) === lastManifestHash);
  // A day after the manifest that it follows; what follows none is of before the first.
  const at = last === undefined ? '2026-01-01T00:00:00Z' : last.manifest.takenAt.replace('-28T00', '-28T12');
  return rotateIdentity({ platform: 'Example Exchange', oldKey, newKey, lastManifestHash, at });
}

/** Verifies manifests without rotations. */
const verify = (...manifests: PublishedManifest[]) => verifyHistory({ manifests, rotations: [] });

describe('a history', () => {
  it('is walked from the first manifest to the last, in whatever order they are found', () => {
    const report = verify(chain[2]!, chain[0]!, chain[1]!, chain[1]!);
    expect(report.entries.map(({ manifestHash }) => manifestHash)).toEqual(chain.map(hashOf));
    expect(report).toMatchObject({
      platform: 'Example Exchange',
      lastManifestHash: hashOf(chain[2]!),
      signingKey: first.publicKey,
      rotations: 0,
      comparedWithHash: false,
      comparedWithKey: false,
    });
  });

  it('ends where its reader expects it to', () => {
    const expected = { lastManifestHash: hashOf(chain[2]!), signingKey: first.publicKey };
    const history = { manifests: chain, rotations: [] };
    expect(verifyHistory(history, expected)).toMatchObject({ comparedWithHash: true, comparedWithKey: true });
    for (const change of [{ lastManifestHash: hashOf(chain[1]!) }, { signingKey: second.publicKey }]) {
      expect(() => verifyHistory(history, { ...expected, ...change })).toThrow(
        refusal('history-end-differs'),
      );
    }
  });

  it('is refused where it is empty, or a manifest is missing', () => {
    expect(() => verify()).toThrow(refusal('history-empty'));
    expect(() => verify(chain[0]!, chain[2]!)).toThrow(refusal('history-gap'));
    expect(() => verify(chain[1]!, chain[2]!)).toThrow(refusal('history-gap'));
  });

  it('is refused where it was rewritten: two manifests after one, or two beginnings', () => {
    const after = (previous: string | null) =>
      publish(inventManifest({ takenAt: '2026-12-01T00:00:00Z', previousManifestHash: previous }), first);
    expect(() => verify(...chain, after(hashOf(chain[0]!)))).toThrow(refusal('history-forked'));
    expect(() => verify(...chain, after(null))).toThrow(refusal('history-forked'));
    expect(() => verify(...chain, after(hashOf(chain[2]!)))).not.toThrow();
  });

  it.each(['2026-03-28T00:00:00Z', '2026-03-27T23:59:59.999999999Z'])(
    'is refused where a snapshot at %s follows one that is not earlier',
    (takenAt) => {
      const next = inventManifest({ takenAt, previousManifestHash: hashOf(chain[2]!) });
      expect(() => verify(...chain, publish(next, first))).toThrow(refusal('history-out-of-order'));
    },
  );

  it('is refused where two snapshots are nearer than either says, to the nanosecond', () => {
    const { leastDistanceMs } = chain[2]!.manifest;
    const nearest = (changes: Partial<Manifest>) =>
      publish(inventManifest({ previousManifestHash: hashOf(chain[2]!), ...changes }), first);
    const last = Date.parse(chain[2]!.manifest.takenAt);
    const least = new Date(last + leastDistanceMs).toISOString().replace('.000Z', 'Z');
    expect(verify(...chain, nearest({ takenAt: least })).entries).toHaveLength(4);
    const before = new Date(last + leastDistanceMs - 1000).toISOString().replace('.000Z', '.999999999Z');
    for (const near of [
      nearest({ takenAt: before }),
      nearest({ takenAt: least, leastDistanceMs: leastDistanceMs + 1 }),
    ])
      expect(() => verify(...chain, near)).toThrow(refusal('history-too-close'));
  });

  it('is refused where it is of two platforms', () => {
    const next = inventManifest({
      platform: 'Another Exchange',
      takenAt: '2026-05-01T00:00:00Z',
      previousManifestHash: hashOf(chain[2]!),
    });
    expect(() => verify(...chain, publish(next, first))).toThrow(refusal('history-of-two-platforms'));
  });

  it('is refused where another key signed, or the signature is of another manifest', () => {
    const next = inventManifest({
      takenAt: '2026-05-01T00:00:00Z',
      previousManifestHash: hashOf(chain[2]!),
    });
    expect(() => verify(...chain, publish(next, second))).toThrow(refusal('history-signature-invalid'));
    const { signature } = chain[0]!;
    expect(() => verify(...chain, { ...publish(next, first), signature })).toThrow(
      refusal('history-signature-invalid'),
    );
  });

  it('says where proofs begin to be made with other keys', () => {
    const { circuits } = chain[2]!.manifest;
    const next = inventManifest({
      takenAt: '2026-05-01T00:00:00Z',
      previousManifestHash: hashOf(chain[2]!),
      circuits: circuits.map((circuit) => ({ ...circuit, fingerprint: 'ef'.repeat(32) })),
    });
    const { entries } = verify(...chain, publish(next, first));
    expect(entries.map(({ changesKeys }) => changesKeys)).toEqual([false, false, false, true]);
  });
});

describe('a history with rotations', () => {
  const rotated = LATER;
  const rotations = [rotate(second, third, hashOf(rotated[2]!)), rotate(first, second, hashOf(rotated[1]!))];

  it('follows the key from the old to the new', () => {
    const report = verifyHistory({ manifests: rotated, rotations }, { signingKey: third.publicKey });
    expect(report.entries.map(({ signingKey }) => signingKey)).toEqual(
      [first, first, second, third].map(({ publicKey }) => publicKey),
    );
    expect(report.signingKey).toBe(third.publicKey);
  });

  it('follows a key that was changed before it signed, and one that was changed last', () => {
    const beginning = rotate(third, first, null);
    const end = rotate(first, second, hashOf(chain[2]!));
    const report = verifyHistory({ manifests: chain, rotations: [end, beginning] });
    expect(report.signingKey).toBe(second.publicKey);
  });

  it('follows a key that returns, each rotation in its own place', () => {
    const again = inventChain([first, second, first, second]);
    const back = [
      rotate(first, second, hashOf(again[0]!)),
      rotate(second, first, hashOf(again[1]!)),
      rotate(first, second, hashOf(again[2]!)),
    ];
    const report = verifyHistory({ manifests: again, rotations: back }, { signingKey: second.publicKey });
    expect(report.rotations).toBe(3);
  });

  it.each([
    ['before the manifest that it follows', '2026-02-27T23:59:59Z', false],
    ['at it', '2026-02-28T00:00:00Z', true],
    ['at the next', '2026-03-28T00:00:00Z', true],
    ['after the next', '2026-03-28T00:00:00.000000001Z', false],
  ])('takes a rotation of %s for what it is', (_, at, isRight) => {
    const turn = (rotation: Rotation) => {
      const [oldKey, newKey] = rotation.oldKey === first.publicKey ? [first, second] : [second, third];
      return rotateIdentity({ ...rotation, oldKey, newKey, at });
    };
    const walk = () =>
      verifyHistory({ manifests: rotated, rotations: [rotations[0]!, turn(rotations[1]!)] }).rotations;
    if (isRight) expect(walk()).toBe(2);
    else expect(walk).toThrow(refusal('rotation-out-of-order'));
  });

  it('is refused where the old key signs after it was retired, or the new one before', () => {
    const late = [rotate(first, second, hashOf(rotated[0]!)), rotations[0]!];
    const early = [rotate(first, second, hashOf(rotated[2]!)), rotate(second, third, hashOf(rotated[3]!))];
    for (const wrong of [late, early, [rotations[0]!], []]) {
      expect(() => verifyHistory({ manifests: rotated, rotations: wrong })).toThrow(
        refusal('history-signature-invalid'),
      );
    }
  });

  it('is refused where a rotation belongs nowhere, two belong in one place, or it is not the key’s own', () => {
    const lost = rotate(third, first, '12'.repeat(32));
    const rival = rotate(first, third, hashOf(rotated[1]!));
    const stranger = rotate(third, second, hashOf(rotated[1]!));
    for (const wrong of [
      [...rotations, lost],
      [...rotations, rival],
      [rotations[0]!, stranger],
    ]) {
      expect(() => verifyHistory({ manifests: rotated, rotations: wrong })).toThrow(
        refusal('rotation-unplaced'),
      );
    }
  });

  it('is refused where a rotation is not signed by its keys', () => {
    const forged = { ...rotations[1]!, newKey: third.publicKey };
    expect(() => verifyHistory({ manifests: rotated, rotations: [rotations[0]!, forged] })).toThrow(
      refusal('rotation-invalid'),
    );
  });
});

describe('a directory of bundles', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'solvent-history-'));
    for (const { manifest, signature } of inventChain([first, second])) {
      const bundle = join(directory, manifest.takenAt.slice(0, 10));
      await mkdir(bundle);
      await writeFile(join(bundle, BUNDLE_FILES.manifest), encodeJsonLine(manifest));
      await writeFile(join(bundle, BUNDLE_FILES.signature), encodeJsonLine(signature));
    }
    await mkdir(join(directory, 'notes'));
    await writeFile(join(directory, 'README.txt'), 'not a bundle');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is read with the rotations beside them, and nothing else in it', async () => {
    const { manifests } = await loadHistory(directory);
    const january = manifests.find(({ manifest }) => manifest.previousManifestHash === null)!;
    await writeFile(
      join(directory, 'rotation-1.json'),
      encodeRotation(rotate(first, second, hashOf(january))),
    );
    const history = await loadHistory(directory);
    expect([history.manifests.length, history.rotations.length]).toEqual([2, 1]);
    expect(verifyHistory(history).signingKey).toBe(second.publicKey);
  });

  it('is refused where a file of it is another', async () => {
    await mkdir(join(directory, 'broken'));
    await writeFile(join(directory, 'broken', BUNDLE_FILES.manifest), '{}\n');
    await expect(loadHistory(directory)).rejects.toMatchObject({ errorClass: 'format' });
    await expect(loadHistory(join(directory, 'none'))).rejects.toThrow(refusal('file-unreadable'));
  });
});
