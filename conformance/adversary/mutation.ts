import { encodeFieldElements, FIELD_MODULUS, hashLabelled, utf8ToBytes } from '../../src/protocol/index.js';

/** Numbers that a seed gives, always the same, and what was done with them. */
export class Random {
  readonly trace: string[] = [];
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** An integer from 0 to bound - 1; bound is at least 1. */
  below(bound: number): number {
    const bytes = hashLabelled('solvent/fuzz/v1', utf8ToBytes(`${this.#seed} ${this.#drawn++}`));
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) % bound;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Bytes with one change at one place. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const position = random.below(bytes.length);
  const way = random.pick(['flip', 'set', 'insert', 'cut', 'copy', 'end'] as const);
  random.trace.push(`${way} at ${position}`);
  const [head, tail] = [bytes.subarray(0, position), bytes.subarray(position)];
  if (way === 'insert') return Buffer.concat([head, Uint8Array.of(random.below(256)), tail]);
  if (way === 'cut') return Buffer.concat([head, tail.subarray(1 + random.below(40))]);
  if (way === 'copy') return Buffer.concat([head, tail.subarray(0, 1 + random.below(256)), tail]);
  if (way === 'end') return head;
  const copy = Uint8Array.from(bytes);
  copy[position] = way === 'flip' ? copy[position]! ^ (1 << random.below(8)) : random.below(256);
  return copy;
}

/** Lines with one left out, doubled, moved or exchanged. */
export function mutateLines(lines: readonly string[], random: Random): string[] {
  const [first, second] = [random.below(lines.length), random.below(lines.length)];
  const way = random.pick(['leave out', 'double', 'exchange', 'replace'] as const);
  random.trace.push(`${way} lines ${first} and ${second}`);
  const copy = [...lines];
  if (way === 'leave out') copy.splice(first, 1);
  if (way === 'double') copy.splice(second, 0, lines[first]!);
  if (way === 'exchange') [copy[first], copy[second]] = [lines[second]!, lines[first]!];
  if (way === 'replace') copy[first] = lines[second]!;
  return copy.map((line) => `${line}\n`);
}

type Place = readonly (string | number)[];

/** A value with one or two changes, each at a place of its own. */
export function mutateValue(root: unknown, random: Random): unknown {
  let value = root;
  for (let change = random.below(4) === 0 ? 2 : 1; change > 0; change--) {
    const positions = listPlaces(value);
    const position = random.pick(positions);
    random.trace.push(position.join('.') || 'all');
    value = replace(value, position, changeOne(value, { position, positions, random }));
  }
  return value;
}

function listPlaces(value: unknown, position: Place = []): Place[] {
  if (Array.isArray(value)) {
    return [position, ...value.flatMap((entry, index) => listPlaces(entry, [...position, index]))];
  }
  if (typeof value !== 'object' || value === null) return [position];
  return [
    position,
    ...Object.entries(value).flatMap(([key, entry]) => listPlaces(entry, [...position, key])),
  ];
}

function changeOne(
  root: unknown,
  {
    position,
    positions,
    random,
  }: { readonly position: Place; readonly positions: readonly Place[]; readonly random: Random },
): unknown {
  const value = lookUp(root, position);
  const others = positions
    .map((other) => lookUp(root, other))
    .filter((other) => typeof other === typeof value);
  const way = random.below(8);
  if (way === 0) return random.pick(others);
  if (way === 1) return random.pick([null, '', 0, 1, '0', '1', [], {}, true, -1]);
  if (Array.isArray(value)) return changeList(value as unknown[], random);
  if (typeof value === 'object' && value !== null) return changeObject(value, random);
  if (typeof value === 'number') return value + random.pick([1, -1, 2, 0.5, 2 ** 32]);
  return typeof value === 'string'
    ? changeText(value, random)
    : random.pick([1, '1', 'ab'.repeat(32), [null]]);
}

function changeList(list: readonly unknown[], random: Random): unknown[] {
  const copy = [...list];
  const [first, second] = [random.below(list.length || 1), random.below(list.length || 1)];
  const way = random.below(3);
  if (way === 0) copy.splice(first, 1);
  else if (way === 1) copy.splice(second, 0, list[first] ?? '1');
  else [copy[first], copy[second]] = [list[second], list[first]];
  return copy;
}

function changeObject(value: object, random: Random): object {
  const entries = Object.entries(value as Record<string, unknown>);
  const [first, second] = [random.below(entries.length || 1), random.below(entries.length || 1)];
  const way = random.below(3);
  if (way === 0) return Object.fromEntries(entries.filter((_, index) => index !== first));
  if (way === 1) return { ...value, zebra: entries[first]?.[1] ?? 1 };
  const [a, b] = [entries[first], entries[second]];
  return a === undefined || b === undefined ? { zebra: 1 } : { ...value, [a[0]]: b[1], [b[0]]: a[1] };
}

const OTHER_CHARACTERS = [...Array.from('0123456789abcdefABCDEF-_ .+e'), '\u0301', '\u0000'];

function changeText(text: string, random: Random): string {
  if (/^[0-9]{1,80}$/.test(text) && random.below(3) > 0) {
    const step = random.pick([1n, -1n, 1n << 64n, FIELD_MODULUS, -FIELD_MODULUS, 1n << 248n, 1000n]);
    return (BigInt(text) + step).toString();
  }
  if (/^[A-Za-z0-9_-]{43,}$/.test(text) && random.below(3) > 0) return changeElements(text, random);
  const position = random.below(text.length || 1);
  const other = random.pick(OTHER_CHARACTERS);
  const way = random.below(3);
  if (way === 0) return text.slice(0, position) + other + text.slice(position + 1);
  return way === 1
    ? text.slice(0, position) + text.slice(position + 1)
    : text.slice(0, position) + other + text.slice(position);
}

/** One of the elements of 32 bytes in a text of base64url changed, left out, doubled or exchanged. */
function changeElements(text: string, random: Random): string {
  const bytes = Buffer.from(text, 'base64url');
  const elements = Array.from({ length: Math.floor(bytes.length / 32) }, (_, index) =>
    BigInt(`0x${bytes.subarray(32 * index, 32 * index + 32).toString('hex')}`),
  );
  if (random.below(2) === 0)
    return encodeFieldElements(changeList(elements, random).map((value) => BigInt(value as bigint)));
  const position = random.below(elements.length);
  const step = random.pick([1n, -1n, 1n << 64n, FIELD_MODULUS, -FIELD_MODULUS, 1n << 255n]);
  elements[position] = BigInt.asUintN(256, elements[position]! + step);
  return encodeFieldElements(elements);
}

function replace(root: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...(root as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replace(copy[key], rest, value);
  return copy;
}

function lookUp(root: unknown, position: Place): unknown {
  return position.reduce((value, key) => (value as Record<string | number, unknown>)[key], root);
}
