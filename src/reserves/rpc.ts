import { concatBytes, describeSystemReason, SolventError } from '../protocol/index.js';
import { refuseMaking } from './errors.js';

/** Writes a list of bytes as RLP. */
export function encodeRlpList(items: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...items.map(encodeRlpBytes));
  return concatBytes(encodeLength(0xc0, content.length), content);
}

function encodeRlpBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && bytes[0]! < 0x80) return bytes;
  return concatBytes(encodeLength(0x80, bytes.length), bytes);
}

function encodeLength(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(base + 55 + digits.length, ...digits);
}

/** A node that answers by JSON-RPC. */
export type RpcNode = {
  /** @throws SolventError `rpc-failed`, `rpc-answer-malformed`. */
  readonly call: (method: string, params: readonly unknown[]) => Promise<unknown>;
};

const TIMEOUT_MS = 60_000;
/** Bytes of one answer: a proof of hundreds of slots has a few megabytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Tries of a call that no answer came to. */
const MAX_TRIES = 3;

/** A node at an address. The address may hold a key of its owner, and is in no error. */
export function openRpcNode(address: string): RpcNode {
  let id = 0;
  const { url, headers } = splitCredentials(address);
  return {
    call: async (method, params) => {
      id += 1;
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      const answer = await askWithRetries(url, { method, body, headers });
      const { result, error } = answer as { result?: unknown; error?: { code?: unknown } | null };
      if (error !== undefined && error !== null) {
        throw failed(method, `error ${String(error.code)}`);
      }
      if (result === undefined) throw malformed(method, 'a result');
      return result;
    },
  };
}

type Call = {
  readonly method: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Bitcoin nodes ask for a name and a password, which `fetch` takes in no address. */
function splitCredentials(address: string): { readonly url: string; readonly headers: Call['headers'] } {
  const parsed = new URL(address);
  const { username, password } = parsed;
  const headers = { 'content-type': 'application/json' };
  if (username === '' && password === '') return { url: address, headers };
  parsed.username = '';
  parsed.password = '';
  const secret = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: parsed.href, headers: { ...headers, authorization: `Basic ${secret.toString('base64')}` } };
}

async function askWithRetries(url: string, call: Call): Promise<object> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask(url, call);
    } catch (error) {
      if (tries === MAX_TRIES || (error instanceof SolventError && error.code !== 'rpc-failed')) throw error;
    }
  }
}

async function ask(url: string, { method, body, headers }: Call): Promise<object> {
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    text = await readBounded(response, method);
  } catch (cause) {
    if (cause instanceof SolventError) throw cause;
    throw failed(method, describeSystemReason(cause));
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw malformed(method, 'JSON');
  }
  if (typeof answer !== 'object' || answer === null) throw malformed(method, 'an object');
  return answer;
}

async function readBounded(response: Response, method: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    const bytes = piece as Uint8Array;
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw malformed(method, `at most ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function failed(method: string, found: string) {
  return refuseMaking('rpc-failed', { expected: `an answer to ${method}`, found });
}

function malformed(method: string, expected: string) {
  return refuseMaking('rpc-answer-malformed', {
    expected: `${expected} as the answer to ${method}`,
    found: 'something else',
  });
}
