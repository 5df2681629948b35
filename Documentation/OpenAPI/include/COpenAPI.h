#ifndef PORTREEVE_COPENAPI_H
#define PORTREEVE_COPENAPI_H

#include <stddef.h>

/// The OpenAPI 3.1 document that is kept beside this file's folder, in UTF-8. It lives as long as the program.
const unsigned char *_Nonnull openapi_yaml(size_t *_Nonnull size);

#endif
