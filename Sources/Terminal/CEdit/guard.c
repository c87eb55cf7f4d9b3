#define _GNU_SOURCE
#include "cedit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

// What must happen inside a signal handler is written in C, because hardly anything in a Swift
// runtime may run there. A deadly signal puts the terminal back, removes the one file that must
// not outlive the process, gives the signal its former meaning and raises it again; the others
// set a bit and wake whoever polls.

static struct termios cooked_mode;
// Ends a synchronised update, bracketed paste and any style; the cursor shows, on a new row with
// nothing of ours below.
static const char farewell[] = "\033[?2026l\033[?2004l\033[0m\033[?25h\r\n\033[J";
// The same, and leaves the other screen, the mouse and the keypad's own codes.
static const char long_farewell[] =
    "\033[?2026l\033[?1006l\033[?1002l\033[?1000l\033[?2004l\033[?1l\033>\033[0m\033[r"
    "\033[?1049l\033[?25h\r\033[J";
static volatile sig_atomic_t fills_screen;
static int kept_errors = -1, true_errors = -1;
static int armed_in = -1, armed_out = -1;
static volatile sig_atomic_t armed;
// Set before anything is put back, so that other threads stop drawing.
static volatile sig_atomic_t over;
static bool armed_speaks;

static char doomed_path[256];
static volatile sig_atomic_t doomed;
static pid_t owner;

static int wake[2] = {-1, -1};
static volatile sig_atomic_t window_changed, continued, interrupted, stopped;

static const int deadly[] = {SIGTERM, SIGHUP, SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,
                             SIGBUS,  SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS,
                             SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM};
enum { DEADLY_COUNT = sizeof deadly / sizeof deadly[0] };
static struct sigaction former[DEADLY_COUNT];
static struct sigaction former_interrupt;
static char crash_stack[32768];

static void put_back(void) {
    if (!armed) return;
    armed = 0;
    tcsetattr(armed_in, TCSANOW, &cooked_mode);
    const char *words = fills_screen ? long_farewell : armed_speaks ? farewell : "\n";
    ssize_t ignored = write(armed_out, words, strlen(words));
    (void)ignored;
    if (!fills_screen || kept_errors < 0) return;
    // What was said while nobody could read it, such as the reason of a crash.
    dup2(true_errors, STDERR_FILENO);
    static char piece[4096];
    off_t place = 0;
    ssize_t count;
    while ((count = pread(kept_errors, piece, sizeof piece, place)) > 0) {
        if (write(STDERR_FILENO, piece, (size_t)count) < 0) break;
        place += count;
    }
}

static void die(int number) {
    int saved = errno;
    // A child between fork and exec shares these handlers but owns neither terminal nor file.
    if (getpid() == owner) {
        over = 1;
        put_back();
        if (doomed) unlink(doomed_path);
    }
    for (int i = 0; i < DEADLY_COUNT; i++)
        if (deadly[i] == number) sigaction(number, &former[i], NULL);
    raise(number);
    errno = saved;
}

static void note(int number) {
    int saved = errno;
    if (number == SIGWINCH) window_changed = 1;
    if (number == SIGCONT) continued = 1;
    if (number == SIGINT) interrupted = 1;
    if (number == SIGTSTP) stopped = 1;
    ssize_t ignored = write(wake[1], "", 1);
    (void)ignored;
    errno = saved;
}

static void fill(struct sigaction *action, void (*handler)(int)) {
    memset(action, 0, sizeof *action);
    action->sa_handler = handler;
    action->sa_flags = SA_RESTART | SA_ONSTACK;
    // With SIGTTOU blocked a process in the background may set the terminal too.
    sigemptyset(&action->sa_mask);
    sigaddset(&action->sa_mask, SIGTTOU);
}

int cedit_guard_install(void) {
    if (wake[0] >= 0) return wake[0];
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0) return -1;
    owner = getpid();
    stack_t current;
    if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
        stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
        sigaltstack(&stack, NULL);
    }
    struct sigaction action;
    fill(&action, die);
    for (int i = 0; i < DEADLY_COUNT; i++) {
        sigaction(deadly[i], NULL, &former[i]);
        // nohup and the like: what was ignored stays ignored.
        if (former[i].sa_handler != SIG_IGN) sigaction(deadly[i], &action, NULL);
    }
    fill(&action, note);
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
    return wake[0];
}

void cedit_guard_arm(int fd, int out, const struct termios *cooked, bool speaks) {
    armed = 0;
    armed_speaks = speaks;
    cooked_mode = *cooked;
    armed_in = fd;
    armed_out = out;
    armed = 1;
}

void cedit_guard_disarm(void) { armed = 0; }

bool cedit_guard_is_over(void) { return over; }

void cedit_guard_full_screen(bool on, int kept, int original) {
    fills_screen = 0;
    kept_errors = kept;
    true_errors = original;
    fills_screen = on;
}

void cedit_guard_note_interrupts(bool on) {
    static bool noting;
    if (on == noting) return;
    noting = on;
    if (on) {
        struct sigaction action;
        fill(&action, note);
        sigaction(SIGINT, &action, &former_interrupt);
    } else {
        sigaction(SIGINT, &former_interrupt, NULL);
    }
}

void cedit_guard_note_stops(bool on) {
    static bool noting;
    static struct sigaction former_stop;
    if (on == noting) return;
    struct sigaction action;
    if (on) {
        // A shell without job control has it ignored, and so it stays.
        sigaction(SIGTSTP, NULL, &former_stop);
        if (former_stop.sa_handler == SIG_IGN) return;
        fill(&action, note);
        sigaction(SIGTSTP, &action, NULL);
    } else {
        sigaction(SIGTSTP, &former_stop, NULL);
    }
    noting = on;
}

void cedit_guard_stop_job(void) {
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    kill(0, SIGTSTP);
    // If no other thread has taken the signal yet, this one does so here and now.
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int cedit_guard_take(void) {
    char drained[64];
    while (wake[0] >= 0 && read(wake[0], drained, sizeof drained) > 0) {}
    int bits = 0;
    if (window_changed) bits |= CEDIT_WINDOW_CHANGED;
    if (continued) bits |= CEDIT_CONTINUED;
    if (interrupted) bits |= CEDIT_INTERRUPTED;
    if (stopped) bits |= CEDIT_STOPPED;
    // A signal between the reading and the clearing has also written to the pipe; it is noted
    // again by its handler after this, or merged with the one that was just reported.
    if (bits & CEDIT_WINDOW_CHANGED) window_changed = 0;
    if (bits & CEDIT_CONTINUED) continued = 0;
    if (bits & CEDIT_INTERRUPTED) interrupted = 0;
    if (bits & CEDIT_STOPPED) stopped = 0;
    return bits;
}

bool cedit_guard_remove_at_death(const char *path) {
    doomed = 0;
    if (!path) return true;
    if (strlen(path) >= sizeof doomed_path) return false;
    strcpy(doomed_path, path);
    owner = getpid();
    doomed = 1;
    return true;
}
