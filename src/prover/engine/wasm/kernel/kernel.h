// What every part of the kernel shares.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

// A function that TypeScript calls.
#define EXPORT(name) __attribute__((export_name(TEXT(name)))) name
#define TEXT(name) TEXT_(name)
#define TEXT_(name) #name
// A function that stays a function: V8 compiles a hot function anew in the background but never swaps one that is
// running, so that whatever takes long must consist of many calls.
#define KEEP __attribute__((noinline))
// A function that is part of its callers.
#define INLINE static inline __attribute__((always_inline))
// A loop over a handful of limbs, written out.
#define UNROLL _Pragma("clang loop unroll(full)")

// name(fp, mul) with the arguments expanded first: fp_mul.
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

void *memcpy(void *target, const void *source, __SIZE_TYPE__ length) {
  return __builtin_memcpy(target, source, length);
}

void *memset(void *target, int value, __SIZE_TYPE__ length) {
  return __builtin_memset(target, value, length);
}
