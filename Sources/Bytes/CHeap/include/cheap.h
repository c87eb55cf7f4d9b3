#ifndef LARDER_CHEAP_H
#define LARDER_CHEAP_H

// Glibc's module map leaves <malloc.h> out; the memory ledger needs these two.
#include <malloc.h>
#include <stddef.h>

static inline size_t larder_usable_size(void *block) { return malloc_usable_size(block); }

// Swift has no word for "this will be read soon".
static inline void larder_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
