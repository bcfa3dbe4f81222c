// Multi-scalar multiplication: Σ scalar_j·point_j by buckets (Pippenger). Included for each group after batch.h.
//
// Scalars are recoded into signed digits of `window_bits` bits, so that Σ_w 2^(w·window_bits)·digit_(j,w) = scalar_j.
// For one window, bucket b holds the sum S_b of the points whose digit is b + 1, less those whose digit is -(b + 1);
// the window's sum is Σ (b + 1)·S_b. Digits 0 cost nothing, and a scalar 1 one addition.
//
// Points are sorted by bucket first. Then each bucket's points are added in pairs, the results in pairs, and so on:
// every level of such a tree, over many buckets, is one batch.

static POINT CN(chunk_points)[2][CHUNK_POINTS];
static POINT CN(halves)[1 << MAX_BUCKET_BITS];

// The point of a sorted entry `index·2 + sign`; the sign turns y into p - y, without a branch.
INLINE void CN(load_entry)(POINT *p, const JOIN(CURVE, packed) * points, u32 entry) {
  const u32 *words = points[entry >> 1].words;
  const u32 mask = 0 - (entry & 1);
  UNROLL for (int part = 0; part < COORD_PARTS; part++) {
    fp_unpack(PART(&p->x, part), words + part * WORDS);
    fp y;
    fp_unpack(&y, words + (COORD_PARTS + part) * WORDS);
    i64 limbs[LIMBS];
    // (y ^ -1) + 1 = -y where the mask is set.
    UNROLL for (int i = 0; i < LIMBS; i++)
      limbs[i] = (i64)(int)((y.limb[i] ^ mask) - mask + (fp_modulus[i] & mask));
    fp_carry(PART(&p->y, part), limbs);
  }
}

// Points lie anywhere in the key. Reading one word of each of the next few first lets the processor wait for all of
// these cache lines at once, and not for one after the other.
static KEEP void CN(load_entries)(POINT *target, const JOIN(CURVE, packed) * points, const u32 *entries, u32 count) {
  u32 sum = 0;
  for (u32 done = 0; done < count; done += TOUCH_POINTS) {
    const u32 end = done + TOUCH_POINTS < count ? done + TOUCH_POINTS : count;
    for (u32 i = done; i < end; i++) {
      const u32 *words = points[entries[i] >> 1].words;
      UNROLL for (int part = 0; part < COORD_PARTS; part++) sum += words[part * 2 * WORDS];
    }
    for (u32 i = done; i < end; i++) CN(load_entry)(&target[i], points, entries[i]);
  }
  touched = sum;
}

// Adds up each run of the first chunk buffer, level by level, and puts its sum into its bucket.
static KEEP void CN(reduce_runs)(POINT *buckets, u32 run_count) {
  POINT *source = CN(chunk_points)[0];
  POINT *target = CN(chunk_points)[1];
  while (run_count > 0) {
    u32 from = 0, to = 0, pair_count = 0, kept_runs = 0;
    for (u32 run = 0; run < run_count; run++) {
      const u32 length = run_length[run], bucket = run_bucket[run];
      if (length == 1) {
        buckets[bucket] = source[from];
        from += 1;
        continue;
      }
      for (u32 i = 0; i + 1 < length; i += 2) {
        pair_source[pair_count] = from + i;
        pair_target[pair_count++] = to + i / 2;
      }
      if (length & 1) target[to + length / 2] = source[from + length - 1];
      run_length[kept_runs] = (length + 1) / 2;
      run_bucket[kept_runs++] = bucket;
      from += length;
      to += (length + 1) / 2;
    }
    if (pair_count > 0) CN(add_pairs)(target, source, pair_count);
    POINT *swapped = source;
    source = target;
    target = swapped;
    run_count = kept_runs;
  }
}

