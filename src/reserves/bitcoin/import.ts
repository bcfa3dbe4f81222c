import { joinKey, type BitcoinEvidence, type Evidence } from '../../protocol/reserves/index.js';
import { bytesToHex, hexToBytes } from '../../protocol/index.js';
import {
  BitcoinChain,
  checkBitcoinEvidence,
  encodeTransaction,
  formatHash,
  formCanonical,
  listScripts,
  parsePsbt,
  parseTransaction,
  verifyWithNoble,
} from '../../verifier/reserves/making.js';
import { instantOf, type ReservesWork } from '../work.js';

/** The script of an output that carries the challenge: a spend with it shows control. */
export function composeCarrier(challenge: string): Uint8Array {
  return Uint8Array.of(0x6a, 32, ...hexToBytes(challenge));
}

/**
 * Reads a signed message of an address of outputs: BIP-322 in text, BIP-137 in base64, or a signed transaction or PSBT of BIP-127 in
 * hexadecimal.
 * @throws SolventError `control-not-shown` where it is not one of the message that the address was asked to sign.
 */
export function readOutputSignature(
  work: ReservesWork,
  { chain, address }: { readonly chain: string; readonly address: string },
  { text, position }: { readonly text: string; readonly position: string },
): BitcoinEvidence {
  const form = /^(?:smp|ful|pof)/.test(text)
    ? 'bip-322'
    : /^(?:[0-9a-f]{2})+$/.test(text)
      ? 'bip-127'
      : 'bip-137';
  const signature = form === 'bip-127' ? unwrap(text) : text;
  const canonical = formCanonical({ form, signature }) ?? signature;
  const line: BitcoinEvidence = { kind: 'bitcoin', chain, address, form, signature: canonical };
  const { platform, challenge } = work;
  const takenAt = instantOf(work);
  const block = work.blocks.find((known) => known.chain === chain)!;
  const network = new BitcoinChain(block, work.bitcoin!.get(chain)!, {
    pins: work.pins.bitcoin ?? [],
    takenAt,
  });
  const outputs = work.entries.flatMap((entry) =>
    entry.kind === 'output' ? [{ line: entry, position }] : [],
  );
  const script = listScripts(outputs, new Map([[chain, network]])).get(`${chain}\n${address}`);
  checkBitcoinEvidence(line, position, {
    chain: network,
    script,
    platform,
    takenAt,
    challenge,
    verify: verifyWithNoble,
  });
  return line;
}

/** The outputs that evidence shows besides its address, as keys of a chain, an id and an index. */
export function listShownOutputs(line: Evidence): string[] {
  if (line.kind !== 'bitcoin') return [];
  const transaction =
    line.form === 'bip-127'
      ? parseTransaction(hexToBytes(line.signature))
      : line.signature.startsWith('pof')
        ? parsePsbt(Uint8Array.from(atob(line.signature.slice(3)), (letter) => letter.charCodeAt(0)))
            .transaction
        : undefined;
  return (transaction?.inputs ?? [])
    .slice(1)
    .map((input) => joinKey(line.chain, formatHash(input.transaction), String(input.index)));
}

/** A transaction in hexadecimal as it is, and the one that a finalized PSBT holds. */
function unwrap(text: string): string {
  const bytes = hexToBytes(text);
  if (!text.startsWith('70736274ff')) {
    parseTransaction(bytes);
    return text;
  }
  return bytesToHex(encodeTransaction(parsePsbt(bytes).transaction));
}
