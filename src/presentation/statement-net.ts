import { formatSignedDecimal, parseSignedDecimal, type StatementLine } from '../protocol/index.js';

/** The lines that are netted with each other: of one account, bucket and asset. */
export type StatementNet = {
  readonly account: string;
  readonly bucket: string;
  readonly asset: string;
  readonly lines: readonly StatementLine[];
  /** Their sum in whole units of the asset; positive ones are held, negative ones owed. */
  readonly net: string;
};

/** Lines as they are netted, in their order. */
export function netStatement(lines: readonly StatementLine[]): StatementNet[] {
  const groups = new Map<string, StatementLine[]>();
  for (const line of lines) {
    const place = JSON.stringify([line.account, line.bucket, line.asset]);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [line]);
    else group.push(line);
  }
  return [...groups.values()].map((group) => {
    const { account, bucket, asset } = group[0]!;
    return { account, bucket, asset, lines: group, net: addValues(group) };
  });
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
