#ifndef PORTREEVE_CLDAP_GUARD_H
#define PORTREEVE_CLDAP_GUARD_H

// Two layers in libldap's stack of socket layers: one above TLS, which watches messages (watch.h), and one beneath. That
// exists for three things:
//
// - A server that falls silent in the middle of a TLS handshake or of a message is waited for
//   without end; libldap on GnuTLS even asks the socket again at full speed. Here no wait exceeds
//   the limit.
// - A server that never ends an answer would be listened to for ever, and what it says be kept: here an
//   operation has a budget of bytes and a moment at which it must be over, whatever it has got by then.
// - libldap contains code that opens a lost connection anew, not bound and after StartTLS in clear.
//   An anonymous reader's share would then pass for everything there is. Version 2.5 was not seen
//   to get there; here the second connection of a handle is refused in any case.

#include <errno.h>
#include <ldap.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "watch.h"

typedef struct cldap_guard {
    ldap_conncb callbacks;
    int limit_milliseconds;
    int connections;
    int timed_out;
    // What the operation under way may still read, and the moment on the monotonic clock when it must be over;
    // negative for no limit.
    long long bytes_left;
    long long deadline_milliseconds;
    int exhausted;
    cldap_watch watch;
} cldap_guard;

static inline long long cldap_now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Begins an operation with a budget; negative for none.
static inline void cldap_guard_begin(cldap_guard *guard, long long bytes, long long milliseconds) {
    guard->bytes_left = bytes;
    guard->deadline_milliseconds = milliseconds < 0 ? -1 : cldap_now_milliseconds() + milliseconds;
    guard->exhausted = 0;
}

static inline int cldap_guard_setup(Sockbuf_IO_Desc *layer, void *guard) {
    layer->sbiod_pvt = guard;
    return 0;
}

static inline int cldap_guard_remove(Sockbuf_IO_Desc *layer) {
    layer->sbiod_pvt = NULL;
    return 0;
}

static inline int cldap_guard_control(Sockbuf_IO_Desc *layer, int option, void *argument) {
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

static inline int cldap_guard_close(Sockbuf_IO_Desc *layer) {
    (void)layer;
    return 0;
}

static inline int cldap_guard_wait(Sockbuf_IO_Desc *layer, short events) {
    cldap_guard *guard = (cldap_guard *)layer->sbiod_pvt;
    ber_socket_t descriptor = -1;
    if (ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &descriptor) != 1) return 0;
    struct pollfd wait = {.fd = descriptor, .events = events};
    int limit = guard->limit_milliseconds;
    if (guard->deadline_milliseconds >= 0) {
        long long left = guard->deadline_milliseconds - cldap_now_milliseconds();
        if (left <= 0) {
            guard->exhausted = 1;
            errno = ETIMEDOUT;
            return -1;
        }
        if (left < limit) limit = (int)left;
    }
    int ready;
    do ready = poll(&wait, 1, limit);
    while (ready < 0 && errno == EINTR);
    if (ready != 0) return ready;
    if (limit < guard->limit_milliseconds) guard->exhausted = 1;
    else guard->timed_out = 1;
    errno = ETIMEDOUT;
    return -1;
}

static inline ber_slen_t cldap_guard_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    // What a lower layer has read ahead does not show on the socket.
    int buffered = LBER_SBIOD_CTRL_NEXT(layer, LBER_SB_OPT_DATA_READY, NULL) > 0;
    if (!buffered && cldap_guard_wait(layer, POLLIN) < 0) return -1;
    cldap_guard *guard = (cldap_guard *)layer->sbiod_pvt;
    if (guard->bytes_left == 0) {
        guard->exhausted = 1;
        errno = EMSGSIZE;
        return -1;
    }
    ber_slen_t count = LBER_SBIOD_READ_NEXT(layer, buffer, length);
    if (count > 0 && guard->bytes_left > 0) guard->bytes_left = count < guard->bytes_left ? guard->bytes_left - count : 0;
    return count;
}

static inline ber_slen_t cldap_guard_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    if (cldap_guard_wait(layer, POLLOUT) < 0) return -1;
    return LBER_SBIOD_WRITE_NEXT(layer, buffer, length);
}

// Above TLS, where messages are to be seen.
static inline ber_slen_t cldap_watch_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    ber_slen_t count = LBER_SBIOD_READ_NEXT(layer, buffer, length);
    cldap_guard *guard = (cldap_guard *)layer->sbiod_pvt;
    if (count <= 0 || cldap_watch_take(&guard->watch, (const unsigned char *)buffer, (size_t)count)) return count;
    errno = EBADMSG;
    return -1;
}

static inline ber_slen_t cldap_watch_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    return LBER_SBIOD_WRITE_NEXT(layer, buffer, length);
}

static inline int cldap_guard_connected(
    LDAP *ld, Sockbuf *socket, LDAPURLDesc *server, struct sockaddr *address, struct ldap_conncb *callbacks) {
    (void)ld, (void)server, (void)address;
    static Sockbuf_IO io = {
        cldap_guard_setup, cldap_guard_remove, cldap_guard_control,
        cldap_guard_read,  cldap_guard_write,  cldap_guard_close,
    };
    static Sockbuf_IO watch = {
        cldap_guard_setup, cldap_guard_remove, cldap_guard_control,
        cldap_watch_read,  cldap_watch_write,  cldap_guard_close,
    };
    cldap_guard *guard = (cldap_guard *)callbacks->lc_arg;
    if (guard->connections++ > 0) return -1;
    if (ber_sockbuf_add_io(socket, &watch, LBER_SBIOD_LEVEL_APPLICATION, guard) != 0) return -1;
    return ber_sockbuf_add_io(socket, &io, LBER_SBIOD_LEVEL_PROVIDER + 5, guard);
}

static inline void cldap_guard_disconnected(LDAP *ld, Sockbuf *socket, struct ldap_conncb *callbacks) {
    (void)ld, (void)socket, (void)callbacks;
}

// Puts a guard on a handle that is not connected yet. To be freed with free(), after the handle.
static inline cldap_guard *cldap_guard_install(LDAP *ld, int limit_seconds) {
    cldap_guard *guard = (cldap_guard *)calloc(1, sizeof(cldap_guard));
    if (guard == NULL) return NULL;
    cldap_guard_begin(guard, -1, -1);
    guard->limit_milliseconds = limit_seconds < 2000000 ? limit_seconds * 1000 : 2000000000;
    guard->callbacks.lc_add = cldap_guard_connected;
    guard->callbacks.lc_del = cldap_guard_disconnected;
    guard->callbacks.lc_arg = guard;
    if (ldap_set_option(ld, LDAP_OPT_CONNECT_CB, &guard->callbacks) == LDAP_OPT_SUCCESS) return guard;
    free(guard);
    return NULL;
}

#endif
