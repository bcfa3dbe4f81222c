// The proving kernel: fields, curves, multi-scalar multiplication and transforms for Groth16 over BN254, as one
// WebAssembly module without imports. Constants are checked against their definition by the tests.
#include "kernel.h"

#define LIMBS 9
#define LIMB_BITS 29
#define LIMB_MASK 0x1fffffffu
#define COLUMNS (2 * LIMBS - 1)
#define WORDS 8
#define SCALAR_BITS 254

// The base field, of coordinates.
#define FIELD fp
#define MODULUS \
  {0x187cfd47, 0x10460b6, 0x1c72a34f, 0x2d522d0, 0x1585d978, 0x2db40c0, 0xa6e141, 0xe5c2634, 0x30644e}
#define NEGATED_INVERSE 0x4866389u
#define LIMB_INVERSE \
  {0x17789a9f, 0x5ffc3dc, 0xd6bde42, 0x1cf152e3, 0x18eb055f, 0xed815e2, 0x16626d2, 0xb8bab0f, 0x6d7c4}
#define MONTGOMERY_SQUARE \
  {0x59bac10, 0xd1503a3, 0x18016b8, 0x10ab0ca8, 0x2632639, 0x2c0169f, 0x169bfd53, 0x11869d4c, 0x2a11a6}
#define LANE_MODULUS \
  {154029749239111, 612489067865988, -557033797581398, 22935798733633, 851317936231194}
#define LANE_LIMB_INVERSE \
  {324664056633514, 96566577995231, 1117491690367775, 134030102137171, 215951800464420}
#define LANE_NEGATED_INVERSE 571208714576777.0
#define LANE_RADIX \
  {0xf060572, 0x1df73e92, 0x71ab961, 0x1a55ba5e, 0x14f44d0f, 0x1a497e7e, 0x1eb23d7d, 0x347b397, 0x1f3763}
#include "field.h"
#include "invert.h"
#include "single.h"
#ifdef RELAXED_SIMD
#include "lanes.h"
#endif
#include "field-end.h"

// The scalar field, of witnesses and polynomials.
#define FIELD fr
#define MODULUS \
  {0x10000001, 0x1f0fac9f, 0xe5c2450, 0x7d090f3, 0x1585d283, 0x2db40c0, 0xa6e141, 0xe5c2634, 0x30644e}
#define NEGATED_INVERSE 0xfffffffu
#define LIMB_INVERSE \
  {0x18f05361, 0x12bb1fe, 0xf5d8135, 0x1e6275f6, 0x7e7a880, 0x10c6bf1f, 0x11f74a6c, 0x6fdaecb, 0x183227}
#define MONTGOMERY_SQUARE \
  {0x5b69bd4, 0x6170a5a, 0x20cddce, 0x1db6310b, 0xe54d0ff, 0x1cf855e3, 0x1c15e103, 0x7d09161, 0xa054a}
#define LANE_MODULUS \
  {551490712240129, 298204647270524, -557033826758751, 22935798733633, 851317936231194}
#define LANE_LIMB_INVERSE \
  {102016710444964, -477029361072262, 624454531360320, -269735390174723, 208497190621298}
#define LANE_NEGATED_INVERSE 551490712240127.0
#define LANE_RADIX \
  {0x1ffffffe, 0x1e0a6c0, 0x347b75e, 0x105ede19, 0x14f45af9, 0x1a497e7e, 0x1eb23d7d, 0x347b397, 0x1f3763}
#include "field.h"
#include "invert.h"
#include "single.h"
#ifdef RELAXED_SIMD
#include "lanes.h"
#endif
#include "field-end.h"

#include "fp2.h"

void EXPORT(fp2_multiply)(fp2 *result, const fp2 *a, const fp2 *b) { fp2_mul(result, a, b); }

void EXPORT(fp2_square)(fp2 *result, const fp2 *a) { fp2_sqr(result, a); }

void EXPORT(fp2_find_inverse)(fp2 *result, const fp2 *a) {
  fp norm;
  fp2_norm(&norm, a);
  fp_invert(&norm, &norm);
  fp2_divide(result, a, &norm);
}

#ifdef RELAXED_SIMD
#include "lanes2.h"
#endif

// Points that one level of additions works on: both buffers and the lists stay in the second-level cache.
#define CHUNK_POINTS 4096
#define MAX_PAIRS (CHUNK_POINTS / 2)
#define MAX_BUCKET_BITS 15

// Cache lines that are asked for at once, and where the words read for it go so that the reads are kept.
#define TOUCH_POINTS 64
static volatile u32 touched;

static u32 pair_source[MAX_PAIRS], pair_target[MAX_PAIRS];
static u8 pair_kind[MAX_PAIRS];
#ifdef RELAXED_SIMD
static fp_two pair_norm[MAX_PAIRS / 2], pair_prefix[MAX_PAIRS / 2], pair_suffix[MAX_PAIRS / 2];
#else
static fp pair_norm[MAX_PAIRS], pair_prefix[MAX_PAIRS], pair_suffix[MAX_PAIRS];
#endif
static u32 run_length[CHUNK_POINTS], run_bucket[CHUNK_POINTS];

#define CURVE g1
#define COORD fp
#define COORD_PARTS 1
#include "curve.h"
#include "special.h"
#ifdef RELAXED_SIMD
#include "batch-lanes.h"
#else
#include "batch.h"
#endif
#include "msm.h"
#include "curve-end.h"

#define CURVE g2
#define COORD fp2
#define COORD_PARTS 2
#include "curve.h"
#include "special.h"
#ifdef RELAXED_SIMD
#include "batch-lanes.h"
#else
#include "batch.h"
#endif
#include "msm.h"
#include "curve-end.h"

#include "scalars.h"
#ifdef RELAXED_SIMD
#include "vector-lanes.h"
#else
#include "vector.h"
#endif
#include "ntt.h"
#include "poseidon.h"
#include "qap.h"
