import { PRICE_CHANGES } from './shocks.js';

/** A cover that is less than this below 0, in the quote currency, is what floating point left. */
const LEAST_SHORTFALL = '1e-6';

const each = (write: (at: number) => string) => PRICE_CHANGES.map((_, at) => write(at)).join(', ');
const factorOf = (at: number) => `if(moves, ${1 + PRICE_CHANGES[at]!}, 1)::DOUBLE`;

/** The parts of queries that have a column for every price of the grid. @param isLimited whether isolated losses end with the margin. */
export function gridColumns(isLimited: boolean) {
  const isLost = (at: number) => `bucket <> 'cross' AND w${at} < 0`;
  return {
    level: `${each((at) => `r${at} DOUBLE NOT NULL`)}, ${each((at) => `s${at} DOUBLE NOT NULL`)}`,
    levelCover: {
      moved_columns: each((at) => `sum(value * r${at} + quantity * s${at}) AS m${at}`),
      net_columns: each((at) => `base + coalesce(m${at}, 0) AS n${at}`),
      bucket_columns: each(
        (at) =>
          `sum(n${at} * price * ${factorOf(at)}) AS w${at}, ` +
          `sum(n${at} * if(n${at} > 0, collateral_price, price) * ${factorOf(at)}) AS c${at}`,
      ),
      cover_columns: each((at) =>
        isLimited
          ? `sum(if(${isLost(at)}, 0, c${at})) AS k${at}, sum(if(${isLost(at)}, -w${at}, 0)) AS l${at}`
          : `sum(c${at}) AS k${at}, 0::DOUBLE AS l${at}`,
      ),
    },
    sums: each(
      (at) =>
        `count_if(k${at} < -${LEAST_SHORTFALL}) AS u${at}, ` +
        `coalesce(sum(-k${at}) FILTER (k${at} < -${LEAST_SHORTFALL}), 0) AS f${at}, coalesce(sum(l${at}), 0) AS l${at}`,
    ),
    cover: { curve_columns: each((at) => `k${at}`), below: findEnd(-1), above: findEnd(1) },
  };
}

/** The change of prices at which cover ends, on the line between two of the grid, going from no change in one direction. */
function findEnd(direction: 1 | -1): string {
  const centre = PRICE_CHANGES.indexOf(0);
  const point = (at: number) => `points[${at + 1}]`;
  const cases: string[] = [];
  for (let at = centre; at + direction >= 0 && at + direction < PRICE_CHANGES.length; at += direction) {
    const next = at + direction;
    const [from, to] = [PRICE_CHANGES[at]!, PRICE_CHANGES[next]!];
    cases.push(
      `WHEN ${point(next)} < 0 THEN ${from} + ${to - from} * ${point(at)} / (${point(at)} - ${point(next)})`,
    );
  }
  return `CASE WHEN points IS NULL THEN NULL WHEN ${point(centre)} < -${LEAST_SHORTFALL} THEN 0::DOUBLE ${cases.join(' ')} END`;
}
