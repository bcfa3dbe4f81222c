// Scalars as signed digits, and digits sorted by bucket.

INLINE int is_below_order(const u32 *scalar) {
  fr a;
  fr_unpack(&a, scalar);
  i64 t = 0;
  // Limb 8 holds bits 232 to 255: the unpacked value is whole.
  UNROLL for (int i = 0; i < LIMBS; i++) {
    t += (i64)a.limb[i] - fr_modulus[i];
    t >>= LIMB_BITS;
  }
  return t < 0;
}

// `digits` gets window_count rows of `stride` digits: -2^(window_bits-1) <= digit < 2^(window_bits-1), except that the
// top window keeps its carry. With window_count = floor(254/window_bits) + 1 the top window has fewer than window_bits
// bits of the scalar left, so that nothing carries out of it. Scalars are eight words.
// Returns the number of scalars recoded: `count`, or the index of the first that is not below the group's order.
u32 EXPORT(recode_scalars)(i16 *digits, u32 stride, const u32 *scalars, u32 count, u32 window_bits) {
  const u32 window_count = SCALAR_BITS / window_bits + 1;
  const u32 mask = (1u << window_bits) - 1, half = 1u << (window_bits - 1);
  for (u32 j = 0; j < count; j++) {
    const u32 *scalar = scalars + j * WORDS;
    if (!is_below_order(scalar)) return j;
    u32 carry = 0;
    for (u32 w = 0; w < window_count; w++) {
      const u32 bit = w * window_bits, word = bit / 32;
      const u64 low = word < WORDS ? scalar[word] : 0, high = word + 1 < WORDS ? scalar[word + 1] : 0;
      const u32 digit = ((u32)(((high << 32) | low) >> (bit % 32)) & mask) + carry;
      carry = w + 1 < window_count && digit >= half;
      digits[w * stride + j] = (i16)(digit - (carry << window_bits));
    }
  }
  return count;
}

// Sorts the points of one window by bucket: `entries` gets index·2 + sign for each digit that is not 0, and ends[b]
// the end of bucket b's entries. Point j has the digit of wire wires[j]. Returns the number of entries.
u32 EXPORT(sort_entries)(u32 *entries, u32 *ends, u32 bucket_count, const i16 *digits, const u32 *wires, u32 count) {
  for (u32 b = 0; b < bucket_count; b++) ends[b] = 0;
  for (u32 j = 0; j < count; j++) {
    const int digit = digits[wires[j]];
    if (digit != 0) ends[(digit < 0 ? -digit : digit) - 1]++;
  }
  u32 total = 0;
  for (u32 b = 0; b < bucket_count; b++) {
    const u32 length = ends[b];
    ends[b] = total;
    total += length;
  }
  for (u32 j = 0; j < count; j++) {
    const int digit = digits[wires[j]];
    if (digit != 0) entries[ends[(digit < 0 ? -digit : digit) - 1]++] = j << 1 | (digit < 0);
  }
  return total;
}
