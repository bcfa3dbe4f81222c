import { toFieldElement, type FieldElement } from '../protocol/index.js';

/** Bytes of a field element. */
export const WORD_BYTES = 32;
/** Bytes of an amount, which go as they are. */
export const AMOUNT_BYTES = 8;

/** Writes unsigned big-endian numbers one behind the other. */
export class WordWriter {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(sizeBytes: number) {
    this.#bytes = Buffer.alloc(sizeBytes);
  }

  write(value: bigint, sizeBytes: number): void {
    const at = this.#position;
    if (sizeBytes === AMOUNT_BYTES) this.#bytes.writeBigUInt64BE(value, at);
    else this.#bytes.write(value.toString(16).padStart(2 * sizeBytes, '0'), at, sizeBytes, 'hex');
    this.#position += sizeBytes;
  }

  copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  end(): Buffer {
    return this.#bytes;
  }
}

/** Reads what `WordWriter` writes. */
export class WordReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(sizeBytes: number): Buffer {
    const start = this.#position;
    this.#position += sizeBytes;
    return this.#bytes.subarray(start, this.#position);
  }

  read(sizeBytes: number): bigint {
    if (sizeBytes === AMOUNT_BYTES) return this.take(sizeBytes).readBigUInt64BE();
    if (sizeBytes < 7) return BigInt(this.take(sizeBytes).readUIntBE(0, sizeBytes));
    return BigInt(`0x${this.take(sizeBytes).toString('hex')}`);
  }

  /** @throws SolventError where it is not below the field's order. */
  readField(): FieldElement {
    return toFieldElement(this.read(WORD_BYTES));
  }
}
