import { bytesToHex, concatBytes, hexToBytes } from '../../../protocol/index.js';
import { refuseReserves } from '../codes.js';
import {
  BitcoinReader,
  encodeCount,
  encodeSized,
  encodeStripped,
  formatHash,
  hashTransaction,
  parseTransaction,
  takeWitness,
  type BitcoinOutput,
  type BitcoinTransaction,
} from './transaction.js';

/** A finalized PSBT (BIP-174, version 0): its transaction as it was signed, and what it says of the outputs that it spends. */
export type FinalizedPsbt = {
  readonly transaction: BitcoinTransaction;
  /** The whole transactions that it spends outputs of, by their ids as nodes print them; each is there for one of its inputs. */
  readonly funding: ReadonlyMap<string, BitcoinTransaction>;
  /** By input: the output in the signer's own words, which nothing binds to a transaction. */
  readonly claimed: readonly (BitcoinOutput | undefined)[];
};

const MAGIC = '70736274ff';
const UNSIGNED_TRANSACTION = '00';
const [WHOLE_FUNDING, CLAIMED_OUTPUT, FINAL_SCRIPT, FINAL_WITNESS] = ['00', '01', '07', '08'];

/** Reads a finalized PSBT. @throws SolventError `transaction-malformed`. */
export function parsePsbt(bytes: Uint8Array): FinalizedPsbt {
  const reader = new BitcoinReader(bytes);
  if (bytesToHex(reader.take(5)) !== MAGIC) throw malformed('the first bytes of a PSBT');
  const unsigned = parseTransaction(takeMap(reader).get(UNSIGNED_TRANSACTION) ?? new Uint8Array());
  if (unsigned.inputs.some(({ script, witness }) => script.length + witness.length > 0)) {
    throw malformed('an unsigned transaction');
  }
  const maps = unsigned.inputs.map(() => takeMap(reader));
  unsigned.outputs.forEach(() => takeMap(reader));
  reader.expectEnd();
  const inputs = unsigned.inputs.map((input, at) => {
    const [script, witness] = [maps[at]!.get(FINAL_SCRIPT), maps[at]!.get(FINAL_WITNESS)];
    return {
      ...input,
      script: script ?? new Uint8Array(),
      witness: witness === undefined ? [] : readWitness(witness),
    };
  });
  return {
    transaction: { ...unsigned, inputs },
    funding: new Map(
      maps.flatMap((map, at): [string, BitcoinTransaction][] => {
        const whole = map.get(WHOLE_FUNDING);
        if (whole === undefined) return [];
        const funding = parseTransaction(whole);
        const id = formatHash(hashTransaction(funding));
        if (id !== formatHash(unsigned.inputs[at]!.transaction))
          throw malformed('the transactions that it spends');
        return [[id, funding]];
      }),
    ),
    claimed: maps.map((map) => {
      const output = map.get(CLAIMED_OUTPUT);
      return output === undefined ? undefined : readOutput(output);
    }),
  };
}

/** A finalized PSBT with what a verifier reads of it and nothing else: the unsigned transaction, and each input's final script and witness. */
export function encodePsbt(transaction: BitcoinTransaction): Uint8Array {
  const inputs = transaction.inputs.map((input) => ({ ...input, script: new Uint8Array(), witness: [] }));
  const end = Uint8Array.of(0);
  const pair = (key: string, value: Uint8Array) => [encodeSized(hexToBytes(key)), encodeSized(value)];
  return concatBytes(
    hexToBytes(MAGIC),
    ...pair(UNSIGNED_TRANSACTION, encodeStripped({ ...transaction, inputs })),
    end,
    ...transaction.inputs.flatMap(({ script, witness }) => [
      ...(script.length === 0 ? [] : pair(FINAL_SCRIPT, script)),
      ...(witness.length === 0
        ? []
        : pair(FINAL_WITNESS, concatBytes(encodeCount(witness.length), ...witness.map(encodeSized)))),
      end,
    ]),
    ...transaction.outputs.map(() => end),
  );
}

function takeMap(reader: BitcoinReader): ReadonlyMap<string, Uint8Array> {
  const map = new Map<string, Uint8Array>();
  for (let key = reader.takeSized(); key.length > 0; key = reader.takeSized()) {
    const name = bytesToHex(key);
    if (map.has(name)) throw malformed('each key once');
    map.set(name, reader.takeSized());
  }
  return map;
}

function readWitness(bytes: Uint8Array): Uint8Array[] {
  const reader = new BitcoinReader(bytes);
  const witness = takeWitness(reader);
  reader.expectEnd();
  return witness;
}

function readOutput(bytes: Uint8Array): BitcoinOutput {
  const reader = new BitcoinReader(bytes);
  const output = { amountSatoshi: reader.takeUint64(), script: reader.takeSized() };
  reader.expectEnd();
  return output;
}

function malformed(expected: string) {
  return refuseReserves('transaction-malformed', `expected ${expected} in a PSBT, got something else`);
}
