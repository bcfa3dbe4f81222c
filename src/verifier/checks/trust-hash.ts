import { hashTrust, type Trust } from '../../protocol/index.js';
import type { Passed } from '../checklist.js';
import { miss } from '../failure.js';

/** 6.2: the trust file is the one whose hash the caller brought; another one says nothing about the platform. */
export function compareTrustHash(trust: Trust, expected: string): Passed<undefined> {
  const found = hashTrust(trust);
  if (found !== expected) {
    throw miss('trust-hash-differs', `expected the trust file ${expected}, got ${found}`);
  }
  return { value: undefined, compared: `trust file ${found} with the hash you brought` };
}
