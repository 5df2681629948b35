#ifndef PORTREEVE_CLDAP_WATCH_H
#define PORTREEVE_CLDAP_WATCH_H

// Follows the messages that a server sends (RFC 4511, 4.1.1), and tells one that answers nothing. libldap drops
// such a message without a word: an entry under a foreign message id would be missing from a search that succeeds.

#include <stddef.h>

typedef struct cldap_watch {
    // The operation whose answer is awaited; 0 while libldap waits for one of its own.
    int awaited;
    // Given up, and perhaps answered all the same.
    int abandoned;
    // Whether an answer to something else has come.
    int is_foreign;
    // Bytes left of a message whose header has been seen.
    unsigned long long rest;
    // The start of the next message, as far as it has come.
    unsigned char head[16];
    int count;
} cldap_watch;

// Reads a length (X.690, 8.1.3) at a place of the header. Returns the place behind it; 0 if it has not all come,
// -1 if it is none.
static inline int cldap_watch_length(const cldap_watch *watch, int place, unsigned long long *length) {
    if (place >= watch->count) return 0;
    int first = watch->head[place];
    if (first < 0x80) {
        *length = (unsigned long long)first;
        return place + 1;
    }
    int bytes = first & 0x7F;
    if (bytes < 1 || bytes > 4) return -1;
    if (place + bytes >= watch->count) return 0;
    *length = 0;
    for (int byte = 1; byte <= bytes; byte++) *length = *length << 8 | watch->head[place + byte];
    return place + bytes + 1;
}

// Takes the header of a message apart. Returns 1 once its id is known, 0 before, -1 for what is no message.
static inline int cldap_watch_head(cldap_watch *watch, int *id) {
    unsigned long long length, id_length;
    if (watch->count < 2) return 0;
    if (watch->head[0] != 0x30) return -1;
    int content = cldap_watch_length(watch, 1, &length);
    if (content <= 0) return content;
    if (content >= watch->count) return 0;
    if (watch->head[content] != 0x02) return -1;
    int value = cldap_watch_length(watch, content + 1, &id_length);
    if (value <= 0) return value;
    if (id_length < 1 || id_length > 4 || content + length < value + id_length) return -1;
    if (value < watch->count && watch->head[value] & 0x80) return -1;
    if ((unsigned long long)watch->count < value + id_length) return 0;
    unsigned number = 0;
    for (unsigned long long byte = 0; byte < id_length; byte++) number = number << 8 | watch->head[value + byte];
    *id = (int)number;
    watch->rest = content + length - (unsigned long long)watch->count;
    return 1;
}

// Returns whether all that came answers what was asked, or is for everybody (id 0, RFC 4511, 4.4).
static inline int cldap_watch_take(cldap_watch *watch, const unsigned char *bytes, size_t count) {
    while (count > 0 && !watch->is_foreign) {
        if (watch->rest > 0) {
            size_t part = count < watch->rest ? count : (size_t)watch->rest;
            watch->rest -= part;
            bytes += part;
            count -= part;
            continue;
        }
        watch->head[watch->count++] = *bytes++;
        count--;
        int id = 0;
        int state = cldap_watch_head(watch, &id);
        if (state == 0 && watch->count < (int)sizeof watch->head) continue;
        watch->count = 0;
        if (watch->awaited == 0) {
            // libldap says itself what is wrong with an answer to its own operation.
            if (state != 1) return 1;
        } else if (state != 1 || (id != 0 && id != watch->awaited && id != watch->abandoned)) {
            watch->is_foreign = 1;
        }
    }
    return !watch->is_foreign;
}

#endif
