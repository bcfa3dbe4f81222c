// Poseidon over the scalar field for 16 inputs, in its form with sparse matrices (circomlibjs, poseidon_opt.js): 4 full
// rounds, of which the last takes another matrix, 68 partial rounds, 4 full rounds. Included after the fields.
//
// The state of 17 elements is nine pairs, the last with a 0, and so are constants: a table of pairs in the order
//   C  eight rows of nine: added before the first round, and after x^5 in each full round but the last
//   M, P  nine rows of 17: row i has the factors of element j for outputs 2i and 2i + 1
//   K  68 pairs (c, 0): added after x^5 in each partial round
//   S  68 times nine and nine: the factors of all elements for the first output, then those of the first element for
//      all other outputs, with 0 in its own.

#define POSEIDON_WIDTH 17
#define POSEIDON_PAIRS 9
#define POSEIDON_PARTIAL_ROUNDS 68
#define POSEIDON_RATE 15

#ifdef RELAXED_SIMD

typedef fr_two pair;

static KEEP void pair_square(pair *result, const pair *a) { fr_two_sqr(result, a); }

static KEEP void pair_multiply(pair *result, const pair *a, const pair *b) { fr_two_mul(result, a, b); }

static KEEP void pair_add(pair *result, const pair *a, const pair *b) {
  pair sum;
  UNROLL for (int i = 0; i < LANE_LIMBS; i++) sum.limb[i] = a->limb[i] + b->limb[i];
  fr_two_tighten(result, &sum);
}

// Both lanes of a pair what lane `lane` of another is.
INLINE void pair_spread(pair *result, const pair *a, u32 lane) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++)
    result->limb[i] = lane == 0 ? __builtin_shufflevector(a->limb[i], a->limb[i], 0, 0)
                                : __builtin_shufflevector(a->limb[i], a->limb[i], 1, 1);
}

// The first lane of `first`, and the second of `second`.
INLINE void pair_join(pair *result, const pair *first, const pair *second) {
  UNROLL for (int i = 0; i < LANE_LIMBS; i++)
    result->limb[i] = __builtin_shufflevector(first->limb[i], second->limb[i], 0, 3);
}

// Products of tight elements below 0.51p: 17 of them are below 4.5p², which one reduction takes.
static KEEP void add_product(fr_two_columns *sum, const pair *a, const pair *b) { fr_two_add_product(sum, a, b); }

static KEEP void reduce_products(pair *result, fr_two_columns *sum) {
  pair reduced;
  fr_two_reduce(&reduced, sum);
  fr_two_tighten(result, &reduced);
}

// Two elements of a matrix times the state.
static KEEP void multiply_row(pair *result, const pair *row, const pair *state) {
  fr_two_columns sum;
  fr_two_start(&sum, POSEIDON_WIDTH, 0);
  for (u32 j = 0; j < POSEIDON_WIDTH; j++) {
    pair element;
    if (j % 2 == 0)
      pair_spread(&element, &state[j / 2], 0);
    else
      pair_spread(&element, &state[j / 2], 1);
    add_product(&sum, &row[j], &element);
  }
  reduce_products(result, &sum);
}

// The sum of all products of two lists of pairs, in both lanes.
static KEEP void multiply_pairs(pair *result, const pair *a, const pair *b) {
  fr_two_columns sum;
  pair halves, other;
  fr_two_start(&sum, POSEIDON_PAIRS, 0);
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) add_product(&sum, &a[i], &b[i]);
  reduce_products(&halves, &sum);
  pair_spread(&other, &halves, 1);
  pair_spread(&halves, &halves, 0);
  pair_add(result, &halves, &other);
}

static KEEP void read_pair(pair *result, const u32 *words) {
  fr_spread spread[2];
  for (int lane = 0; lane < 2; lane++) {
    fr element;
    fr_unpack(&element, words + lane * WORDS);
    fr_to_montgomery(&element, &element);
    fr_to_spread(&spread[lane], &element);
  }
  fr_two_load(result, &spread[0], &spread[1]);
}

static KEEP void write_first(u32 *words, const pair *a) {
  fr_spread spread[2];
  fr element;
  fr_two_store(&spread[0], &spread[1], a);
  fr_from_spread(&element, &spread[0]);
  fr_from_montgomery(&element, &element);
  fr_pack(words, &element);
}

#else

typedef struct {
  fr lane[2];
} pair;

static KEEP void pair_square(pair *result, const pair *a) {
  for (int i = 0; i < 2; i++) fr_times(&result->lane[i], &a->lane[i], &a->lane[i]);
}

static KEEP void pair_multiply(pair *result, const pair *a, const pair *b) {
  for (int i = 0; i < 2; i++) fr_times(&result->lane[i], &a->lane[i], &b->lane[i]);
}

static KEEP void pair_add(pair *result, const pair *a, const pair *b) {
  for (int i = 0; i < 2; i++) {
    fr sum;
    fr_add(&sum, &a->lane[i], &b->lane[i]);
    fr_tighten(&result->lane[i], &sum);
  }
}

INLINE void pair_join(pair *result, const pair *first, const pair *second) {
  result->lane[0] = first->lane[0];
  result->lane[1] = second->lane[1];
}

