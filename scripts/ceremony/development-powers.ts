import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, renameSync, writeSync, closeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import {
  bigintToLittleEndian,
  ELEMENT_BYTES,
  encodeFileHeader,
  encodeSectionHeader,
  encodeUint32,
  powerModulo,
  rootOfUnity,
  type Group,
} from '../../src/iden3/index.js';
import { BASE_FIELD_MODULUS, FIELD_MODULUS } from '../../src/protocol/index.js';
import { cacheDirectory } from '../../src/system/index.js';
import { Bn254 } from '../../src/keys/development-key/bn254.js';
import { Multiplier } from '../../src/keys/development-key/multiplier.js';
import { computeWindow, windowShapeFor } from '../../src/keys/development-key/window-table.js';

/** What powers of tau are made from; here no secret of anybody. */
export type TauSecrets = { readonly tau: bigint; readonly alpha: bigint; readonly beta: bigint };

/** Everybody knows these: hashes of their names. Whoever makes keys with them can forge every proof, as all others can. */
export const DEVELOPMENT_SECRETS: TauSecrets = {
  tau: hashToScalar('solvent development powers of tau: tau'),
  alpha: hashToScalar('solvent development powers of tau: alpha'),
  beta: hashToScalar('solvent development powers of tau: beta'),
};

/**
 * Writes a prepared file of powers of tau that follows from what everybody knows, the same bytes on every machine: for tests,
 * for benchmarks and for trying out a ceremony. 2^15 rows take half a minute, where snarkjs takes many.
 * @returns its BLAKE2b, in hexadecimal.
 */
export function makeDevelopmentPowers(
  power: number,
  path: string,
  { secrets = DEVELOPMENT_SECRETS, isPrepared = true }: { secrets?: TauSecrets; isPrepared?: boolean } = {},
): string {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = new PtauWriter(temporary);
  const { tau, alpha, beta } = secrets;
  const rows = 2 ** power;
  file.write(encodeFileHeader('ptau', isPrepared ? 11 : 7));
  file.writeSection(
    1,
    encodeUint32(ELEMENT_BYTES),
    bigintToLittleEndian(BASE_FIELD_MODULUS, ELEMENT_BYTES),
    encodeUint32(power),
    encodeUint32(power),
  );
  const powers = listPowers(tau, 2 * rows - 1);
  file.writePoints(2, 'G1', powers);
  file.writePoints(3, 'G2', powers.slice(0, rows));
  file.writePoints(4, 'G1', timesAll(powers.slice(0, rows), alpha));
  file.writePoints(5, 'G1', timesAll(powers.slice(0, rows), beta));
  file.writePoints(6, 'G2', [beta]);
  // No contributions.
  file.writeSection(7, encodeUint32(0));
  if (isPrepared) writeEvaluations(file, power, secrets);
  const blake2b = file.finish();
  renameSync(temporary, path);
  return blake2b;
}

/** What preparing a file adds: the Lagrange basis of each size up to 2^power, and one size more of the first group. */
function writeEvaluations(file: PtauWriter, power: number, { tau, alpha, beta }: TauSecrets): void {
  const levels = Array.from({ length: power + 1 }, (_, level) => evaluateBasis(tau, level)).flat();
  file.writePoints(12, 'G1', [...levels, ...evaluateTopBasis(tau, power + 1)]);
  file.writePoints(13, 'G2', levels);
  file.writePoints(14, 'G1', timesAll(levels, alpha));
  file.writePoints(15, 'G1', timesAll(levels, beta));
}

/** The development powers of tau for so many rows in the cache of this machine, made where they are not there. */
export function cacheDevelopmentPowers(power: number): string {
  const path = join(cacheDirectory(), 'development-powers-of-tau', `2^${power}.ptau`);
  if (!existsSync(path)) makeDevelopmentPowers(power, path);
  return path;
}

