// The Swift module of the C library leaves epoll out; this one holds nothing else.
#pragma once
#include <sys/epoll.h>
