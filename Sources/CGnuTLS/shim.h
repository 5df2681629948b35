#ifndef PORTREEVE_CGNUTLS_SHIM_H
#define PORTREEVE_CGNUTLS_SHIM_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

// gnutls_free is a variable, which Swift takes for one that may change.
static inline void cgnutls_free(void *memory) { gnutls_free(memory); }

#endif
