import { priceBlack76, countYears } from './src/protocol/valuation/black-76.js';
import { Decimal } from 'decimal.js';
const DAY = 86_400_000_000_000n;
const dec = (t: string) => {
  const [a, b = ''] = t.split('.');
  return { numerator: BigInt(a + b), denominator: 10n ** BigInt(b.length) };
};
const y = countYears(0n, 27n * DAY, 'act/365');
const p = (right: any, K: string, inCoin: boolean, F = '61234.5', s = '0.62', r = '0.05') =>
  priceBlack76({
    right,
    forward: dec(F),
    strike: dec(K),
    volatility: dec(s),
    rate: dec(r),
    years: y,
    inCoin,
  });
console.log(
  p('call', '60000', false),
  p('call', '60000', true),
  p('put', '60000', false),
  p('call', '200000', false),
  p('call', '200000', true),
);
console.log(
  p('call', '61234', false, '1000000000000', '0.62'),
  p('put', '1', 'false' as any, '99999999999999999999.999999999999999999', '0.62'),
  p('call', '61234', false, '61234.5', '0.000001'),
  p('call', '61234', false, '61234.5', '100'),
);
console.log(
  p('call', '1', true, '2000000000000000000', '0.62'),
  p('call', '8.000000000000000001', false, '8.5', '0.0001', '0'),
);
for (const [K, s] of [
  ['60000', '0.62'],
  ['30000', '0.62'],
  ['120000', '0.62'],
  ['200000', '0.62'],
  ['1000000', '0.62'],
] as const) {
  let t = performance.now();
  for (let i = 0; i < 500; i++) p('call', K, true, '61234.5', s);
  console.log(K, (performance.now() - t) / 500, 'ms');
}
