#include "COpenAPI.h"

static const unsigned char document[] = {
#embed "openapi.yaml"
};

const unsigned char *openapi_yaml(size_t *size) {
    *size = sizeof document;
    return document;
}
