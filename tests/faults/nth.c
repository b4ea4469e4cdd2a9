/* Counts the calls that change files, and fails, or kills at, the n-th.
 *
 * LD_PRELOAD it into one process. WENJIN_NTH=n, WENJIN_NTH_ACT=kill|EIO|ENOSPC|count, WENJIN_NTH_OUT=file (gets the count at the
 * end). Only calls on regular files and folders count: pipes, sockets and terminals are left alone. Worker processes of the program
 * (hidden command `__worker`) are left alone as well, so that the count is the parent's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long passed;
static long wanted = -1;
static int act; /* 0 none, 1 kill, otherwise an errno */
static char out[4096];

static void start(void) __attribute__((constructor));
static void start(void) {
    const char *nth = getenv("WENJIN_NTH"), *what = getenv("WENJIN_NTH_ACT"), *file = getenv("WENJIN_NTH_OUT");
    char line[4096] = {0};
    FILE *command = fopen("/proc/self/cmdline", "r");
    size_t length = command ? fread(line, 1, sizeof line - 1, command) : 0;
    if (command) fclose(command);
    if (memmem(line, length, "__worker", 8) || !nth) return;
    wanted = atol(nth);
    if (what && !strcmp(what, "kill")) act = 1;
    if (what && !strcmp(what, "EIO")) act = EIO;
    if (what && !strcmp(what, "ENOSPC")) act = ENOSPC;
    if (file) strncpy(out, file, sizeof out - 1);
}

static void stop(void) __attribute__((destructor));
static void stop(void) {
    if (wanted < 0 || !out[0]) return;
    FILE *file = fopen(out, "w");
    if (file) { fprintf(file, "%ld\n", atomic_load(&passed)); fclose(file); }
}

/* 0: go on; -1: fail with errno set. */
static int strike(void) {
    if (wanted < 0) return 0;
    long now = atomic_fetch_add(&passed, 1) + 1;
    if (!act || now != wanted) return 0;
    if (act == 1) kill(getpid(), SIGKILL);
    errno = act;
    return -1;
}

static int is_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)
#define ON_FD(type, name, arguments, call, fd) \
    type name arguments { REAL(name); if (is_file(fd) && strike()) return -1; return real call; }
#define ON_PATH(name, arguments, call) \
    int name arguments { REAL(name); if (strike()) return -1; return real call; }

ON_FD(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), fd)
ON_FD(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), fd)
ON_FD(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), fd)
ON_FD(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), fd)
ON_FD(int, fsync, (int fd), (fd), fd)
ON_FD(int, fdatasync, (int fd), (fd), fd)
ON_FD(int, ftruncate, (int fd, off_t size), (fd, size), fd)
ON_FD(int, ftruncate64, (int fd, off64_t size), (fd, size), fd)
ON_PATH(rename, (const char *from, const char *to), (from, to))
ON_PATH(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
ON_PATH(renameat2, (int a, const char *from, int b, const char *to, unsigned int flags), (a, from, b, to, flags))
ON_PATH(link, (const char *from, const char *to), (from, to))
ON_PATH(linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(rmdir, (const char *path), (path))
