import {
  deriveNonce,
  encodeCanonicalJson,
  INCLUSION_FORMAT,
  siblingsOf,
  utf8ToBytes,
  type Account,
} from '../../protocol/index.js';
import type { FinishedRun } from './finished-run.js';
import type { OpenedBatch } from './inclusion-file.js';

const decoder = new TextDecoder();
const encode = (value: unknown) => decoder.decode(encodeCanonicalJson(value));

/**
 * Writes the inclusion files of a batch's users: the bytes that `encodeJsonLine` makes of `buildInclusion`, with what they
 * share written once. Keys stand in the order of canonical JSON.
 */
export class InclusionEncoder {
  readonly #run: FinishedRun;
  readonly #opened: OpenedBatch;
  /** The file up to its holdings, and from its layers to its nonce. */
  readonly #head: string;
  readonly #middle: string;

  constructor(run: FinishedRun, opened: OpenedBatch) {
    const { batch, tree, proof, layers } = opened;
    this.#run = run;
    this.#opened = opened;
    const shared = encode({ digest: proof.digest, proof: proof.proof, totals: tree.totalsHash.toString() });
    this.#head = `{"batch":${shared},"circuit":"${batch.circuit.name}","format":"${INCLUSION_FORMAT}","holdings":`;
    this.#middle = `,"layers":${encode(layers)},"manifestHash":"${run.manifestHash}","nonce":"`;
  }

  /** The inclusion file of the account in a row of the batch. */
  encode({ userId, holdings, statement }: Account, row: number): Uint8Array {
    const { secret, manifest } = this.#run;
    const own = holdings.map(({ assetIndex, equityUnits, debtUnits }) => {
      const { symbol } = manifest.assets[assetIndex]!;
      return `{"asset":"${symbol}","debt":"${debtUnits}","equity":"${equityUnits}"}`;
    });
    const siblings = siblingsOf(this.#opened.tree.levels, row).map((level) => `["${level.join('","')}"]`);
    return utf8ToBytes(
      `${this.#head}[${own.join(',')}]${this.#middle}${deriveNonce(secret, userId)}","position":${row},` +
        `"siblings":[${siblings.join(',')}],"statement":${statement === undefined ? 'null' : decoder.decode(statement)},` +
        `"userId":${JSON.stringify(userId)}}\n`,
    );
  }
}
