#ifndef LARDER_CSCREEN_H
#define LARDER_CSCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A screen of cells, drawn by ncurses. Nothing of curses' own header is seen here: its hundreds of
// short names would become everybody's, and its variables are shared without protection. All
// functions are to be called by the one thread that has called cscreen_start.
//
// ncurses writes a frame in a hundred small pieces, which is seen as tearing. So it does not write
// to the terminal at all but into a file in memory; the bytes of a frame are handed out whole.

enum {
    CSCREEN_STARTED = 0,
    // TERM is empty or not in the terminal database.
    CSCREEN_UNKNOWN_TERMINAL = 1,
    // The terminal cannot put its cursor anywhere.
    CSCREEN_NO_ADDRESSING = 2,
    // The system gives no file in memory.
    CSCREEN_NO_MEMORY = 3,
    // There is a screen already: ncurses has one per process.
    CSCREEN_TAKEN = 4,
};

// What a style's bits mean: 9 bits for each colour, 0 being the terminal's own and n + 1 the
// colour n of the palette; then the renditions.
enum {
    CSCREEN_BACKGROUND_SHIFT = 9,
    CSCREEN_BOLD = 1 << 18,
    CSCREEN_DIM = 1 << 19,
    CSCREEN_ITALIC = 1 << 20,
    CSCREEN_UNDERLINE = 1 << 21,
    CSCREEN_INVERSE = 1 << 22,
};

// Takes the terminal `name` (NULL: that of TERM). `*colors` is how many it has, 0 for none or
// when `wants_color` is false. Nothing is written yet.
int cscreen_start(const char *name, int height, int width, bool wants_color, int *colors);
void cscreen_resize(int height, int width);
// Puts `count` cells into a row from a column on. A scalar of 0 is the right half of the wide
// character before it.
void cscreen_put_row(
    int row, int column, const uint32_t *scalars, const uint32_t *styles, int count);
// Puts one character with its combining marks.
void cscreen_put_cell(int row, int column, const uint32_t *scalars, int count, uint32_t style);
// Where the cursor is to be; row -1 hides it.
void cscreen_set_cursor(int row, int column);
// The next frame draws everything again.
void cscreen_repaint(void);
// The bytes that make the terminal show what was put; they hold until the next call. Count 0:
// nothing has changed.
size_t cscreen_frame(const uint8_t **bytes);
// The bytes that leave the full screen; the next frame enters it again.
size_t cscreen_leave(const uint8_t **bytes);
// Gives everything back.
void cscreen_stop(void);

// Standard error goes to a file in memory from now on. False when that is not possible.
bool cscreen_capture_errors(int *captured, int *original);
// Standard error is as it was, and what was captured is written to it.
void cscreen_release_errors(void);

// Another opening of the terminal behind `fd`, to which writing never waits; -1 for none.
int cscreen_open_unblocked(int fd);

#endif
