#ifndef PORTREEVE_CLDAP_SHIM_H
#define PORTREEVE_CLDAP_SHIM_H

#include "guard.h"
#include <ldap.h>
#include <signal.h>

// Swift does not import macros that cast pointers, so each such macro of ldap.h has a function here.

static inline int cldap_set_flag(LDAP *ld, int option, int on) {
    return ldap_set_option(ld, option, on ? LDAP_OPT_ON : LDAP_OPT_OFF);
}

// Sends a simple bind; the mechanism is LDAP_SASL_SIMPLE. Servers with password policies are asked to speak of them.
static inline int cldap_simple_bind(LDAP *ld, const char *dn, struct berval *password, int *message_id) {
    LDAPControl policy = {.ldctl_oid = LDAP_CONTROL_PASSWORDPOLICYREQUEST, .ldctl_iscritical = 0};
    LDAPControl *controls[] = {&policy, NULL};
    return ldap_sasl_bind(ld, dn, LDAP_SASL_SIMPLE, password, controls, NULL, message_id);
}

// ldap_memvfree takes a void **, which is not what the parsers return.
static inline void cldap_free_strings(char **strings) {
    ldap_memvfree((void **)strings);
}

// A write to a connection that the server closed must be an error and not end the process. The
// signal is sent to the thread that writes, so blocking it there is enough.
static inline void cldap_block_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

#endif
