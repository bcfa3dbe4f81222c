import { bytesToHex, decodeBase64, encodeBase64, hexToBytes, SolventError } from '../../../protocol/index.js';
import {
  composeMessage,
  joinKey,
  type BitcoinEvidence,
  type OutputEntry,
} from '../../../protocol/reserves/index.js';
import { refuseReserves } from '../codes.js';
import type { ReservesLine } from '../lines.js';
import type { BitcoinChain } from './chain.js';
import { encodePsbt, parsePsbt } from './psbt.js';
import { encodeTransaction, parseTransaction } from './transaction.js';
import { checkBip127, checkBip137, checkBip322, type MessageResult } from './message.js';
import type { VerifyEcdsa } from './spend.js';

/** What signed messages of Bitcoin show: addresses and outputs, each with the place of its evidence. */
export class SignedOutputs {
  readonly #positions = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #all = new Set<string>();

  add(
    line: BitcoinEvidence,
    position: string,
    outpoints: readonly { transaction: string; index: number }[],
  ): void {
    this.#all.add(position);
    // BIP-127 shows the outputs that its transaction spends, and no address.
    if (line.form !== 'bip-127') this.#positions.set(joinKey(line.chain, line.address), position);
    for (const { transaction, index } of outpoints) {
      this.#positions.set(joinKey(line.chain, transaction, String(index)), position);
    }
  }

  /** Whether a signed message shows who controls an output; its evidence is used then. */
  shows({ chain, address, transaction, index }: OutputEntry): boolean {
    const positions = [joinKey(chain, address), joinKey(chain, transaction, String(index))].flatMap(
      (key) => this.#positions.get(key) ?? [],
    );
    for (const position of positions) this.#used.add(position);
    return positions.length > 0;
  }

  /** 8.7: every signed message shows something that is claimed. */
  assertAllUsed(): void {
    for (const position of this.#all) {
      if (!this.#used.has(position)) {
        throw refuseReserves(
          'evidence-not-used',
          `expected a claim for the evidence at ${position}, got none`,
        );
      }
    }
  }
}

/** 8.7: a signed message of an address, over the message that is made here. @throws SolventError `control-not-shown`. */
export function checkBitcoinEvidence(
  line: BitcoinEvidence,
  position: string,
  context: {
    readonly chain: BitcoinChain;
    /** What its address stands for; undefined where no entry has it. */
    readonly script: Uint8Array | undefined;
    readonly platform: string;
    readonly takenAt: string;
    readonly challenge: string;
    readonly verify: VerifyEcdsa;
  },
): readonly { transaction: string; index: number }[] {
  const result = checkSignature(line, context);
  if (result.outcome !== 'valid') {
    const got = result.outcome === 'inconclusive' ? 'a script that is not understood here' : 'another';
    throw refuseReserves(
      'control-not-shown',
      `expected a signature of ${line.address} over the message for it at ${position}, got ${got}`,
    );
  }
  if (formCanonical(line) !== line.signature) {
    throw refuseReserves(
      'signature-not-canonical',
      `expected the one spelling of the signature at ${position}, got another`,
    );
  }
  return result.outpoints;
}

/**
 * The one spelling of a signed message: base64 with its padding, a PSBT that has only what is read of it, and no script
 * at the input of BIP-127 that spends nothing. Undefined where it is none of these forms.
 */
export function formCanonical({
  form,
  signature,
}: Pick<BitcoinEvidence, 'form' | 'signature'>): string | undefined {
  try {
    if (form === 'bip-127') {
      const transaction = parseTransaction(hexToBytes(signature));
      const inputs = transaction.inputs.map((input, at) =>
        at === 0 ? { ...input, script: new Uint8Array(), witness: [] } : input,
      );
      return bytesToHex(encodeTransaction({ ...transaction, inputs }));
    }
    const prefix = form === 'bip-322' ? signature.slice(0, 3) : '';
    const bytes = decodeBase64(signature.slice(prefix.length), 'optional');
    if (bytes === undefined) return undefined;
    return prefix + encodeBase64(prefix === 'pof' ? encodePsbt(parsePsbt(bytes).transaction) : bytes);
  } catch (error) {
    if (error instanceof SolventError && error.code === 'transaction-malformed') return undefined;
    throw error;
  }
}

function checkSignature(
  line: BitcoinEvidence,
  { chain, script, challenge, verify, ...head }: Parameters<typeof checkBitcoinEvidence>[2],
): MessageResult {
  const { form, signature } = line;
  const message = composeMessage(head, challenge, line);
  const messageContext = { verify, findOutput: chain.findOutput };
  if (form === 'bip-127') {
    return /^(?:[0-9a-f]{2})+$/.test(signature)
      ? checkBip127(message, hexToBytes(signature), messageContext)
      : { outcome: 'invalid' };
  }
  if (script === undefined) return { outcome: 'invalid' };
  const signed = { message, script, signature };
  return form === 'bip-137' ? checkBip137(signed) : checkBip322(signed, messageContext);
}

/** What each address stands for, by the outputs that entries count. */
export function listScripts(
  entries: readonly ReservesLine<OutputEntry>[],
  chains: ReadonlyMap<string, BitcoinChain>,
): ReadonlyMap<string, Uint8Array> {
  const scripts = new Map<string, Uint8Array>();
  for (const { line } of entries) {
    const output = chains.get(line.chain)?.findOutput(line);
    if (output !== undefined) scripts.set(joinKey(line.chain, line.address), output.script);
  }
  return scripts;
}
