#define _GNU_SOURCE
#include "cedit.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static pthread_mutex_t description = PTHREAD_MUTEX_INITIALIZER;

void cedit_lock_description(void) { pthread_mutex_lock(&description); }

void cedit_unlock_description(void) { pthread_mutex_unlock(&description); }

// libedit stops editing when its output is no terminal, hence the private pseudo-terminal. What
// it paints goes to /dev/null and every mode it sets is set on that pair, so nothing must be
// drained and the person's terminal is never touched.
bool cedit_open(cedit_engine *engine) {
    engine->line = NULL;
    engine->null = NULL;
    engine->controller = engine->terminal = -1;
    struct winsize size = {.ws_row = 24, .ws_col = 512};
    if (openpty(&engine->controller, &engine->terminal, NULL, NULL, &size) < 0) return false;
    fcntl(engine->controller, F_SETFD, FD_CLOEXEC);
    fcntl(engine->terminal, F_SETFD, FD_CLOEXEC);
    engine->null = fopen("/dev/null", "r+e");
    if (engine->null) {
        // A dumb terminal has no cursor addressing, so that the variables which the whole process
        // shares are not looked at again.
        int fd = engine->terminal;
        cedit_lock_description();
        engine->line = el_init_fd(
            "larder", engine->null, engine->null, engine->null, fd, fd, fd);
        if (engine->line) el_wset(engine->line, EL_TERMINAL, "dumb");
        cedit_unlock_description();
    }
    if (engine->line) return true;
    int reason = errno;
    cedit_close(engine);
    errno = reason;
    return false;
}

void cedit_close(cedit_engine *engine) {
    if (engine->line) el_end(engine->line);
    if (engine->null) fclose(engine->null);
    if (engine->terminal >= 0) close(engine->terminal);
    if (engine->controller >= 0) close(engine->controller);
    engine->line = NULL;
    engine->null = NULL;
    engine->controller = engine->terminal = -1;
}

int cedit_set_client(EditLine *line, void *client) {
    return el_wset(line, EL_CLIENTDATA, client);
}

void *cedit_client(EditLine *line) {
    void *client = NULL;
    el_wget(line, EL_CLIENTDATA, &client);
    return client;
}

int cedit_set_reader(EditLine *line, el_rfunc_t reader) {
    return el_wset(line, EL_GETCFN, reader);
}

int cedit_set_editor(EditLine *line, const wchar_t *name) {
    return el_wset(line, EL_EDITOR, name);
}

bool cedit_is_vi(EditLine *line) {
    const wchar_t *name = NULL;
    return el_wget(line, EL_EDITOR, &name) == 0 && name && wcscmp(name, L"vi") == 0;
}

// libedit keeps the pointer to the name that it is given.
static const wchar_t function_name[] = L"larder";

int cedit_set_function(EditLine *line, cedit_function function) {
    return el_wset(line, EL_ADDFN, function_name, function_name, function);
}

int cedit_bind(EditLine *line, const wchar_t *key) {
    return el_wset(line, EL_BIND, key, function_name, (const wchar_t *)NULL);
}

int cedit_bind_alternate(EditLine *line, const wchar_t *key) {
    return el_wset(line, EL_BIND, L"-a", key, function_name, (const wchar_t *)NULL);
}

bool cedit_use_locale(void) {
    setlocale(LC_CTYPE, "");
    if (MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
    return MB_CUR_MAX > 1;
}

int cedit_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool cedit_window_size(int fd, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0) return false;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}

void cedit_make_raw(struct termios *mode) {
    cfmakeraw(mode);
    mode->c_oflag |= OPOST | ONLCR;
}

void cedit_make_bare(struct termios *mode) { cfmakeraw(mode); }

void cedit_hide(struct termios *mode) { mode->c_lflag &= ~(tcflag_t)ECHO; }

void cedit_disable_quit(struct termios *mode) { mode->c_cc[VQUIT] = _POSIX_VDISABLE; }
