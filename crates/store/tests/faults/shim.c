/* A test fixture: stands between a program and the file system (LD_PRELOAD) and makes one call fail, or writes down every call.
 *
 *   MB_PREFIX  only files whose path begins with this are touched
 *   MB_AT      the number of the call that fails, counted from 1 (0 = none)
 *   MB_KIND    eio | enospc | short | kill | torn      (torn: half is written, then SIGKILL)
 *   MB_STICKY  1 = every call after it fails too, except for kill and torn
 *   MB_COUNT   file that gets the number of calls, one byte for each
 *   MB_TRACE   file that gets every successful call, for building the disk as it is after a power cut
 *   MB_SYNC_AT the number of the sync that fails with EIO, once, counted from 1 (0 = none)
 *   MB_LIE     1 = fsync and fdatasync do nothing and say that they did
 *
 * Trace: op (1 byte: w s t u r a), length of path (u32), path, offset (u64), length of data (u32), data. Native byte order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *prefix, *kind;
static long fail_at, calls, sync_at, syncs;
static int sticky, lie, count_fd = -1, trace_fd = -1, ready;

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

static int raw_append(const char *path) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void setup(void) {
    if (ready) return;
    ready = 1;
    prefix = getenv("MB_PREFIX");
    kind = getenv("MB_KIND");
    const char *text = getenv("MB_AT");
    fail_at = text ? atol(text) : 0;
    text = getenv("MB_STICKY");
    sticky = text && *text == '1';
    text = getenv("MB_SYNC_AT");
    sync_at = text ? atol(text) : 0;
    text = getenv("MB_LIE");
    lie = text && *text == '1';
    text = getenv("MB_COUNT");
    if (text) count_fd = raw_append(text);
    text = getenv("MB_TRACE");
    if (text) trace_fd = raw_append(text);
}

/* Whether a path is watched. */
static int watched(const char *path) {
    return prefix && strncmp(path, prefix, strlen(prefix)) == 0;
}

static int path_of(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return watched(path);
}

enum fate { GO, FAIL, SHORT, TORN };

/* What happens to the next call. Called with the lock held. */
static enum fate next_fate(void) {
    calls++;
    if (count_fd >= 0) syscall(SYS_write, count_fd, "x", (size_t)1);
    if (!fail_at || !kind || calls < fail_at) return GO;
    if (calls > fail_at && !sticky) return GO;
    if (!strcmp(kind, "kill")) syscall(SYS_kill, getpid(), SIGKILL);
    if (!strcmp(kind, "torn")) return TORN;
    if (!strcmp(kind, "short")) return SHORT;
    errno = !strcmp(kind, "enospc") ? ENOSPC : EIO;
    return FAIL;
}

static void put(const void *data, size_t size) {
    const char *at = data;
    while (size > 0) {
        ssize_t done = syscall(SYS_write, trace_fd, at, size);
        if (done <= 0) _exit(97);
        at += done;
        size -= (size_t)done;
    }
}

static void trace(char op, const char *path, uint64_t offset, const void *data, uint32_t length) {
    if (trace_fd < 0) return;
    uint32_t path_length = (uint32_t)strlen(path);
    put(&op, 1);
    put(&path_length, sizeof path_length);
    put(path, path_length);
    put(&offset, sizeof offset);
    put(&length, sizeof length);
    put(data, length);
}

static ssize_t write_at(int fd, const void *data, size_t size, off_t offset, int positioned) {
    char path[4096];
    setup();
    if (!prefix || !path_of(fd, path, sizeof path))
        return positioned ? syscall(SYS_pwrite64, fd, data, size, offset) : syscall(SYS_write, fd, data, size);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno;
    ssize_t done = -1;
    if (fate != FAIL) {
        off_t from = positioned ? offset : (off_t)syscall(SYS_lseek, fd, (off_t)0, SEEK_CUR);
        size_t part = fate == GO || size < 2 ? size : size / 2;
        done = positioned ? syscall(SYS_pwrite64, fd, data, part, offset) : syscall(SYS_write, fd, data, part);
        error = errno;
        if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
        if (done > 0) trace('w', path, (uint64_t)from, data, (uint32_t)done);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return write_at(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset, 1); }

static int sync_one(int fd, long call) {
    char path[4096];
    setup();
    if (!prefix || !path_of(fd, path, sizeof path)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno, done = -1;
    if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
    if (fate == GO && sync_at && ++syncs == sync_at) {
        fate = FAIL;
        error = EIO;
    }
    if (fate == GO && lie) {
        done = 0;
    } else if (fate == GO) {
        done = (int)syscall(call, fd);
        error = errno;
        if (done == 0) trace('s', path, 0, "", 0);
    } else if (fate == SHORT) {
        error = EIO;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_one(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_one(fd, SYS_fdatasync); }

static int truncate_one(int fd, off_t size) {
    char path[4096];
    setup();
    if (!prefix || !path_of(fd, path, sizeof path)) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno, done = -1;
    if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
    if (fate == GO) {
        done = (int)syscall(SYS_ftruncate, fd, size);
        error = errno;
        if (done == 0) trace('t', path, (uint64_t)size, "", 0);
    } else if (fate == SHORT) {
        error = EIO;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t size) { return truncate_one(fd, size); }
int ftruncate64(int fd, off_t size) { return truncate_one(fd, size); }

int unlink(const char *path) {
    setup();
    if (!watched(path)) return (int)syscall(SYS_unlink, path);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno, done = -1;
    if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
    if (fate == GO) {
        done = (int)syscall(SYS_unlink, path);
        error = errno;
        if (done == 0) trace('u', path, 0, "", 0);
    } else if (fate == SHORT) {
        error = EIO;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int rename(const char *from, const char *to) {
    setup();
    if (!watched(to)) return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno, done = -1;
    if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
    if (fate == GO) {
        done = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
        error = errno;
        if (done == 0) trace('r', from, 0, to, (uint32_t)strlen(to));
    } else if (fate == SHORT) {
        error = EIO;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

static int open_one(const char *path, int flags, mode_t mode) {
    setup();
    if (!(flags & O_CREAT) || !watched(path)) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    pthread_mutex_lock(&lock);
    enum fate fate = next_fate();
    int error = errno, done = -1;
    if (fate == TORN) syscall(SYS_kill, getpid(), SIGKILL);
    if (fate == GO) {
        done = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
        error = errno;
    } else if (fate == SHORT) {
        error = EIO;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(more, int) : 0;
    va_end(more);
    return open_one(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(more, int) : 0;
    va_end(more);
    return open_one(path, flags | O_LARGEFILE, mode);
}
