/* Puts the calendar, and nothing else, CLOCK_SHIFT_SECONDS away: the daemon refuses --now, and the shipped month lies in 2022. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int outcome = real(clock, time);
    const char *shift = getenv("CLOCK_SHIFT_SECONDS");
    if (outcome == 0 && clock == CLOCK_REALTIME && shift)
        time->tv_sec += atol(shift);
    return outcome;
}
