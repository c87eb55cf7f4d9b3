#ifndef LARDER_CHEAP_H
#define LARDER_CHEAP_H

// Glibc's module map leaves <malloc.h> out; the memory ledger needs these two.
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static inline size_t larder_usable_size(void *block) { return malloc_usable_size(block); }

// Swift has no word for "this will be read soon".
static inline void larder_prefetch(const void *address) { __builtin_prefetch(address); }

// Whether blocks are cut to size, in the whole process. It is asked for each block, so it is one
// plain load; and whoever has asked for exact blocks has done so before making any.
extern _Atomic(bool) larder_exact;

static inline bool larder_is_exact(void) {
    return atomic_load_explicit(&larder_exact, memory_order_relaxed);
}

static inline void larder_be_exact(void) {
    atomic_store_explicit(&larder_exact, true, memory_order_relaxed);
}

#endif
