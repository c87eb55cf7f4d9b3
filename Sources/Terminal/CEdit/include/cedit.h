#ifndef LARDER_CEDIT_H
#define LARDER_CEDIT_H

#include <histedit.h>
#include <stdbool.h>
#include <stdint.h>
#include <termios.h>
#include <wchar.h>

// Swift imports no variadic C functions, so each form of el_wset and el_wget that the editor
// needs has a fixed-argument name here. All of it is the wide API: mixing it with the narrow one
// corrupts the line.

typedef unsigned char (*cedit_function)(EditLine *, wint_t);

// A libedit whose terminal is a pseudo-terminal of its own and whose output goes nowhere.
typedef struct {
    EditLine *line;
    FILE *null;
    int controller;
    int terminal;
} cedit_engine;

// False when the system refuses (errno says why); `engine` is then closed.
bool cedit_open(cedit_engine *engine);
void cedit_close(cedit_engine *engine);

// A terminal's description is read into variables that the whole process shares: whoever reads
// one, libedit or ncurses, holds this meanwhile.
void cedit_lock_description(void);
void cedit_unlock_description(void);

int cedit_set_client(EditLine *line, void *client);
void *cedit_client(EditLine *line);
int cedit_set_reader(EditLine *line, el_rfunc_t reader);
int cedit_set_editor(EditLine *line, const wchar_t *name);
bool cedit_is_vi(EditLine *line);
// Makes `function` a command named "larder"; the two others bind a key to it.
int cedit_set_function(EditLine *line, cedit_function function);
int cedit_bind(EditLine *line, const wchar_t *key);
int cedit_bind_alternate(EditLine *line, const wchar_t *key);

// setlocale(LC_CTYPE, "") with C.UTF-8 as the fall-back: true when characters are UTF-8.
bool cedit_use_locale(void);
// Columns of one code point: 0, 1 or 2, and -1 for what has no printed form.
int cedit_width(uint32_t scalar);

// The size of the terminal; false when `fd` is none or does not know.
bool cedit_window_size(int fd, int *rows, int *columns);

// --- Signals (guard.c) -------------------------------------------------------------------------

enum {
    CEDIT_WINDOW_CHANGED = 1,
    CEDIT_CONTINUED = 2,
    CEDIT_INTERRUPTED = 4,
    CEDIT_STOPPED = 8,
};

// Installs the handlers once per process. Returns the descriptor that becomes readable when a
// noted signal arrives, or -1.
int cedit_guard_install(void);
// From now on death by signal puts `cooked` back on `fd`, and ends paste brackets and styles on
// `out` if that `speaks` escape sequences.
void cedit_guard_arm(int fd, int out, const struct termios *cooked, bool speaks);
void cedit_guard_disarm(void);
// Stops the whole job, as Ctrl-Z does elsewhere; returns when it goes on.
void cedit_guard_stop_job(void);
// True as soon as a deadly signal has come.
bool cedit_guard_is_over(void);
// While `on` death by signal leaves the full screen too, and then gives what the file `kept` holds
// to `original`, the true standard error; -1 where there is none.
void cedit_guard_full_screen(bool on, int kept, int original);
// SIGINT is noted instead of deadly while `on`.
void cedit_guard_note_interrupts(bool on);
// SIGTSTP is noted instead of stopping the process while `on`.
void cedit_guard_note_stops(bool on);
// The CEDIT_ bits noted since the last call; drains the descriptor.
int cedit_guard_take(void);
// This file is unlinked when a signal ends the process; NULL takes it back. False if too long.
bool cedit_guard_remove_at_death(const char *path);

// cfmakeraw with output processing left on, so that "\n" still returns the carriage.
void cedit_make_raw(struct termios *mode);
// cfmakeraw, as a full screen needs it: "\n" moves the cursor straight down.
void cedit_make_bare(struct termios *mode);
// What is typed is not shown.
void cedit_hide(struct termios *mode);
// Disables the quit character: Ctrl-\ must not dump core while a command runs.
void cedit_disable_quit(struct termios *mode);

#endif
