import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { refuseQueue } from './errors.js';

/** The variable that holds the key which all tasks are sealed under: 64 hexadecimal digits. */
export const QUEUE_KEY_VARIABLE = 'SOLVENT_QUEUE_KEY';

const FORMAT = 'solvent/queue/v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Reads the key of the queue. @throws SolventError `queue-key-missing`. */
export function readQueueKey(environment: NodeJS.ProcessEnv = process.env): Uint8Array {
  const text = environment[QUEUE_KEY_VARIABLE];
  if (text !== undefined && /^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw refuseQueue('queue-key-missing', {
    expected: `64 hexadecimal digits in the variable ${QUEUE_KEY_VARIABLE}`,
    found: text === undefined || text === '' ? 'none' : 'another text',
  });
}

/** What is sealed: it opens as nothing else, and for no other batch. */
export type SealedKind = 'check' | 'rows' | 'points' | 'task' | 'answer';

/**
 * Seals what goes through the database, under a key of the run: HKDF-SHA-256 of the queue's key and the run's name, then
 * AES-256-GCM, `nonce ‖ ciphertext ‖ tag`, with format, kind, run and batch as associated bytes. A run seals far fewer than 2^32
 * times, so that random nonces do.
 */
export class RunSeal {
  readonly #key: Buffer;
  readonly #run: string;

  /** @param queueKey 32 bytes. @param run the name of the run. */
  constructor(queueKey: Uint8Array, run: string) {
    this.#run = run;
    this.#key = Buffer.from(hkdfSync('sha256', queueKey, run, FORMAT, KEY_BYTES));
  }

  seal(kind: SealedKind, batch: number, payload: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(this.#name(kind, batch));
    return Buffer.concat([nonce, cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  }

  /** What was sealed; undefined where it was changed, is of another kind, batch or run, or under another key. */
  open(kind: SealedKind, batch: number, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const end = sealed.length - TAG_BYTES;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce).setAAD(this.#name(kind, batch));
    decipher.setAuthTag(sealed.subarray(end));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #name(kind: SealedKind, batch: number): Buffer {
    return Buffer.from(`${FORMAT}\0${kind}\0${this.#run}\0${batch}`);
  }
}
