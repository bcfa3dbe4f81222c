// batch.h for machines with relaxed SIMD: the same loops over two pairs at a time. Pair k of a batch lies in lane k mod 2
// of element k / 2 of each array; a batch of an odd number of pairs makes the last of them twice.
//
// What buckets hold is tight: see lanes.h. (0, 0), exactly, is infinity.

typedef struct {
  JOIN(COORD, spread) x, y;
} CN(bucket);

static JOIN(COORD, two) CN(slopes)[MAX_PAIRS / 2];

#define SPREAD_PART(coordinate, part) (((fp_spread *)(coordinate)) + (part))
#define CONST_SPREAD_PART(coordinate, part) (((const fp_spread *)(coordinate)) + (part))
#define TWO_PART(coordinate, part) (((fp_two *)(coordinate)) + (part))

static KEEP void CN(read_bucket)(POINT *p, const CN(bucket) * bucket) {
  for (int part = 0; part < 2 * COORD_PARTS; part++)
    fp_from_spread(PART(&p->x, part), CONST_SPREAD_PART(&bucket->x, part));
}

INLINE void CN(empty_bucket)(CN(bucket) * bucket) {
  UNROLL for (int part = 0; part < 2 * COORD_PARTS; part++) {
    UNROLL for (int i = 0; i < LANE_LIMBS; i++) SPREAD_PART(&bucket->x, part)->limb[i] = 0;
  }
}

static KEEP void CN(write_bucket)(CN(bucket) * bucket, const POINT *p) {
  if (CN(is_infinity)(p)) {
    CN(empty_bucket)(bucket);
    return;
  }
  for (int part = 0; part < 2 * COORD_PARTS; part++)
    fp_to_spread(SPREAD_PART(&bucket->x, part), CONST_PART(&p->x, part));
}

// The point of a sorted entry `index·2 + sign`; the sign changes that of y.
INLINE void CN(load_entry)(CN(bucket) * p, const JOIN(CURVE, packed) * points, u32 entry) {
  const u32 *words = points[entry >> 1].words;
  const double sign = 1 - 2 * (double)(int)(entry & 1);
  UNROLL for (int part = 0; part < COORD_PARTS; part++) {
    fp_spread_unpack(SPREAD_PART(&p->x, part), words + part * WORDS);
    fp_spread y;
    fp_spread_unpack(&y, words + (COORD_PARTS + part) * WORDS);
    UNROLL for (int i = 0; i < LANE_LIMBS; i++) SPREAD_PART(&p->y, part)->limb[i] = y.limb[i] * sign;
  }
}

// The two pairs from pair k on.
typedef struct {
  const CN(bucket) * p0, *q0, *p1, *q1;
} CN(pairs);

INLINE CN(pairs) CN(find_pairs)(const CN(bucket) * source, u32 k) {
  const CN(bucket) *p0 = &source[pair_source[k]], *p1 = &source[pair_source[k + 1]];
  const CN(pairs) pairs = {p0, p0 + 1, p1, p1 + 1};
  return pairs;
}

// x_Q - x_P.
INLINE void CN(find_denominators)(JOIN(COORD, two) * result, const CN(pairs) * pairs) {
  JOIN(COORD, two) p, q;
  CO(two_load)(&p, &pairs->p0->x, &pairs->p1->x);
  CO(two_load)(&q, &pairs->q0->x, &pairs->q1->x);
  CO(two_sub)(result, &q, &p);
#if COORD_PARTS > 1
  CO(two_tighten)(result, result);
#endif
}

static KEEP void CN(put_lane)(JOIN(COORD, two) * target, u32 lane, const COORD *value) {
  for (int part = 0; part < COORD_PARTS; part++) {
    fp_spread spread;
    fp_to_spread(&spread, CONST_PART(value, part));
    for (int i = 0; i < LANE_LIMBS; i++) ((double *)&TWO_PART(target, part)->limb[i])[lane] = spread.limb[i];
  }
}

// Looks at two pairs closely, of which one may be special. Returns whether one is.
static KEEP u32 CN(prepare_special)(JOIN(COORD, two) * denominators, const CN(pairs) * pairs, u32 k) {
  u32 found = 0;
  for (u32 lane = 0; lane < 2; lane++) {
    POINT p, q;
    COORD denominator;
    CN(read_bucket)(&p, lane ? pairs->p1 : pairs->p0);
    CN(read_bucket)(&q, lane ? pairs->q1 : pairs->q0);
    CO(sub)(&denominator, &q.x, &p.x, 2);
    pair_kind[k + lane] = (u8)CN(classify)(&denominator, &p, &q);
    if (pair_kind[k + lane] != CN(KIND_ADD)) CN(put_lane)(denominators, lane, &denominator);
    found |= pair_kind[k + lane];
  }
  return found;
}

