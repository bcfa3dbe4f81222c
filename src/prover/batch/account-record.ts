import type { Account, Holding } from '../../protocol/index.js';

const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
const HOLDING_BYTES = 2 + 8 + 8;
const NONE = new Uint8Array();

/**
 * An account as bytes: `id length u16 ‖ id in UTF-8 ‖ statement length u32 ‖ statement ‖ holdings u16`, then for each
 * holding `asset index u16 ‖ equity u64 ‖ debt u64`, all little-endian. A length of 0 is no statement. Amounts must be
 * below 2^64, indexes below 2^16.
 */
export function encodeAccount({ userId, holdings, statement = NONE }: Account): Buffer {
  const id = Buffer.from(userId, 'utf8');
  const bytes = Buffer.allocUnsafe(
    2 * COUNT_BYTES + LENGTH_BYTES + id.length + statement.length + holdings.length * HOLDING_BYTES,
  );
  let at = bytes.writeUInt16LE(id.length);
  at += id.copy(bytes, at);
  at = bytes.writeUInt32LE(statement.length, at);
  bytes.set(statement, at);
  at += statement.length;
  at = bytes.writeUInt16LE(holdings.length, at);
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    at = bytes.writeUInt16LE(assetIndex, at);
    at = bytes.writeBigUInt64LE(equityUnits, at);
    at = bytes.writeBigUInt64LE(debtUnits, at);
  }
  return bytes;
}

/** Reads the account that starts at `start`, and where the next thing starts. @throws RangeError where bytes lack. */
export function decodeAccount(bytes: Buffer, start: number): { account: Account; end: number } {
  const idEnd = start + COUNT_BYTES + bytes.readUInt16LE(start);
  const statementStart = idEnd + LENGTH_BYTES;
  const statementEnd = statementStart + bytes.readUInt32LE(idEnd);
  const holdingCount = bytes.readUInt16LE(statementEnd);
  const holdings: Holding[] = [];
  let at = statementEnd + COUNT_BYTES;
  for (let slot = 0; slot < holdingCount; slot++, at += HOLDING_BYTES) {
    holdings.push({
      assetIndex: bytes.readUInt16LE(at),
      equityUnits: bytes.readBigUInt64LE(at + 2),
      debtUnits: bytes.readBigUInt64LE(at + 10),
    });
  }
  const userId = bytes.toString('utf8', start + COUNT_BYTES, idEnd);
  const statement = bytes.subarray(statementStart, statementEnd);
  return { account: { userId, holdings, ...(statement.length === 0 ? {} : { statement }) }, end: at };
}