INLINE void pair_spread(pair *result, const pair *a, u32 lane) {
  const fr element = a->lane[lane];
  result->lane[0] = element;
  result->lane[1] = element;
}

// Two products with one reduction; sums of nine are below 27p.
static KEEP void multiply_row(pair *result, const pair *row, const pair *state) {
  for (int i = 0; i < 2; i++) {
    fr sum, product;
    fr_times(&sum, &row[POSEIDON_WIDTH - 1].lane[i], &state[POSEIDON_PAIRS - 1].lane[0]);
    for (u32 j = 0; j + 1 < POSEIDON_PAIRS; j++) {
      fr_sum_of_products(&product, &row[2 * j].lane[i], &state[j].lane[0], &row[2 * j + 1].lane[i], &state[j].lane[1]);
      fr_add(&sum, &sum, &product);
    }
    fr_tighten(&result->lane[i], &sum);
  }
}

static KEEP void multiply_pairs(pair *result, const pair *a, const pair *b) {
  fr sum = fr_zero_element, product;
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) {
    fr_sum_of_products(&product, &a[i].lane[0], &b[i].lane[0], &a[i].lane[1], &b[i].lane[1]);
    fr_add(&sum, &sum, &product);
  }
  fr_tighten(&sum, &sum);
  result->lane[0] = sum;
  result->lane[1] = sum;
}

static KEEP void read_pair(pair *result, const u32 *words) {
  for (int i = 0; i < 2; i++) {
    fr_unpack(&result->lane[i], words + i * WORDS);
    fr_to_montgomery(&result->lane[i], &result->lane[i]);
  }
}

static KEEP void write_first(u32 *words, const pair *a) {
  fr element;
  fr_from_montgomery(&element, &a->lane[0]);
  fr_pack(words, &element);
}

#endif

static pair poseidon_state[POSEIDON_PAIRS];

// x^5 + c of both elements.
static KEEP void raise_pair(pair *value, const pair *constant) {
  pair power;
  pair_square(&power, value);
  pair_square(&power, &power);
  pair_multiply(&power, value, &power);
  pair_add(value, &power, constant);
}

static KEEP void mix_state(pair *state, const pair *matrix) {
  pair mixed[POSEIDON_PAIRS];
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) multiply_row(&mixed[i], matrix + i * POSEIDON_WIDTH, state);
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) state[i] = mixed[i];
}

static KEEP void full_round(pair *state, const pair *constants, const pair *matrix) {
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) raise_pair(&state[i], &constants[i]);
  mix_state(state, matrix);
}

static KEEP void partial_round(pair *state, const pair *constant, const pair *factors) {
  pair first = state[0], sum, spread, product;
  raise_pair(&first, constant);
  pair_join(&state[0], &first, &state[0]);
  multiply_pairs(&sum, state, factors);
  pair_spread(&spread, &state[0], 0);
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) {
    pair_multiply(&product, &factors[POSEIDON_PAIRS + i], &spread);
    pair_add(&state[i], &state[i], &product);
  }
  pair_join(&state[0], &sum, &state[0]);
}

static KEEP void permute(pair *state, const pair *table) {
  const pair *c = table, *m = c + 8 * POSEIDON_PAIRS, *p = m + POSEIDON_PAIRS * POSEIDON_WIDTH;
  const pair *k = p + POSEIDON_PAIRS * POSEIDON_WIDTH, *s = k + POSEIDON_PARTIAL_ROUNDS;
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) pair_add(&state[i], &state[i], &c[i]);
  for (u32 round = 1; round <= 4; round++) full_round(state, c + round * POSEIDON_PAIRS, round == 4 ? p : m);
  for (u32 round = 0; round < POSEIDON_PARTIAL_ROUNDS; round++)
    partial_round(state, &k[round], s + 2 * POSEIDON_PAIRS * round);
  for (u32 round = 5; round <= 7; round++) full_round(state, c + round * POSEIDON_PAIRS, m);
  pair none;
  const u32 zeros[2 * WORDS] = {0};
  read_pair(&none, zeros);
  for (u32 i = 0; i < POSEIDON_PAIRS; i++) raise_pair(&state[i], &none);
  mix_state(state, m);
}

// Plain words, any values below 2^256, to a table of `count` pairs.
void EXPORT(poseidon_import)(pair *table, const u32 *words, u32 count) {
  for (u32 i = 0; i < count; i++) read_pair(&table[i], words + 2 * i * WORDS);
}

// For each block of 15 values h = H_16(h, values), plain words all of them; h is given and taken in `hash`.
void EXPORT(poseidon_sponge)(u32 *hash, const u32 *values, u32 block_count, const pair *table) {
  // 0, h and the values of a block, and a 0 that makes the last pair whole.
  u32 words[2 * POSEIDON_PAIRS * WORDS] = {0};
  for (u32 block = 0; block < block_count; block++) {
    memcpy(words + WORDS, hash, 4 * WORDS);
    memcpy(words + 2 * WORDS, values + block * POSEIDON_RATE * WORDS, 4 * POSEIDON_RATE * WORDS);
    for (u32 i = 0; i < POSEIDON_PAIRS; i++) read_pair(&poseidon_state[i], words + 2 * i * WORDS);
    permute(poseidon_state, table);
    write_first(hash, &poseidon_state[0]);
  }
}
