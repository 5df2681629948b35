#include "floor.h"
#include <stdlib.h>
#include <string.h>

// A growing array of numbers.
struct list {
    uint32_t *items;
    size_t count, room;
};

static void append(struct list *list, uint32_t item) {
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 1024;
        list->items = realloc(list->items, list->room * sizeof(uint32_t));
    }
    list->items[list->count++] = item;
}

// Lists of numbers, all in one array: what belongs to `key` is from `starts[key]` to `starts[key + 1]`. Pairs are
// collected first.
struct lists {
    struct list keys, values;
    uint32_t *starts, *items;
};

static void add(struct lists *lists, uint32_t key, uint32_t value) {
    append(&lists->keys, key);
    append(&lists->values, value);
}

static void seal(struct lists *lists, size_t keys) {
    size_t count = lists->keys.count;
    lists->starts = calloc(keys + 2, sizeof(uint32_t));
    lists->items = malloc((count + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < count; i++) lists->starts[lists->keys.items[i] + 2]++;
    for (size_t i = 2; i < keys + 2; i++) lists->starts[i] += lists->starts[i - 1];
    for (size_t i = 0; i < count; i++) lists->items[lists->starts[lists->keys.items[i] + 1]++] = lists->values.items[i];
    free(lists->keys.items);
    free(lists->values.items);
}

#define each(item, lists, key)                                                                                        \
    for (const uint32_t *item = (lists).items + (lists).starts[key], *end_##item = (lists).items + (lists).starts[(key) + 1]; \
         item < end_##item; item++)

struct name {
    uint32_t place, number;
    uint32_t hash;
    uint16_t length;
};

struct team {
    uint32_t organization;
    int32_t parent;
    uint8_t namespace_level;
};

struct floor {
    // Names of accounts and paths of repositories in one table; a free place has no length.
    struct name *table;
    size_t mask, names;
    char *text;
    size_t text_count, text_room;

    uint8_t *flags;
    struct team *teams;
    uint32_t *namespaces;
    uint8_t *is_public;
    size_t accounts, account_room, team_count, team_room, repositories, repository_room;

    struct lists teams_of_user, organizations_of_user, repositories_of_user;
    struct lists members_of_team, repositories_of_team, teams_below;
    struct lists owners_of_organization, repositories_of_namespace, teams_of_organization;
    struct lists teams_on_repository, users_on_repository;
    struct list administrators;
    uint8_t *levels;
};

struct floor *floor_new(void) {
    struct floor *f = calloc(1, sizeof(struct floor));
    f->mask = 1023;
    f->table = calloc(f->mask + 1, sizeof(struct name));
    return f;
}

static uint32_t hash(const char *name, size_t length) {
    uint64_t hash = length * 0x9E3779B97F4A7C15;
    for (; length >= 8; name += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, name, 8);
        unsigned __int128 product = (unsigned __int128)(hash ^ word) * 0xE7037ED1A0B428DBull;
        hash = (uint64_t)product ^ (uint64_t)(product >> 64);
    }
    uint64_t word = 0;
    memcpy(&word, name, length);
    unsigned __int128 product = (unsigned __int128)(hash ^ word) * 0x8EBC6AF09C88C6E3ull;
    return (uint32_t)product ^ (uint32_t)(product >> 64);
}

static void enter(struct floor *f, const char *name, size_t length, uint32_t number) {
    if (f->names * 2 > f->mask) {
        struct name *old = f->table;
        size_t count = f->mask + 1;
        f->mask = count * 2 - 1;
        f->table = calloc(count * 2, sizeof(struct name));
        for (size_t i = 0; i < count; i++) {
            if (!old[i].length) continue;
            size_t place = old[i].hash & f->mask;
            while (f->table[place].length) place = (place + 1) & f->mask;
            f->table[place] = old[i];
        }
        free(old);
    }
    if (f->text_count + length > f->text_room) {
        f->text_room = f->text_room * 2 + length + 1024;
        f->text = realloc(f->text, f->text_room);
    }
    memcpy(f->text + f->text_count, name, length);
    struct name entry = {(uint32_t)f->text_count, number, hash(name, length), (uint16_t)length};
    size_t place = entry.hash & f->mask;
    while (f->table[place].length) place = (place + 1) & f->mask;
    f->table[place] = entry;
    f->text_count += length;
    f->names++;
}

static int64_t find(const struct floor *f, const char *name, size_t length) {
    uint32_t tag = hash(name, length);
    for (size_t place = tag & f->mask;; place = (place + 1) & f->mask) {
        const struct name *entry = &f->table[place];
        if (!entry->length) return -1;
        if (entry->hash == tag && entry->length == length && !memcmp(f->text + entry->place, name, length))
            return entry->number;
    }
}

#define room(array, count, size)                                                                                       \
    if ((count) == (size)) {                                                                                           \
        (size) = (size) ? (size) * 2 : 1024;                                                                           \
        (array) = realloc((array), (size) * sizeof(*(array)));                                                         \
    }

uint32_t floor_add_account(struct floor *f, const char *name, size_t length, uint8_t flags) {
    room(f->flags, f->accounts, f->account_room);
    f->flags[f->accounts] = flags;
    if (flags & floor_is_administrator) append(&f->administrators, (uint32_t)f->accounts);
    enter(f, name, length, (uint32_t)f->accounts);
    return (uint32_t)f->accounts++;
}

uint32_t floor_add_team(struct floor *f, uint32_t organization, int64_t parent) {
    room(f->teams, f->team_count, f->team_room);
    f->teams[f->team_count] = (struct team){organization, (int32_t)parent, 0};
    add(&f->teams_of_organization, organization, (uint32_t)f->team_count);
    if (parent >= 0) add(&f->teams_below, (uint32_t)parent, (uint32_t)f->team_count);
    return (uint32_t)f->team_count++;
}

uint32_t floor_add_repository(struct floor *f, uint32_t namespace, const char *path, size_t length, int is_public) {
    size_t size = f->repository_room;
    room(f->namespaces, f->repositories, f->repository_room);
    if (size != f->repository_room) f->is_public = realloc(f->is_public, f->repository_room);
    f->namespaces[f->repositories] = namespace;
    f->is_public[f->repositories] = (uint8_t)is_public;
    add(&f->repositories_of_namespace, namespace, (uint32_t)f->repositories);
    enter(f, path, length, (uint32_t)f->repositories);
    return (uint32_t)f->repositories++;
}

void floor_add_owner(struct floor *f, uint32_t organization, uint32_t user) {
    add(&f->organizations_of_user, user, organization);
    add(&f->owners_of_organization, organization, user);
}

void floor_add_member(struct floor *f, uint32_t team, uint32_t user) {
    add(&f->teams_of_user, user, team);
    add(&f->members_of_team, team, user);
}

void floor_add_namespace_grant(struct floor *f, uint32_t team, uint8_t level) { f->teams[team].namespace_level = level; }

void floor_add_team_grant(struct floor *f, uint32_t team, uint32_t repository, uint8_t level) {
    add(&f->teams_on_repository, repository, team << 2 | level);
    add(&f->repositories_of_team, team, repository << 2 | level);
}

void floor_add_user_grant(struct floor *f, uint32_t user, uint32_t repository, uint8_t level) {
    add(&f->users_on_repository, repository, user << 2 | level);
    add(&f->repositories_of_user, user, repository << 2 | level);
}

void floor_seal(struct floor *f) {
    seal(&f->teams_of_user, f->accounts);
    seal(&f->organizations_of_user, f->accounts);
    seal(&f->repositories_of_user, f->accounts);
    seal(&f->owners_of_organization, f->accounts);
    seal(&f->repositories_of_namespace, f->accounts);
    seal(&f->teams_of_organization, f->accounts);
    seal(&f->members_of_team, f->team_count);
    seal(&f->repositories_of_team, f->team_count);
    seal(&f->teams_below, f->team_count);
    seal(&f->teams_on_repository, f->repositories);
    seal(&f->users_on_repository, f->repositories);
    f->levels = calloc((f->accounts > f->repositories ? f->accounts : f->repositories) + 8, 1);
}

int floor_level_at(const struct floor *f, uint32_t user, uint32_t repository) {
    uint8_t flags = f->flags[user];
    uint32_t namespace = f->namespaces[repository];
    uint32_t level = f->is_public[repository];
    if (!(flags & floor_is_active)) return 0;
    if (flags & floor_is_administrator || user == namespace) return 3;
    each(organization, f->organizations_of_user, user) if (*organization == namespace) return 3;
    each(member, f->teams_of_user, user) {
        if (f->teams[*member].organization != namespace) continue;
        for (int64_t team = *member; team >= 0; team = f->teams[team].parent) {
            if (f->teams[team].namespace_level > level) level = f->teams[team].namespace_level;
            each(grant, f->teams_on_repository, repository) {
                if (*grant >> 2 == team && (*grant & 3) > level) level = *grant & 3;
            }
        }
    }
    each(grant, f->users_on_repository, repository) {
        if (*grant >> 2 == user && (*grant & 3) > level) level = *grant & 3;
    }
    return (int)level;
}

int floor_level(const struct floor *f, const char *name, size_t length, const char *path, size_t path_length) {
    int64_t user = find(f, name, length), repository = find(f, path, path_length);
    if (user < 0 || repository < 0 || !(f->flags[user] & floor_is_user)) return 0;
    return floor_level_at(f, (uint32_t)user, (uint32_t)repository);
}

// What was found so far: as it came, and the highest level of each number.
struct found {
    uint32_t *items;
    size_t count;
    uint8_t *levels;
};

static inline void note(struct found *found, uint32_t item, uint8_t level) {
    found->items[found->count] = item;
    found->count += !found->levels[item];
    if (found->levels[item] < level) found->levels[item] = level;
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

// Puts the numbers in order, each above its level: few by sorting, many by looking through the levels.
static size_t settle(struct found *found, size_t all) {
    if (found->count < all / 1024) {
        qsort(found->items, found->count, sizeof(uint32_t), compare);
        for (size_t i = 0; i < found->count; i++) {
            uint32_t item = found->items[i];
            found->items[i] = item << 2 | found->levels[item];
            found->levels[item] = 0;
        }
        return found->count;
    }
    size_t count = 0;
    for (size_t start = 0; start < all; start += 8) {
        uint64_t some;
        memcpy(&some, found->levels + start, 8);
        while (some) {
            unsigned place = (unsigned)__builtin_ctzll(some) / 8;
            found->items[count++] = (uint32_t)(start + place) << 2 | found->levels[start + place];
            some &= ~(0xFFull << place * 8);
        }
        memset(found->levels + start, 0, 8);
    }
    return count;
}

static void note_members(const struct floor *f, struct found *found, uint32_t team, uint8_t level) {
    each(user, f->members_of_team, team) if (f->flags[*user] & floor_is_active) note(found, *user, level);
    each(child, f->teams_below, team) note_members(f, found, *child, level);
}

size_t floor_who(struct floor *f, uint32_t repository, uint8_t least, uint32_t *items) {
    struct found found = {items, 0, f->levels};
    uint32_t namespace = f->namespaces[repository];
    for (size_t i = 0; i < f->administrators.count; i++) {
        uint32_t user = f->administrators.items[i];
        if (f->flags[user] & floor_is_active) note(&found, user, 3);
    }
    if ((f->flags[namespace] & 3) == 3) note(&found, namespace, 3);
    each(user, f->owners_of_organization, namespace) {
        if (f->flags[*user] & floor_is_active) note(&found, *user, 3);
    }
    each(team, f->teams_of_organization, namespace) {
        uint8_t level = f->teams[*team].namespace_level;
        if (level >= least) note_members(f, &found, *team, level);
    }
    each(grant, f->teams_on_repository, repository) {
        if ((*grant & 3) >= least && f->teams[*grant >> 2].organization == namespace)
            note_members(f, &found, *grant >> 2, *grant & 3);
    }
    each(grant, f->users_on_repository, repository) {
        if ((*grant & 3) >= least && f->flags[*grant >> 2] & floor_is_active) note(&found, *grant >> 2, *grant & 3);
    }
    return settle(&found, f->accounts);
}

static void note_all(const struct floor *f, struct found *found, uint32_t namespace, uint8_t level) {
    each(repository, f->repositories_of_namespace, namespace) note(found, *repository, level);
}

size_t floor_what(struct floor *f, uint32_t user, uint8_t least, uint32_t *items) {
    struct found found = {items, 0, f->levels};
    if (!(f->flags[user] & floor_is_active)) return 0;
    if (f->flags[user] & floor_is_administrator) {
        for (uint32_t i = 0; i < f->repositories; i++) items[i] = i << 2 | 3;
        return f->repositories;
    }
    note_all(f, &found, user, 3);
    each(organization, f->organizations_of_user, user) note_all(f, &found, *organization, 3);
    each(grant, f->repositories_of_user, user) if ((*grant & 3) >= least) note(&found, *grant >> 2, *grant & 3);
    each(member, f->teams_of_user, user) {
        for (int64_t team = *member; team >= 0; team = f->teams[team].parent) {
            uint32_t organization = f->teams[team].organization;
            if (f->teams[team].namespace_level >= least)
                note_all(f, &found, organization, f->teams[team].namespace_level);
            each(grant, f->repositories_of_team, team) {
                if ((*grant & 3) >= least && f->namespaces[*grant >> 2] == organization)
                    note(&found, *grant >> 2, *grant & 3);
            }
        }
    }
    return settle(&found, f->repositories);
}
