// Multi-scalar multiplication: Σ scalar_j·point_j by buckets (Pippenger). Included for each group after batch.h.
//
// Scalars are recoded into signed digits of `window_bits` bits, so that Σ_w 2^(w·window_bits)·digit_(j,w) = scalar_j.
// For one window, bucket b holds the sum S_b of the points whose digit is b + 1, less those whose digit is -(b + 1);
// the window's sum is Σ (b + 1)·S_b. Digits 0 cost nothing, and a scalar 1 one addition.
//
// Points are sorted by bucket first. Then each bucket's points are added in pairs, the results in pairs, and so on:
// every level of such a tree, over many buckets, is one batch.

static CN(bucket) CN(chunk_points)[2][CHUNK_POINTS];
static CN(bucket) CN(halves)[1 << MAX_BUCKET_BITS];

// Points lie anywhere in the key. Reading one word of each of the next few first lets the processor wait for all of
// these cache lines at once, and not for one after the other.
static KEEP void CN(load_entries)(CN(bucket) * target, const JOIN(CURVE, packed) * points, const u32 *entries, u32 count) {
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
static KEEP void CN(reduce_runs)(CN(bucket) * buckets, u32 run_count) {
  CN(bucket) *source = CN(chunk_points)[0];
  CN(bucket) *target = CN(chunk_points)[1];
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
    CN(bucket) *swapped = source;
    source = target;
    target = swapped;
    run_count = kept_runs;
  }
}

// Fills the buckets of one window from its sorted entries; ends[b] is where the entries of bucket b end.
void EXPORT(CN(fill_buckets))(CN(bucket) * buckets, u32 bucket_count, const u32 *ends, const u32 *entries,
                              const JOIN(CURVE, packed) * points) {
  for (u32 b = 0; b < bucket_count; b++) CN(empty_bucket)(&buckets[b]);
  const u32 entry_count = ends[bucket_count - 1];
  CN(bucket) *chunk = CN(chunk_points)[0];
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

// The points that buckets hold.
void EXPORT(CN(read_buckets))(POINT *points, const CN(bucket) * buckets, u32 count) {
  for (u32 i = 0; i < count; i++) CN(read_bucket)(&points[i], &buckets[i]);
}

// target[k] = source[2k] + source[2k + 1]. The arrays do not overlap.
static KEEP void CN(add_neighbours)(CN(bucket) * target, const CN(bucket) * source, u32 count) {
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

// The same for points, at most 2^MAX_BUCKET_BITS of them: for the tests.
void EXPORT(CN(add_each))(POINT *target, const POINT *source, u32 count) {
  CN(bucket) *sums = CN(chunk_points)[0];
  for (u32 i = 0; i < 2 * count; i++) CN(write_bucket)(&CN(halves)[i], &source[i]);
  CN(add_neighbours)(sums, CN(halves), count);
  for (u32 i = 0; i < count; i++) CN(read_bucket)(&target[i], &sums[i]);
}

// The sum of one window, as its parts: T = Σ S_b and O_l = Σ S_b over the b with bit l set, for then
// Σ (b + 1)·S_b = T + Σ_l 2^l·O_l. Gives T, O_0, O_1, … in `sums`: bucket_bits + 1 points. Overwrites the buckets.
//
// Step l halves l + 1 arrays: T and O_0 … O_(l-1), each by adding neighbours; the odd entries of T, before they are
// added to their neighbours, become O_l. All in all two additions a bucket, in large batches.
void EXPORT(CN(sum_buckets))(POINT *sums, CN(bucket) * buckets, u32 bucket_bits) {
  CN(bucket) *source = buckets;
  CN(bucket) *target = CN(halves);
  for (u32 level = 0; level < bucket_bits; level++) {
    const u32 half = 1u << (bucket_bits - level - 1);
    CN(add_neighbours)(target, source, half);
    for (u32 j = 0; j < half; j++) target[half + j] = source[2 * j + 1];
    CN(add_neighbours)(target + 2 * half, source + 2 * half, level * half);
    CN(bucket) *swapped = source;
    source = target;
    target = swapped;
  }
  // The newest O stands first.
  CN(read_bucket)(&sums[0], &source[0]);
  for (u32 l = 0; l < bucket_bits; l++) CN(read_bucket)(&sums[1 + l], &source[bucket_bits - l]);
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
