const ROOT_OF_TWO_PI = Math.sqrt(2 * Math.PI);

/** The two polynomials of Hart's rational approximation, from the highest power down. */
const ABOVE = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
] as const;
const BELOW = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
] as const;
/** Where a continued fraction takes over, and where a double has nothing left. */
const FAR = 7.07106781186547;
const TAIL = 37;

/** The density of the standard normal. */
export function densityOfNormal(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_OF_TWO_PI;
}

/**
 * The distribution function of the standard normal in doubles, to about 10^-15. Source: J. Hart, "Computer Approximations"
 * (1968), algorithm 5666, as in G. West, "Better approximations to cumulative normal functions", Wilmott (2005).
 */
export function approximateNormal(x: number): number {
  const size = Math.abs(x);
  const tail = size > TAIL ? 0 : Math.exp((-size * size) / 2) * approximateRatio(size);
  return x > 0 ? 1 - tail : tail;
}

/** `Φ(−x)/e^(−x²/2)` for x >= 0. */
function approximateRatio(x: number): number {
  if (x < FAR) return evaluate(ABOVE, x) / evaluate(BELOW, x);
  return 1 / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / ROOT_OF_TWO_PI;
}

function evaluate(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
