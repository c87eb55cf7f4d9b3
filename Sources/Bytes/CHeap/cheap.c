#include "cheap.h"

_Atomic(bool) larder_exact = false;
