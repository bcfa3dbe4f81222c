// A vector of the scalar field, as transforms work on it: units of UNIT_ENTRIES entries that one step treats alike. Here a
// unit is an element in limbs.
//
// Entries are below 2.5p. unit_add and unit_subtract take and give more, as each says; unit_times and unit_tighten bring
// their results back below it.

typedef fr unit;
#define UNIT_ENTRIES 1

INLINE void unit_add(unit *result, const unit *a, const unit *b) { fr_add(result, a, b); }

// a - b + 5p. Takes b below 5p.
INLINE void unit_subtract(unit *result, const unit *a, const unit *b) { fr_sub(result, a, b, 5); }

// Before a product of a difference of sums.
INLINE void unit_narrow(unit *a) { (void)a; }

// Takes operands below x·p and y·p with x·y <= 40, gives below 2.3p.
INLINE void unit_times(unit *result, const unit *a, const unit *b) { fr_times(result, a, b); }

INLINE void unit_tighten(unit *result, const unit *a) { fr_tighten(result, a); }

// The first transform within a unit: there is none within one element.
INLINE void unit_transform(unit *a) { (void)a; }

// Whether all of the entries' factors are 1 where that of the first is: then no product is needed.
#define IS_UNIT_FACTOR(j) ((j) == 0)

// An entry from x·R below 64p, and to it.
INLINE void write_entry(unit *vector, u32 index, const fr *value) { fr_tighten(&vector[index], value); }

INLINE void read_entry(fr *value, const unit *vector, u32 index) { *value = vector[index]; }

// a·b - c of each entry of a unit, plain canonical words.
INLINE void join_unit(u32 *words, const unit *a, const unit *b, const unit *c) {
  fr t;
  fr_times(&t, a, b);
  fr_sub(&t, &t, c, 3);
  fr_from_montgomery(&t, &t);
  fr_pack(words, &t);
}

// The radix of rows' values: 2^(512 + ROW_SHIFT) / 2^261 times a plain wire is 2^261.
#define ROW_SHIFT 10

// The value of a row, as evaluate_rows sums it up.
INLINE void write_row(unit *vector, u32 row, const fr *value) { vector[row] = *value; }
