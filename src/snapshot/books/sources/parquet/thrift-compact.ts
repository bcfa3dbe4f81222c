/** A field of a struct in Thrift's compact protocol, with the bytes of its value as they stand. */
export type ThriftField = { readonly id: number; readonly type: number; readonly value: Uint8Array };

/** The types that values have, as the compact protocol numbers them. */
export const THRIFT = { TRUE: 1, FALSE: 2, I32: 5, I64: 6, BINARY: 8, LIST: 9, STRUCT: 12 } as const;

const BYTE = 3;
const DOUBLE = 7;
const SET = 10;
const MAP = 11;
const UUID = 13;
/** Structs inside structs: those of Parquet go less deep. */
const MAX_DEPTH = 32;

/**
 * Reads Thrift's compact protocol as far as it must be understood, and keeps the bytes of everything else as they are.
 * @throws RangeError where the bytes are none of it.
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The fields of the struct that begins here, up to its end. */
  readStruct(depth = 0): ThriftField[] {
    if (depth > MAX_DEPTH) throw malformed();
    const fields: ThriftField[] = [];
    let id = 0;
    for (let header = this.#readByte(); header !== 0; header = this.#readByte()) {
      const type = header & 15;
      id = header >> 4 === 0 ? Number(this.readInteger()) : id + (header >> 4);
      const from = this.at;
      this.#skip(type, depth);
      fields.push({ id, type, value: this.#bytes.subarray(from, this.at) });
    }
    return fields;
  }

  /** The type and number of the elements of the list that begins here. */
  readListHead(): { readonly type: number; readonly count: number } {
    const header = this.#readByte();
    const count = header >> 4 === 15 ? this.#readSize() : header >> 4;
    // No element takes less than a byte.
    if (count > this.#bytes.length - this.at) throw malformed();
    return { type: header & 15, count };
  }

  /** An integer of up to 64 bits. */
  readInteger(): bigint {
    const zigzag = this.#readVarint();
    return (zigzag & 1n) === 0n ? zigzag >> 1n : -((zigzag + 1n) >> 1n);
  }

  #skip(type: number, depth: number): void {
    switch (type) {
      case THRIFT.TRUE:
      case THRIFT.FALSE:
        return;
      case BYTE: {
        this.#pass(1);
        return;
      }
      case DOUBLE: {
        this.#pass(8);
        return;
      }
      case UUID: {
        this.#pass(16);
        return;
      }
      case THRIFT.BINARY: {
        this.#pass(this.#readSize());
        return;
      }
      case THRIFT.LIST:
      case SET: {
        const { type: element, count } = this.readListHead();
        this.#skipElements([element], { count, depth });
        return;
      }
      case MAP: {
        const count = this.#readSize();
        if (count === 0) return;
        const types = this.#readByte();
        this.#skipElements([types >> 4, types & 15], { count, depth });
        return;
      }
      case THRIFT.STRUCT:
        this.readStruct(depth + 1);
        return;
      case 4:
      case THRIFT.I32:
      case THRIFT.I64:
        while (this.#readByte() > 127);
        return;
      default:
        throw malformed();
    }
  }

  #skipElements(types: readonly number[], { count, depth }: { count: number; depth: number }): void {
    if (depth > MAX_DEPTH) throw malformed();
    for (let element = 0; element < count; element++) {
      for (const type of types) {
        // In lists a truth value is a byte of its own.
        if (type === THRIFT.TRUE || type === THRIFT.FALSE) this.#pass(1);
        else this.#skip(type, depth + 1);
      }
    }
  }

  #readByte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw malformed();
    this.at += 1;
    return byte;
  }

  /** A length or number of elements, of up to 32 bits. */
  #readSize(): number {
    return Number(BigInt.asUintN(32, this.#readVarint()));
  }

  #readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#readByte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw malformed();
  }

  #pass(sizeBytes: number): void {
    if (!(sizeBytes <= this.#bytes.length - this.at)) throw malformed();
    this.at += sizeBytes;
  }
}

/** The bytes of a struct of these fields, whose ids rise. */
export function encodeStruct(fields: readonly ThriftField[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let last = 0;
  for (const { id, type, value } of fields) {
    const step = id - last;
    // A step that four bits do not hold is written as the id itself, which is below 64 in Parquet.
    parts.push(step < 16 ? Uint8Array.of((step << 4) | type) : Uint8Array.of(type, id << 1), value);
    last = id;
  }
  return Buffer.concat([...parts, Uint8Array.of(0)]);
}

function malformed(): RangeError {
  return new RangeError('expected Thrift in its compact form, got other bytes');
}
