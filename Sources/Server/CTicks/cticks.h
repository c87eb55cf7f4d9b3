// Swift has no word for the processor's own counter; this module holds nothing else.
#pragma once

// The counter of the processor, or always 0 where none is known to count evenly.
static inline unsigned long long larder_ticks(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
}
