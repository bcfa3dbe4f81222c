// A vector of the scalar field, as transforms work on it: units of UNIT_ENTRIES entries that one step treats alike. Here a
// unit is two elements side by side, in the floating-point limbs of lanes.h.
//
// Entries are between -1.21p and 1.21p. Factors are between -p/2 and p/2, so that the product with a difference of two
// entries is below (0.379·2.42/2 + 0.75)·p < 1.21p; sums and differences of four are below 7p, which unit_tighten
// takes, and gives between -0.51p and 0.51p.

typedef fr_two unit;
#define UNIT_ENTRIES 2

INLINE void unit_add(unit *result, const unit *a, const unit *b) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) result->limb[i] = a->limb[i] + b->limb[i];
}

INLINE void unit_subtract(unit *result, const unit *a, const unit *b) { fr_two_sub(result, a, b); }

// Before a product of a difference of sums: its limbs are wider than a product takes.
INLINE void unit_narrow(unit *a) { fr_two_tighten(a, a); }

static KEEP void unit_times(unit *result, const unit *a, const unit *b) { fr_two_mul(result, a, b); }

INLINE void unit_tighten(unit *result, const unit *a) { fr_two_tighten(result, a); }

// (a, b) -> (a + b, a - b) within a unit: halves of length 1, whose only factor is 1.
INLINE void unit_transform(unit *a) {
  unit sums;
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) {
    const lanes first = __builtin_shufflevector(a->limb[i], a->limb[i], 0, 0);
    const lanes second = __builtin_shufflevector(a->limb[i], -a->limb[i], 1, 3);
    sums.limb[i] = first + second;
  }
  fr_two_tighten(a, &sums);
}

// Whether all of the entries' factors are 1 where that of the first is: that of the second is not.
#define IS_UNIT_FACTOR(j) 0

INLINE void put_spread(unit *vector, u32 index, const fr_spread *value) {
  double *limbs = (double *)&vector[index / 2];
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) limbs[2 * i + index % 2] = value->limb[i];
}

INLINE void get_spread(fr_spread *value, const unit *vector, u32 index) {
  const double *limbs = (const double *)&vector[index / 2];
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) value->limb[i] = limbs[2 * i + index % 2];
}

// An entry from x·R below 64p, and to it.
static KEEP void write_entry(unit *vector, u32 index, const fr *value) {
  fr_spread spread;
  fr_to_spread(&spread, value);
  put_spread(vector, index, &spread);
}

static KEEP void read_entry(fr *value, const unit *vector, u32 index) {
  fr_spread spread;
  get_spread(&spread, vector, index);
  fr_from_spread(value, &spread);
}

// a·b - c of each entry of a unit, plain canonical words. Takes tight operands: the difference is below 1.4p, and times
// 2^-255 it is between -0.76p and 0.76p.
static KEEP void join_unit(u32 *words, const unit *a, const unit *b, const unit *c) {
  unit t, one;
  unit_times(&t, a, b);
  unit_subtract(&t, &t, c);
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) one.limb[i] = BOTH(i == 0);
  unit_times(&t, &t, &one);
  for (u32 entry = 0; entry < UNIT_ENTRIES; entry++) {
    fr_spread spread;
    fr residue;
    get_spread(&spread, &t, entry);
    fr_spread_residue(&residue, &spread);
    fr_canonical(&residue, &residue);
    fr_pack(words + entry * WORDS, &residue);
  }
}

// The radix of rows' values: 2^(512 + ROW_SHIFT) / 2^261 times a plain wire is 2^255.
#define ROW_SHIFT 4

// The value of a row, as evaluate_rows sums it up: it is in the lanes' radix already.
static KEEP void write_row(unit *vector, u32 row, const fr *value) {
  u32 words[WORDS];
  fr_spread spread;
  fr_balance(words, value);
  fr_spread_unpack(&spread, words);
  put_spread(vector, row, &spread);
}