// Fills the buckets of one window from its sorted entries; ends[b] is where the entries of bucket b end.
void EXPORT(CN(fill_buckets))(POINT *buckets, u32 bucket_count, const u32 *ends, const u32 *entries,
                              const JOIN(CURVE, packed) * points) {
  for (u32 b = 0; b < bucket_count; b++) CN(set_infinity)(&buckets[b]);
  const u32 entry_count = ends[bucket_count - 1];
  POINT *chunk = CN(chunk_points)[0];
  u32 bucket = 0, position = 0, is_continued = 0;
  while (position < entry_count) {
    u32 length = 0, run_count = 0;
    const u32 first = position;
    // A bucket that the last chunk cut in two goes on from its sum so far.
    if (is_continued) chunk[length++] = buckets[bucket];
    const u32 carried = is_continued;
    while (length < CHUNK_POINTS && position < entry_count) {
      while (ends[bucket] == position) bucket++;
      const u32 wanted = ends[bucket] - position, room = CHUNK_POINTS - length;
      const u32 taken = wanted < room ? wanted : room;
      run_bucket[run_count] = bucket;
      run_length[run_count] = taken + (run_count == 0 ? carried : 0);
      run_count++;
      length += taken;
      position += taken;
    }
    CN(load_entries)(chunk + carried, points, entries + first, position - first);
    is_continued = position < ends[bucket];
    CN(reduce_runs)(buckets, run_count);
  }
}

// target[k] = source[2k] + source[2k + 1]. The arrays do not overlap.
void EXPORT(CN(add_neighbours))(POINT *target, const POINT *source, u32 count) {
  for (u32 done = 0; done < count;) {
    const u32 batch = count - done < MAX_PAIRS ? count - done : MAX_PAIRS;
    for (u32 k = 0; k < batch; k++) {
      pair_source[k] = 2 * k;
      pair_target[k] = k;
    }
    CN(add_pairs)(target + done, source + 2 * done, batch);
    done += batch;
  }
}

// The sum of one window, as its parts: T = Σ S_b and O_l = Σ S_b over the b with bit l set, for then
// Σ (b + 1)·S_b = T + Σ_l 2^l·O_l. Gives T, O_0, O_1, … in `sums`: bucket_bits + 1 points. Overwrites the buckets.
//
// Step l halves l + 1 arrays: T and O_0 … O_(l-1), each by adding neighbours; the odd entries of T, before they are
// added to their neighbours, become O_l. All in all two additions a bucket, in large batches.
void EXPORT(CN(sum_buckets))(POINT *sums, POINT *buckets, u32 bucket_bits) {
  POINT *source = buckets;
  POINT *target = CN(halves);
  for (u32 level = 0; level < bucket_bits; level++) {
    const u32 half = 1u << (bucket_bits - level - 1);
    CN(add_neighbours)(target, source, half);
    for (u32 j = 0; j < half; j++) target[half + j] = source[2 * j + 1];
    CN(add_neighbours)(target + 2 * half, source + 2 * half, level * half);
    POINT *swapped = source;
    source = target;
    target = swapped;
  }
  // The newest O stands first.
  sums[0] = source[0];
  for (u32 l = 0; l < bucket_bits; l++) sums[1 + l] = source[bucket_bits - l];
}

// Σ_w 2^(w·window_bits)·(T_w + Σ_l 2^l·O_(w,l)), bit by bit from the top, in the order of sum_buckets.
void EXPORT(CN(combine_windows))(POINT *result, const POINT *sums, u32 window_count, u32 window_bits) {
  JOIN(CURVE, jacobian) total = {CO(zero_element), CO(zero_element), CO(zero_element)};
  for (u32 w = window_count; w-- > 0;) {
    const POINT *window = sums + w * window_bits;
    for (u32 bit = window_bits; bit-- > 0;) {
      CN(jacobian_double)(&total);
      if (bit + 1 < window_bits) CN(jacobian_add)(&total, &window[1 + bit]);
    }
    CN(jacobian_add)(&total, &window[0]);
  }
  CN(to_affine)(result, &total);
}
