import { describe, expect, it } from 'vitest';

import {
  listPublicSignals,
  publicInputNames,
  publicSignalNames,
  toFieldElement,
} from '../../src/protocol/index.js';

const VALUES = { digest: toFieldElement(1n), pricesHash: toFieldElement(2n), context: toFieldElement(3n) };

describe('public signals', () => {
  it('are named in the order in which proofs list them', () => {
    expect(publicSignalNames('spot')).toEqual(['digest']);
    expect(publicSignalNames('margin')).toEqual(['digest', 'pricesHash']);
    expect(publicSignalNames('aggregate')).toEqual(['digest', 'context']);
  });

  it('are outputs but for the context of aggregates', () => {
    expect(publicInputNames('spot')).toEqual([]);
    expect(publicInputNames('margin')).toEqual([]);
    expect(publicInputNames('aggregate')).toEqual(['context']);
  });

  it('are listed by their names, and no other value among them', () => {
    expect(listPublicSignals('spot', VALUES)).toEqual([1n]);
    expect(listPublicSignals('margin', VALUES)).toEqual([1n, 2n]);
    expect(listPublicSignals('aggregate', VALUES)).toEqual([1n, 3n]);
  });
});
