/**
 * A scalar as signed digits, least first: scalar = Σ digit_w·2^(w·windowBits) with -2^(windowBits-1) <= digit
 * < 2^(windowBits-1) in all windows but the top one, which keeps what is left.
 */
export function splitDigits(scalar: bigint, windowBits: number, windowCount: number): bigint[] {
  const size = 1n << BigInt(windowBits);
  const digits: bigint[] = [];
  let rest = scalar;
  for (let window = 0; window + 1 < windowCount; window++) {
    let digit = rest % size;
    if (digit >= size / 2n) digit -= size;
    digits.push(digit);
    rest = (rest - digit) / size;
  }
  return [...digits, rest];
}