INLINE int CN(may_be_infinity)(const CN(bucket) * a, const CN(bucket) * b) {
  return (CONST_SPREAD_PART(&a->x, 0)->limb[0] == 0 && CONST_SPREAD_PART(&a->y, 0)->limb[0] == 0) ||
         (CONST_SPREAD_PART(&b->x, 0)->limb[0] == 0 && CONST_SPREAD_PART(&b->y, 0)->limb[0] == 0);
}

static KEEP u32 CN(prepare_pairs)(const CN(bucket) * source, u32 count) {
  u32 found = 0;
  for (u32 k = 0; k < count; k += 2) {
    const CN(pairs) pairs = CN(find_pairs)(source, k);
    JOIN(COORD, two) denominators;
    CN(find_denominators)(&denominators, &pairs);
    pair_kind[k] = pair_kind[k + 1] = CN(KIND_ADD);
    const int may_be_special = fp_two_may_be_zero(TWO_PART(&denominators, 0)) ||
                               CN(may_be_infinity)(pairs.p0, pairs.p1) || CN(may_be_infinity)(pairs.q0, pairs.q1);
    if (__builtin_expect(may_be_special, 0)) found |= CN(prepare_special)(&denominators, &pairs, k);
    CO(two_norm)(&pair_norm[k / 2], &denominators);
  }
  return found;
}

#ifndef INVERT_NORMS
#define INVERT_NORMS
// Products of every other element: total[0] of those at the even places, total[1] of the others. A chain of products
// waits for each one to end; two chains wait half as long.
static KEEP void multiply_prefixes(fp_two *total, u32 count) {
  fp_two product = total[0], other = total[1], next;
  for (u32 k = 0; k < count; k++) {
    pair_prefix[k] = product;
    fp_two_mul(&next, &product, &pair_norm[k]);
    product = other;
    other = next;
  }
  total[count & 1] = product;
  total[1 - (count & 1)] = other;
}

static KEEP void multiply_suffixes(const fp_two *total_inverse, u32 count) {
  fp_two product = total_inverse[1 - (count & 1)], other = total_inverse[count & 1], next;
  for (u32 k = count; k-- > 0;) {
    pair_suffix[k] = product;
    fp_two_mul(&next, &product, &pair_norm[k]);
    product = other;
    other = next;
  }
}

static KEEP void join_products(u32 count) {
  for (u32 k = 0; k < count; k++) fp_two_mul(&pair_norm[k], &pair_prefix[k], &pair_suffix[k]);
}

// Inverts both lanes with one inversion.
static KEEP void invert_lanes(fp_two *value) {
  fp_spread spread[2];
  fp element[2], product;
  fp_two_store(&spread[0], &spread[1], value);
  for (int lane = 0; lane < 2; lane++) fp_from_spread(&element[lane], &spread[lane]);
  fp_times(&product, &element[0], &element[1]);
  fp_invert(&product, &product);
  for (int lane = 0; lane < 2; lane++) {
    fp inverse;
    fp_times(&inverse, &product, &element[1 - lane]);
    fp_to_spread(&spread[lane], &inverse);
  }
  fp_two_load(value, &spread[0], &spread[1]);
}

// Inverts pair_norm[0 … count) in place; none may be 0.
static void invert_norms(u32 count) {
  fp one;
  fp_spread spread;
  fp_two total[2], inverse[2], product;
  fp_one(&one);
  fp_to_spread(&spread, &one);
  fp_two_load(&total[0], &spread, &spread);
  total[1] = total[0];
  multiply_prefixes(total, count);
  fp_two_times(&product, &total[0], &total[1]);
  invert_lanes(&product);
  fp_two_times(&inverse[0], &product, &total[1]);
  fp_two_times(&inverse[1], &product, &total[0]);
  multiply_suffixes(inverse, count);
  join_products(count);
}
#endif

