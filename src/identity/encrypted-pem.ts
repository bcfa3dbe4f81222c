import { createCipheriv, randomBytes, scryptSync, type KeyObject } from 'node:crypto';

/**
 * The cost of one guess: 16 MiB and eight passes, as OWASP's password storage sheet has it for N = 2^14. OpenSSL
 * refuses to use more than 32 MiB, and the file is to be opened by OpenSSL as well.
 */
const SCRYPT = { N: 2 ** 14, r: 8, p: 8 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const BLOCK_BYTES = 16;
const LINE_CHARACTERS = 64;

const enum Tag {
  Integer = 0x02,
  OctetString = 0x04,
  ObjectIdentifier = 0x06,
  Sequence = 0x30,
}

/** PBES2 (RFC 8018), scrypt (RFC 7914), AES-256-CBC (RFC 3565), as DER has them. */
const OBJECT_IDENTIFIERS = {
  pbes2: '2a864886f70d01050d',
  scrypt: '2b06010401da47040b',
  aes256Cbc: '60864801650304012a',
} as const;

/**
 * Writes a private key as encrypted PKCS#8 in PEM, with scrypt: `node:crypto` itself writes PBKDF2 with 2,048 rounds.
 * Whatever reads PKCS#8 with OpenSSL reads it.
 */
export function encryptPrivateKey(key: KeyObject, passphrase: string): string {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(BLOCK_BYTES);
  const secret = scryptSync(passphrase, salt, KEY_BYTES, { ...SCRYPT, maxmem: 64 * 2 ** 20 });
  const plain = key.export({ format: 'der', type: 'pkcs8' });
  const cipher = createCipheriv('aes-256-cbc', secret, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  secret.fill(0);
  plain.fill(0);
  const derivation = sequence(
    identifier('scrypt'),
    sequence(
      element(Tag.OctetString, salt),
      integer(SCRYPT.N),
      integer(SCRYPT.r),
      integer(SCRYPT.p),
      integer(KEY_BYTES),
    ),
  );
  const encryption = sequence(identifier('aes256Cbc'), element(Tag.OctetString, iv));
  const algorithm = sequence(identifier('pbes2'), sequence(derivation, encryption));
  return formatPem('ENCRYPTED PRIVATE KEY', sequence(algorithm, element(Tag.OctetString, encrypted)));
}

/**
 * Whether a text holds an encrypted key in PEM whose outermost elements are whole: an algorithm, and a ciphertext to the
 * last byte. A file that was cut off or edited fails here, whatever the passphrase.
 */
export function isEncryptedPem(text: string): boolean {
  const label = 'ENCRYPTED PRIVATE KEY';
  const [, base64] =
    new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text) ?? [];
  if (base64 === undefined) return false;
  const whole = readElement(Buffer.from(base64, 'base64'), Tag.Sequence);
  if (whole?.rest.length !== 0) return false;
  const algorithm = readElement(whole.content, Tag.Sequence);
  const ciphertext = algorithm && readElement(algorithm.rest, Tag.OctetString);
  return ciphertext?.rest.length === 0;
}

/** The content of the element that bytes begin with, and what follows it; undefined where it is cut off or another. */
function readElement(bytes: Buffer, tag: Tag): { content: Buffer; rest: Buffer } | undefined {
  if (bytes.length < 2 || bytes[0] !== tag) return undefined;
  const first = bytes[1]!;
  const sizeBytes = first < 0x80 ? 0 : first - 0x80;
  const start = 2 + sizeBytes;
  if (sizeBytes > 2 || bytes.length < start) return undefined;
  const length = sizeBytes === 0 ? first : bytes.readUIntBE(2, sizeBytes);
  if (bytes.length < start + length) return undefined;
  return { content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(Tag.Sequence, Buffer.concat(parts));
}

function identifier(name: keyof typeof OBJECT_IDENTIFIERS): Buffer {
  return element(Tag.ObjectIdentifier, Buffer.from(OBJECT_IDENTIFIERS[name], 'hex'));
}

/** A positive integer: one zero byte in front where the first bit would make it negative. */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return element(Tag.Integer, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Every element here is shorter than 2^16 bytes. */
function element(tag: Tag, content: Uint8Array): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function formatPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'))!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
