#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "cscreen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <term.h>
#include <unistd.h>

static SCREEN *screen;
static TERMINAL *terminal;
static FILE *sink;
static int memory = -1;
static int palette;
static bool shows_cursor, resized, entered;
static uint8_t *frame;
static size_t frame_room;

// Each frame is shown at once where the terminal can.
static const char begins[] = "\033[?2026h", ends[] = "\033[?2026l";
// No margins: the whole screen.
static const char widens[] = "\033[?2026h\033[r";

static bool make_room(size_t count) {
    if (count <= frame_room) return true;
    uint8_t *more = realloc(frame, count);
    if (!more) return false;
    frame = more;
    frame_room = count;
    return true;
}

// Takes what ncurses has written, between the marks of a synchronised update.
static size_t take(const uint8_t **bytes) {
    *bytes = frame;
    fflush(sink);
    struct stat status;
    if (fstat(memory, &status) < 0 || status.st_size <= 0) return 0;
    const char *words = resized && entered ? widens : begins;
    resized = false;
    size_t count = (size_t)status.st_size, before = strlen(words), after = sizeof ends - 1;
    if (!make_room(before + count + after)) return 0;
    memcpy(frame, words, before);
    ssize_t got = pread(memory, frame + before, count, 0);
    if (ftruncate(memory, 0) < 0 || lseek(memory, 0, SEEK_SET) < 0 || got < 0) return 0;
    memcpy(frame + before + got, ends, after);
    *bytes = frame;
    return before + (size_t)got + after;
}

static void leave_it(int number) { (void)number; }

// ncurses would handle SIGTSTP itself, and ignore it while it draws, so that stops got lost. Where
// somebody else handles the signal already it keeps its hands off for good.
static SCREEN *open_screen(const char *name) {
    struct sigaction before, other;
    memset(&other, 0, sizeof other);
    other.sa_handler = leave_it;
    sigaction(SIGTSTP, &other, &before);
    SCREEN *opened = newterm(name, sink, stdin);
    sigaction(SIGTSTP, &before, NULL);
    return opened;
}

int cscreen_start(const char *name, int height, int width, bool wants_color, int *colors) {
    *colors = 0;
    if (screen) return CSCREEN_TAKEN;
    memory = memfd_create("larder-frame", MFD_CLOEXEC);
    if (memory < 0) return CSCREEN_NO_MEMORY;
    sink = fdopen(memory, "w");
    if (!sink) {
        close(memory);
        memory = -1;
        return CSCREEN_NO_MEMORY;
    }
    // LINES and COLUMNS of the environment must not freeze the size; ours is given below.
    use_env(FALSE);
    // The keys are read elsewhere: ncurses' input is never asked.
    screen = open_screen(name);
    if (!screen) {
        cscreen_stop();
        return CSCREEN_UNKNOWN_TERMINAL;
    }
    terminal = cur_term;
    char *addressing = tigetstr("cup");
    if (!addressing || addressing == (char *)-1) {
        cscreen_stop();
        return CSCREEN_NO_ADDRESSING;
    }
    palette = 0;
    // Without start_color any question for a pair of colours ends in a crash.
    if (wants_color && has_colors() && start_color() == OK) {
        use_default_colors();
        palette = COLORS;
    }
    *colors = palette;
    nonl();
    idlok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    shows_cursor = true;
    cscreen_set_cursor(-1, 0);
    cscreen_resize(height, width);
    // ncurses believes in 24 rows until now and has said so. That goes unread, and the first frame
    // enters the screen as after a stop, with the true size.
    endwin();
    const uint8_t *unread;
    entered = false;
    take(&unread);
    return CSCREEN_STARTED;
}

void cscreen_resize(int height, int width) {
    set_curterm(terminal);
    if (height < 1) height = 1;
    if (width < 1) width = 1;
    resize_term(height, width);
    // Terminals break rows anew and forget their margins, each in its way.
    clearok(curscr, TRUE);
    resized = true;
}

// Colours that the terminal does not have become one of the eight that it has.
static int colour(uint32_t bits, attr_t *attributes) {
    int wanted = (int)(bits & 0x1FF) - 1;
    if (wanted < 0 || wanted < palette) return wanted;
    if (wanted >= 8 && wanted < 16) *attributes |= A_BOLD;
    return wanted & 7;
}

