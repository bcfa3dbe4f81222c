const ROOT_OF_TWO_PI = Math.sqrt(2 * Math.PI);
/** Beyond this less than 10^-15 is left. */
const TAIL = 8;

/** The density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_OF_TWO_PI;
}

/**
 * The distribution function of the standard normal to about 15 digits behind the point: `Φ(x) = 1/2 + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1))`.
 * Source: G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11 (2004).
 */
export function normalDistribution(x: number): number {
  if (x > TAIL) return 1;
  if (x < -TAIL) return 0;
  let term = x;
  let sum = x;
  for (let odd = 3; ; odd += 2) {
    term *= (x * x) / odd;
    const next = sum + term;
    if (next === sum) return 0.5 + sum * normalDensity(x);
    sum = next;
  }
}
