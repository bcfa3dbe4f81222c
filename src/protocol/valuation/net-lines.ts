import { CROSS_BUCKET, type StatementLine } from '../formats/statement.js';
import type { PublishedPrices } from './published-prices.js';
import { add, multiply, toRational, ZERO, type Rational } from './rational.js';
import { refuseLine, type NumberedLine } from './refuse-line.js';

/** A line whose value was read in proof units. */
type ReadLine = { readonly line: StatementLine; readonly units: bigint };

/** What the lines of an account, bucket and asset add up to, by what they are of. */
type Net = { readonly asset: string; stated: bigint; limits: bigint; writeOffs: bigint };

/**
 * That lines which follow from other lines do. An isolated-loss limit takes an isolated bucket that is worth less than nothing
 * at the published prices to exactly nothing, in all of its assets; a write-off takes what is left of a debt to nothing.
 * @throws SolventError `statement-line-differs`.
 */
export function assertNetLines(lines: readonly ReadLine[], prices: PublishedPrices): void {
  if (!lines.some(({ line }) => line.valuation.of === 'net')) return;
  const buckets = addUp(lines);
  lines.forEach(({ line }, index) => {
    if (line.valuation.of !== 'net') return;
    const placed = { line, position: index + 1 };
    const nets = buckets.get(bucketOf(line))!;
    if (line.kind === 'write-off') assertWriteOff(placed, nets.get(line.asset)!);
    else assertLossLimit(placed, [...nets.values()], prices);
  });
}

function addUp(lines: readonly ReadLine[]): ReadonlyMap<string, ReadonlyMap<string, Net>> {
  const buckets = new Map<string, Map<string, Net>>();
  for (const { line, units } of lines) {
    const key = bucketOf(line);
    const nets = buckets.get(key) ?? new Map<string, Net>();
    buckets.set(key, nets);
    const net = nets.get(line.asset) ?? { asset: line.asset, stated: 0n, limits: 0n, writeOffs: 0n };
    nets.set(line.asset, net);
    if (line.kind === 'write-off') net.writeOffs += units;
    else if (line.valuation.of === 'net') net.limits += units;
    else net.stated += units;
  }
  return buckets;
}

function bucketOf({ account, bucket }: StatementLine): string {
  return JSON.stringify([account, bucket]);
}

function assertWriteOff(placed: NumberedLine, { stated, limits, writeOffs }: Net): void {
  const left = stated + limits;
  if (left < 0n && writeOffs === -left) return;
  throw refuseLine('statement-line-differs', placed, 'a write-off that takes a debt to nothing');
}

function assertLossLimit(placed: NumberedLine, nets: readonly Net[], prices: PublishedPrices): void {
  const isNothing = nets.every(({ stated, limits }) => stated + limits === 0n);
  const worth = nets.reduce<Rational>(
    (sum, { asset, stated }) => add(sum, multiply(toRational(stated, 0), prices.unitPriceOf(asset))),
    ZERO,
  );
  if (placed.line.bucket !== CROSS_BUCKET && isNothing && worth.numerator < 0n) return;
  throw refuseLine(
    'statement-line-differs',
    placed,
    'a limit that takes an isolated position which has lost more than its margin to nothing',
  );
}
