import { describe, expect, it } from 'vitest';

import {
  lastQuicknetRoundAt,
  parseQuicknetAnnouncement,
  QUICKNET,
  quicknetInstantMs,
  verifyQuicknetRound,
} from '../../../src/protocol/beacon/index.js';

/** Public values of one round, as drand publishes them. */
const ROUND = {
  round: 123,
  signature:
    'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
};
const RANDOMNESS = 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc';
const INVALID = expect.objectContaining({ errorClass: 'verification', code: 'beacon-signature-invalid' }) as Error;

describe('verifyQuicknetRound', () => {
  it('gives the randomness of a round that the network signed', () => {
    expect(verifyQuicknetRound(ROUND)).toEqual({ randomness: RANDOMNESS });
  });

  it.each([
    ['another round', { ...ROUND, round: 124 }],
    ['no round', { ...ROUND, round: 0 }],
    ['a round that is no whole number', { ...ROUND, round: 123.5 }],
    ['another signature', { ...ROUND, signature: ROUND.signature.replace('b75c', 'b75d') }],
    ['the opposite signature', { ...ROUND, signature: ROUND.signature.replace(/^b/, '9') }],
    ['the point at infinity', { ...ROUND, signature: `c0${'0'.repeat(94)}` }],
    ['a second spelling', { ...ROUND, signature: ROUND.signature.toUpperCase() }],
    ['a signature that is cut', { ...ROUND, signature: ROUND.signature.slice(2) }],
  ])('refuses %s', (_, round) => {
    expect(() => verifyQuicknetRound(round)).toThrow(INVALID);
  });
});

describe('rounds of quicknet', () => {
  it('are each public from an instant on, three seconds apart', () => {
    expect(quicknetInstantMs(1)).toBe(QUICKNET.genesisMs);
    expect(quicknetInstantMs(123) - quicknetInstantMs(122)).toBe(3000);
    expect(lastQuicknetRoundAt(quicknetInstantMs(123))).toBe(123);
    expect(lastQuicknetRoundAt(quicknetInstantMs(123) - 1)).toBe(122);
    expect(lastQuicknetRoundAt(0)).toBe(0);
  });

  it('are read from an announcement that names one, and from no other', () => {
    expect(parseQuicknetAnnouncement('drand quicknet, round 25000000')).toBe(25_000_000);
    for (const text of ['drand quicknet', 'drand default, round 5', 'drand quicknet, round 0', 'round 5'])
      expect(parseQuicknetAnnouncement(text)).toBeUndefined();
  });
});