function hashToScalar(text: string): bigint {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`) % FIELD_MODULUS;
}

function listPowers(tau: bigint, count: number): bigint[] {
  const powers: bigint[] = [];
  let power = 1n;
  for (let index = 0; index < count; index++) {
    powers.push(power);
    power = (power * tau) % FIELD_MODULUS;
  }
  return powers;
}

function timesAll(scalars: readonly bigint[], factor: bigint): bigint[] {
  return scalars.map((scalar) => (scalar * factor) % FIELD_MODULUS);
}

/** The Lagrange basis at tau of the 2^level roots of unity: w·(tau^n - 1)/(n·(tau - w)) for each root w. */
function evaluateBasis(tau: bigint, level: number): bigint[] {
  const order = 2n ** BigInt(level);
  const root = rootOfUnity(level);
  const points = listPowers(root, Number(order));
  const inverses = invertAll(points.map((point) => reduce((tau - point) * order)));
  const vanishing = reduce(powerModulo(tau, order, FIELD_MODULUS) - 1n);
  return points.map(
    (point, index) => (((point * vanishing) % FIELD_MODULUS) * inverses[index]!) % FIELD_MODULUS,
  );
}

/** The topmost level lacks the highest power, which the file does not have: snarkjs takes it as 0. */
function evaluateTopBasis(tau: bigint, level: number): bigint[] {
  const order = 2n ** BigInt(level);
  const missing =
    (powerModulo(tau, order - 1n, FIELD_MODULUS) * powerModulo(order, FIELD_MODULUS - 2n, FIELD_MODULUS)) %
    FIELD_MODULUS;
  const points = listPowers(rootOfUnity(level), Number(order));
  return evaluateBasis(tau, level).map((value, index) => reduce(value - missing * points[index]!));
}

function reduce(value: bigint): bigint {
  const rest = value % FIELD_MODULUS;
  return rest < 0n ? rest + FIELD_MODULUS : rest;
}

/** Inverses with one exponentiation for all. */
function invertAll(values: readonly bigint[]): bigint[] {
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = (product * value) % FIELD_MODULUS;
  }
  let inverse = powerModulo(product, FIELD_MODULUS - 2n, FIELD_MODULUS);
  const inverses = new Array<bigint>(values.length);
  for (let index = values.length - 1; index >= 0; index--) {
    inverses[index] = (prefixes[index]! * inverse) % FIELD_MODULUS;
    inverse = (inverse * values[index]!) % FIELD_MODULUS;
  }
  return inverses;
}

class PtauWriter {
  readonly #file: number;
  readonly #hash: Hash = createHash('blake2b512');
  readonly #multipliers = new Map<Group, Multiplier>();

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
  }

  writeSection(id: number, ...parts: readonly Uint8Array[]): void {
    const payload = Buffer.concat(parts);
    this.write(encodeSectionHeader(id, payload.length));
    this.write(payload);
  }

  writePoints(id: number, group: Group, scalars: readonly bigint[]): void {
    const encoded = new Uint8Array(scalars.length * ELEMENT_BYTES);
    for (const [index, scalar] of scalars.entries()) {
      encoded.set(bigintToLittleEndian(scalar, ELEMENT_BYTES), index * ELEMENT_BYTES);
    }
    const points: Uint8Array[] = [];
    this.#multiplierOf(group).multiply(encoded, (stretch) => points.push(stretch.slice()));
    this.writeSection(id, ...points);
  }

  finish(): string {
    closeSync(this.#file);
    return this.#hash.digest('hex');
  }

  #multiplierOf(group: Group): Multiplier {
    const held = this.#multipliers.get(group);
    if (held !== undefined) return held;
    const shape = windowShapeFor(group, 2 ** 14);
    const instance = new Bn254();
    const address = instance.allocate(shape.sizeBytes);
    const windowBytes = shape.sizeBytes / shape.windowCount;
    for (let window = 0; window < shape.windowCount; window++) {
      computeWindow(instance, shape, window, address + window * windowBytes);
    }
    const table = instance.bytes.slice(address, address + shape.sizeBytes);
    const made = new Multiplier(new Bn254(), shape, table);
    this.#multipliers.set(group, made);
    return made;
  }
}
