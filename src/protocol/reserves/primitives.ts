import { z } from 'zod';

import * as p from '../formats/primitives.js';
import { MAX_TOKEN_DECIMALS } from './limits.js';

const PLAIN_DECIMAL = /^[1-9][0-9]{0,77}$/;

/** An EVM chain by CAIP-2: `eip155:1`. */
export const evmChain = z.string().regex(/^eip155:[1-9][0-9]{0,19}$/, 'expected a chain like eip155:1');
/** Any chain by CAIP-2. */
export const anyChain = z
  .string()
  .regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/, 'expected a chain by CAIP-2');
/** An EVM address in its one spelling here: lower case. */
export const evmAddress = z.string().regex(/^0x[0-9a-f]{40}$/, 'expected 0x and 40 digits in lower case');
/** 32 bytes of a chain: a block hash, a code hash, a storage slot. */
export const evmWord = z.string().regex(/^0x[0-9a-f]{64}$/, 'expected 0x and 64 digits in lower case');
/** A signature of an EVM key: r, s and v, before its canonical form is checked. */
export const evmSignature = z.string().regex(/^0x[0-9a-f]{130}$/, 'expected 0x and 130 digits in lower case');
/** An amount in a token's own units, above 0 and below 2^256. */
export const tokenAmount = z
  .string()
  .refine(
    (text) => PLAIN_DECIMAL.test(text) && BigInt(text) < 1n << 256n,
    'expected an integer above 0 and below 2^256 in plain decimal',
  );
/** An amount in proof units, above 0. */
export const unitAmount = p.grandTotal.refine((text) => text !== '0', 'expected an amount above 0');
export const tokenDecimals = z.int().min(0).max(MAX_TOKEN_DECIMALS);
/** The short name by which entries and pins name a custodian. */
export const custodianId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected 1 to 64 small letters, digits or hyphens');
/** An account at a custodian, or of a chain that nothing is checked of. */
export const accountText = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/, 'expected 1 to 256 printable ASCII characters');

/** A list whose keys are strictly ascending: sorted, and each once. */
export function sortedList<T>(item: z.ZodType<T>, max: number, keyOf: (value: T) => string) {
  return z
    .array(item)
    .max(max)
    .refine((list) => isAscending(list.map(keyOf)), 'expected a sorted list with each entry once');
}

/** Whether texts are strictly ascending in the order of their code units. */
export function isAscending(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || keys[index - 1]! < key);
}

/** A key of several texts whose order is that of the first in which two differ. None may hold a control character. */
export function joinKey(...parts: readonly string[]): string {
  return parts.join('\n');
}