static KEEP void CN(find_slopes)(const CN(bucket) * source, u32 count) {
  for (u32 k = 0; k < count; k += 2) {
    const CN(pairs) pairs = CN(find_pairs)(source, k);
    JOIN(COORD, two) p, q, denominators, inverses;
    CN(find_denominators)(&denominators, &pairs);
    CO(two_divide)(&inverses, &denominators, &pair_norm[k / 2]);
    CO(two_load)(&p, &pairs.p0->y, &pairs.p1->y);
    CO(two_load)(&q, &pairs.q0->y, &pairs.q1->y);
    CO(two_sub)(&q, &q, &p);
    CO(two_mul)(&CN(slopes)[k / 2], &q, &inverses);
#if COORD_PARTS > 1
    CO(two_tighten)(&CN(slopes)[k / 2], &CN(slopes)[k / 2]);
#endif
  }
}

static KEEP void CN(find_x)(CN(bucket) * target, const CN(bucket) * source, u32 count) {
  for (u32 k = 0; k < count; k += 2) {
    const CN(pairs) pairs = CN(find_pairs)(source, k);
    JOIN(COORD, two) p, q, x;
    CO(two_sqr)(&x, &CN(slopes)[k / 2]);
    CO(two_load)(&p, &pairs.p0->x, &pairs.p1->x);
    CO(two_load)(&q, &pairs.q0->x, &pairs.q1->x);
    CO(two_sub)(&x, &x, &p);
    CO(two_sub)(&x, &x, &q);
    CO(two_tighten)(&x, &x);
    CO(two_store)(&target[pair_target[k]].x, &target[pair_target[k + 1]].x, &x);
  }
}

static KEEP void CN(find_y)(CN(bucket) * target, const CN(bucket) * source, u32 count) {
  for (u32 k = 0; k < count; k += 2) {
    const CN(pairs) pairs = CN(find_pairs)(source, k);
    CN(bucket) *sum0 = &target[pair_target[k]], *sum1 = &target[pair_target[k + 1]];
    JOIN(COORD, two) p, x, y;
    CO(two_load)(&p, &pairs.p0->x, &pairs.p1->x);
    CO(two_load)(&x, &sum0->x, &sum1->x);
    CO(two_sub)(&x, &p, &x);
    CO(two_mul)(&y, &x, &CN(slopes)[k / 2]);
    CO(two_load)(&p, &pairs.p0->y, &pairs.p1->y);
    CO(two_sub)(&y, &y, &p);
    CO(two_tighten)(&y, &y);
    CO(two_store)(&sum0->y, &sum1->y, &y);
  }
}

// The slopes of tangents.
static KEEP void CN(find_tangents)(const CN(bucket) * source, u32 count) {
  for (u32 k = 0; k < count; k++) {
    if (pair_kind[k] != CN(KIND_DOUBLE)) continue;
    POINT p;
    COORD denominator, numerator, slope;
    fp norm_inverse;
    fp_spread norms[2];
    CN(read_bucket)(&p, &source[pair_source[k]]);
    fp_two_store(&norms[0], &norms[1], &pair_norm[k / 2]);
    fp_from_spread(&norm_inverse, &norms[k & 1]);
    CN(plus)(&denominator, &p.y, &p.y);
    CN(tangent)(&numerator, &p);
    CO(divide)(&slope, &denominator, &norm_inverse);
    CN(times)(&slope, &numerator, &slope);
    CN(put_lane)(&CN(slopes)[k / 2], k & 1, &slope);
  }
}

// Sums that are infinity, or one of the two points.
static KEEP void CN(finish_special)(CN(bucket) * target, const CN(bucket) * source, u32 count) {
  for (u32 k = 0; k < count; k++) {
    const CN(bucket) *p = &source[pair_source[k]];
    CN(bucket) *sum = &target[pair_target[k]];
    if (pair_kind[k] == CN(KIND_CANCEL)) CN(empty_bucket)(sum);
    if (pair_kind[k] == CN(KIND_FIRST)) *sum = *p;
    if (pair_kind[k] == CN(KIND_SECOND)) *sum = *(p + 1);
  }
}

// target[pair_target[k]] = source[pair_source[k]] + source[pair_source[k] + 1] for each of the `count` pairs listed.
// No target may be a source.
static void CN(add_pairs)(CN(bucket) * target, const CN(bucket) * source, u32 count) {
  const u32 even = (count + 1) & ~1u;
  if (even > count) {
    pair_source[count] = pair_source[count - 1];
    pair_target[count] = pair_target[count - 1];
  }
  const u32 is_special = CN(prepare_pairs)(source, even);
  invert_norms(even / 2);
  CN(find_slopes)(source, even);
  if (is_special) CN(find_tangents)(source, even);
  CN(find_x)(target, source, even);
  CN(find_y)(target, source, even);
  if (is_special) CN(finish_special)(target, source, even);
}