static void resolve(uint32_t style, attr_t *attributes, int *pair) {
    *attributes = A_NORMAL;
    *pair = 0;
    if (style & CSCREEN_BOLD) *attributes |= A_BOLD;
    if (style & CSCREEN_DIM) *attributes |= A_DIM;
    if (style & CSCREEN_ITALIC) *attributes |= A_ITALIC;
    if (style & CSCREEN_UNDERLINE) *attributes |= A_UNDERLINE;
    if (style & CSCREEN_INVERSE) *attributes |= A_REVERSE;
    if (palette == 0) return;
    int front = colour(style, attributes);
    int back = colour(style >> CSCREEN_BACKGROUND_SHIFT, attributes);
    if (front < 0 && back < 0) return;
    int found = alloc_pair(front, back);
    if (found > 0) *pair = found;
}

// The sizes are asked of the window: LINES and COLS change whenever anybody reads the description
// of a terminal.
void cscreen_put_row(
    int row, int column, const uint32_t *scalars, const uint32_t *styles, int count) {
    if (row < 0 || row >= getmaxy(stdscr) || column < 0) return;
    if (count > getmaxx(stdscr) - column) count = getmaxx(stdscr) - column;
    cchar_t cells[512];
    const int most = sizeof cells / sizeof cells[0];
    uint32_t last = 0;
    attr_t attributes = A_NORMAL;
    int pair = 0, filled = 0, start = column;
    for (int i = 0; i < count; i++) {
        if (scalars[i] == 0) continue;
        if (styles[i] != last) {
            last = styles[i];
            resolve(last, &attributes, &pair);
        }
        if (filled == most) {
            mvwadd_wchnstr(stdscr, row, start, cells, filled);
            start = column + i;
            filled = 0;
        }
        wchar_t text[2] = {(wchar_t)scalars[i], 0};
        setcchar(&cells[filled++], text, attributes, 0, &pair);
    }
    if (filled > 0) mvwadd_wchnstr(stdscr, row, start, cells, filled);
}

void cscreen_put_cell(int row, int column, const uint32_t *scalars, int count, uint32_t style) {
    if (row < 0 || row >= getmaxy(stdscr) || column < 0 || column >= getmaxx(stdscr)) return;
    if (count < 1) return;
    wchar_t text[CCHARW_MAX + 1];
    if (count > CCHARW_MAX) count = CCHARW_MAX;
    for (int i = 0; i < count; i++) text[i] = (wchar_t)scalars[i];
    text[count] = 0;
    attr_t attributes;
    int pair;
    resolve(style, &attributes, &pair);
    cchar_t cell;
    setcchar(&cell, text, attributes, 0, &pair);
    mvwadd_wchnstr(stdscr, row, column, &cell, 1);
}

void cscreen_set_cursor(int row, int column) {
    bool wanted = row >= 0;
    if (wanted != shows_cursor) {
        set_curterm(terminal);
        curs_set(wanted ? 1 : 0);
        leaveok(stdscr, !wanted);
        shows_cursor = wanted;
    }
    int bottom = getmaxy(stdscr) - 1, right = getmaxx(stdscr) - 1;
    if (wanted) wmove(stdscr, row < bottom ? row : bottom, column < right ? column : right);
}

void cscreen_repaint(void) { clearok(curscr, TRUE); }

size_t cscreen_frame(const uint8_t **bytes) {
    set_curterm(terminal);
    wnoutrefresh(stdscr);
    doupdate();
    size_t count = take(bytes);
    entered = true;
    return count;
}

size_t cscreen_leave(const uint8_t **bytes) {
    set_curterm(terminal);
    if (!isendwin()) endwin();
    entered = false;
    return take(bytes);
}

void cscreen_stop(void) {
    if (screen) {
        if (terminal) set_curterm(terminal);
        if (!isendwin()) endwin();
        delscreen(screen);
    }
    screen = NULL;
    terminal = NULL;
    if (sink) fclose(sink);
    sink = NULL;
    memory = -1;
}

// --- Standard error ----------------------------------------------------------------------------

static int captured_errors = -1, original_errors = -1;

bool cscreen_capture_errors(int *captured, int *original) {
    if (captured_errors >= 0) return false;
    int file = memfd_create("larder-errors", MFD_CLOEXEC);
    int copy = file < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (copy < 0 || dup2(file, STDERR_FILENO) < 0) {
        if (file >= 0) close(file);
        if (copy >= 0) close(copy);
        return false;
    }
    *captured = captured_errors = file;
    *original = original_errors = copy;
    return true;
}

void cscreen_release_errors(void) {
    if (captured_errors < 0) return;
    dup2(original_errors, STDERR_FILENO);
    char piece[4096];
    off_t place = 0;
    ssize_t count;
    while ((count = pread(captured_errors, piece, sizeof piece, place)) > 0) {
        if (write(STDERR_FILENO, piece, (size_t)count) < 0) break;
        place += count;
    }
    close(captured_errors);
    close(original_errors);
    captured_errors = original_errors = -1;
}

int cscreen_open_unblocked(int fd) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}
