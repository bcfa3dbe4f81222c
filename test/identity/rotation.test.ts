import { describe, expect, it } from 'vitest';

import {
  deriveCircuitTag,
  encodeRotation,
  parseRotation,
  verifyRotation,
  type Rotation,
  type RowLayout,
  type Trust,
} from '../../src/protocol/index.js';
import { exportTrust, rotateIdentity, type SigningKey } from '../../src/identity/index.js';
import { followRotations } from '../../src/verifier/index.js';
import { makeSigningKey } from '../verifier/manifests.js';

const [first, second, third] = [makeSigningKey(), makeSigningKey(), makeSigningKey()];
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

function rotate(oldKey: SigningKey, newKey: SigningKey, platform = 'Example Exchange'): Rotation {
  return rotateIdentity({
    platform,
    oldKey,
    newKey,
    lastManifestHash: '12'.repeat(32),
    at: '2026-06-01T00:00:00Z',
  });
}

const rotation = rotate(first, second);
const layout: RowLayout = { kind: 'spot', indexBits: 1, rows: 2, slots: 1, netBits: 0, groupRows: 2 };
const trust: Trust = exportTrust(
  {
    profile: 'test',
    circuits: [
      {
        name: 'spot-1',
        parameters: layout,
        tag: deriveCircuitTag(layout).toString(),
        fingerprint: 'ab'.repeat(32),
        provenance: { kind: 'insecure-development' },
      },
    ],
  },
  { platform: 'Example Exchange', publicKey: first.publicKey },
);

describe('a rotation', () => {
  it('is read as it was written, and signed by both keys', () => {
    expect(parseRotation(encodeRotation(rotation))).toEqual(rotation);
    expect(() => {
      verifyRotation(rotation);
    }).not.toThrow();
  });

  it.each([
    'platform',
    'at',
    'oldKey',
    'newKey',
    'lastManifestHash',
    'oldSignature',
    'newSignature',
  ] as const)('is refused where its %s is another', (field) => {
    const other = { ...rotate(third, first), platform: 'Another', at: '2026-06-02T00:00:00Z' };
    const changed = { ...rotation, [field]: field === 'lastManifestHash' ? null : other[field] };
    expect(() => {
      verifyRotation(changed);
    }).toThrow(refusal('rotation-invalid'));
  });

  it('to the same key is refused', () => {
    expect(() => rotate(first, first)).toThrow(refusal('rotation-invalid'));
  });

  it('carries a trust file along a key that returns, by the order of its rotations', () => {
    const turns = [
      [first, second],
      [second, first],
      [first, third],
    ] as const;
    const rotations = turns.map(([oldKey, newKey], index) =>
      rotateIdentity({
        ...{ platform: 'Example Exchange', oldKey, newKey, lastManifestHash: '12'.repeat(32) },
        at: `2026-06-0${index + 1}T00:00:00Z`,
      }),
    );
    expect(followRotations(trust, [...rotations].reverse()).signingKey).toBe(third.publicKey);
    expect(() => followRotations(trust, [rotations[0]!, rotations[2]!])).toThrow(
      refusal('rotation-unplaced'),
    );
  });

  it('carries a trust file from the old key to the new', () => {
    expect(followRotations(trust, [rotation])).toEqual({ ...trust, signingKey: second.publicKey });
    expect(followRotations(trust, [rotate(second, third), rotation]).signingKey).toBe(third.publicKey);
    expect(followRotations(trust, [])).toEqual(trust);
  });

  it('that the pinned key did not sign carries nothing', () => {
    expect(() => followRotations(trust, [rotate(second, third)])).toThrow(refusal('rotation-unplaced'));
    expect(() => followRotations(trust, [rotation, rotate(first, third)])).toThrow(
      refusal('rotation-unplaced'),
    );
    expect(() => followRotations(trust, [{ ...rotation, newKey: third.publicKey }])).toThrow(
      refusal('rotation-invalid'),
    );
  });

  it('of another platform carries nothing, though one key signs for both', () => {
    const other = rotate(first, second, 'Another Exchange');
    expect(() => followRotations(trust, [other])).toThrow(refusal('rotation-unplaced'));
    // A development trust file pins no platform.
    expect(followRotations({ ...trust, platform: null }, [other]).signingKey).toBe(second.publicKey);
  });
});
