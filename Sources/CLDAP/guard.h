#ifndef PORTREEVE_CLDAP_GUARD_H
#define PORTREEVE_CLDAP_GUARD_H

// A layer beneath TLS in libldap's stack of socket layers. It exists for two things:
//
// - A server that falls silent in the middle of a TLS handshake or of a message is waited for
//   without end; libldap on GnuTLS even asks the socket again at full speed. Here no wait exceeds
//   the limit.
// - libldap contains code that opens a lost connection anew, not bound and after StartTLS in clear.
//   An anonymous reader's share would then pass for everything there is. Version 2.5 was not seen
//   to get there; here the second connection of a handle is refused in any case.

#include <errno.h>
#include <ldap.h>
#include <poll.h>
#include <stdlib.h>

typedef struct cldap_guard {
    ldap_conncb callbacks;
    int limit_milliseconds;
    int connections;
    int timed_out;
} cldap_guard;

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
    int ready;
    do ready = poll(&wait, 1, guard->limit_milliseconds);
    while (ready < 0 && errno == EINTR);
    if (ready != 0) return ready;
    guard->timed_out = 1;
    errno = ETIMEDOUT;
    return -1;
}

static inline ber_slen_t cldap_guard_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    // What a lower layer has read ahead does not show on the socket.
    int buffered = LBER_SBIOD_CTRL_NEXT(layer, LBER_SB_OPT_DATA_READY, NULL) > 0;
    if (!buffered && cldap_guard_wait(layer, POLLIN) < 0) return -1;
    return LBER_SBIOD_READ_NEXT(layer, buffer, length);
}

static inline ber_slen_t cldap_guard_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    if (cldap_guard_wait(layer, POLLOUT) < 0) return -1;
    return LBER_SBIOD_WRITE_NEXT(layer, buffer, length);
}

static inline int cldap_guard_connected(
    LDAP *ld, Sockbuf *socket, LDAPURLDesc *server, struct sockaddr *address, struct ldap_conncb *callbacks) {
    (void)ld, (void)server, (void)address;
    static Sockbuf_IO io = {
        cldap_guard_setup, cldap_guard_remove, cldap_guard_control,
        cldap_guard_read,  cldap_guard_write,  cldap_guard_close,
    };
    cldap_guard *guard = (cldap_guard *)callbacks->lc_arg;
    if (guard->connections++ > 0) return -1;
    return ber_sockbuf_add_io(socket, &io, LBER_SBIOD_LEVEL_PROVIDER + 5, guard);
}

static inline void cldap_guard_disconnected(LDAP *ld, Sockbuf *socket, struct ldap_conncb *callbacks) {
    (void)ld, (void)socket, (void)callbacks;
}

// Puts a guard on a handle that is not connected yet. To be freed with free(), after the handle.
static inline cldap_guard *cldap_guard_install(LDAP *ld, int limit_seconds) {
    cldap_guard *guard = (cldap_guard *)calloc(1, sizeof(cldap_guard));
    if (guard == NULL) return NULL;
    guard->limit_milliseconds = limit_seconds < 2000000 ? limit_seconds * 1000 : 2000000000;
    guard->callbacks.lc_add = cldap_guard_connected;
    guard->callbacks.lc_del = cldap_guard_disconnected;
    guard->callbacks.lc_arg = guard;
    if (ldap_set_option(ld, LDAP_OPT_CONNECT_CB, &guard->callbacks) == LDAP_OPT_SUCCESS) return guard;
    free(guard);
    return NULL;
}

#endif
