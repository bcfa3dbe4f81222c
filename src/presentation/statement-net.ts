import {
  CROSS_BUCKET,
  formatSignedDecimal,
  parseSignedDecimal,
  type StatementLine,
} from '../protocol/index.js';

/** The lines that are netted with each other: of one account, bucket and asset. */
export type StatementNet = {
  readonly account: string;
  /** The isolated position that the lines are of; null where they are netted with the rest of the account. */
  readonly isolated: string | null;
  readonly asset: string;
  readonly lines: readonly StatementLine[];
  /** Their sum in whole units of the asset; positive ones are held, negative ones owed. */
  readonly net: string;
};

/** Lines as they are netted, in their order. */
export function netStatement(lines: readonly StatementLine[]): StatementNet[] {
  const groups = new Map<string, StatementLine[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.account, line.bucket, line.asset]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()].map((group) => {
    const { account, bucket, asset } = group[0]!;
    const isolated = bucket === CROSS_BUCKET ? null : bucket;
    return { account, isolated, asset, lines: group, net: addValues(group) };
  });
}

/** What is netted, in one text: `BTC of main-1`, `BTC of main-1, isolated p-17`. */
export function describeNet({ account, isolated, asset }: StatementNet): string {
  return `${asset} of ${account}${isolated === null ? '' : `, isolated ${isolated}`}`;
}

function addValues(lines: readonly StatementLine[]): string {
  const values = lines.map(({ value }) => parseSignedDecimal(value));
  const fractionDigits = Math.max(...values.map((value) => value.fractionDigits));
  const coefficient = values.reduce(
    (sum, value) => sum + value.coefficient * 10n ** BigInt(fractionDigits - value.fractionDigits),
    0n,
  );
  return formatSignedDecimal({ coefficient, fractionDigits });
}
