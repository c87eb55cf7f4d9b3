#ifndef LARDER_CEDIT_H
#define LARDER_CEDIT_H
#include <histedit.h>
#endif
