import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';

import { readPtauHeader, withFile } from '../../iden3/index.js';
import { type Profile, SolventError } from '../../protocol/index.js';
import { domainPower } from '../compile/index.js';
import { findPublishedPowersOfTau, MIN_POWER, publishedPowersOfTau } from './published.js';
import { type KeysCode, refuseKeys } from '../errors.js';

/** Whose word a file of powers of tau is: that of everyone who took part in the public ceremony, or nobody's. */
export type PowersOfTauSource = 'perpetual-powers-of-tau' | 'untrusted';

/** A file of powers of tau that was read through. */
export type PowersOfTau = {
  readonly path: string;
  /** It serves circuits of up to 2^power rows. */
  readonly power: number;
  /** In hexadecimal. */
  readonly blake2b: string;
  readonly source: PowersOfTauSource;
};

/** The least power whose 2^power rows hold every circuit of a profile; never below that of the smallest file. */
export function requiredPower(profile: Profile): number {
  return Math.max(MIN_POWER, ...profile.layouts.map(domainPower));
}

/** Bytes of a prepared file: 1,152 a row, and less than 100 kB for its contributions. */
export function estimatePtauBytes(power: number): number {
  return 1152 * 2 ** power;
}

/**
 * Reads a file of powers of tau through, as a stream, and compares its BLAKE2b with the published table.
 * @param options `power`: at least this many; `allowUntrusted`: the caller named the file as untrusted.
 * @throws SolventError `powers-of-tau-malformed`, `powers-of-tau-not-prepared`, `powers-of-tau-too-small`,
 * `powers-of-tau-unknown`, `file-unreadable`.
 */
export async function checkPowersOfTau(
  path: string,
  options: {
    readonly power: number;
    readonly allowUntrusted?: boolean;
    readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
  },
): Promise<PowersOfTau> {
  const { power } = await readPtauHeader(path);
  if (power < options.power) {
    throw refuse('powers-of-tau-too-small', path, {
      expected: `powers of tau for 2^${options.power} rows`,
      found: `2^${power}`,
      advice: `take ${publishedPowersOfTau(options.power)!.fileName}`,
    });
  }
  const { size: totalBytes } = await stat(path);
  const blake2b = await hashPtau(path, ({ doneBytes }) => options.onProgress?.({ doneBytes, totalBytes }));
  if (findPublishedPowersOfTau(blake2b) !== undefined) {
    return { path, power, blake2b, source: 'perpetual-powers-of-tau' };
  }
  if (options.allowUntrusted === true) return { path, power, blake2b, source: 'untrusted' };
  throw refuse('powers-of-tau-unknown', path, {
    expected: `the published file for 2^${power} rows, BLAKE2b ${publishedPowersOfTau(power)?.blake2b ?? '(none)'}`,
    found: blake2b,
  });
}

/**
 * Reads a file through that must be the one a ceremony was begun with.
 * @throws SolventError `powers-of-tau-changed`, and what `checkPowersOfTau` throws.
 */
export async function checkSamePowersOfTau(
  path: string,
  stated: Omit<PowersOfTau, 'path'>,
  onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
): Promise<PowersOfTau> {
  const found = await checkPowersOfTau(path, {
    power: 1,
    allowUntrusted: true,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (found.blake2b === stated.blake2b && found.power === stated.power && found.source === stated.source) {
    return found;
  }
  throw refuse('powers-of-tau-changed', path, {
    expected: `the ${stated.source} file for 2^${stated.power} rows that the transcript names, BLAKE2b ${stated.blake2b}`,
    found: `${found.source}, 2^${found.power}, ${found.blake2b}`,
  });
}

function refuse(
  code: KeysCode,
  path: string,
  { expected, found, advice }: { expected: string; found: string; advice?: string },
): SolventError<KeysCode> {
  return refuseKeys(code, {
    expected: `${expected} in ${path}`,
    found,
    ...(advice === undefined ? {} : { advice }),
    details: { path, expected, found },
  });
}

const READ_CHUNK_BYTES = 1 << 20;

/** BLAKE2b (64 bytes) of a file, in hexadecimal, read as a stream. @throws SolventError `file-unreadable`. */
export async function hashPtau(
  path: string,
  onProgress?: (progress: { readonly doneBytes: number }) => void,
): Promise<string> {
  return withFile(path, async (handle) => {
    const hash = createHash('blake2b512');
    let doneBytes = 0;
    const stream = handle.createReadStream({ highWaterMark: READ_CHUNK_BYTES, autoClose: false });
    for await (const chunk of stream) {
      hash.update(chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      onProgress?.({ doneBytes });
    }
    return hash.digest('hex');
  });
}
