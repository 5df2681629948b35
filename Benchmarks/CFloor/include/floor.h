#ifndef PORTREEVE_FLOOR_H
#define PORTREEVE_FLOOR_H

#include <stddef.h>
#include <stdint.h>

// The yardstick of decisions: a world in flat arrays and one table of names, which answers and does nothing
// else. It cannot be changed, knows no ends, no service accounts and no reasons, and never frees a world.

struct floor;

enum { floor_is_user = 1, floor_is_active = 2, floor_is_administrator = 4 };

struct floor *floor_new(void);

// Each of these returns the number of what was added, counted from 0. Whoever adds in the order of names gets answers
// in that order.
uint32_t floor_add_account(struct floor *, const char *name, size_t length, uint8_t flags);
uint32_t floor_add_team(struct floor *, uint32_t organization, int64_t parent);
uint32_t floor_add_repository(struct floor *, uint32_t namespace, const char *path, size_t length, int is_public);

void floor_add_owner(struct floor *, uint32_t organization, uint32_t user);
void floor_add_member(struct floor *, uint32_t team, uint32_t user);
// Levels are 1 to 3. A team's level on a namespace is given for its own organisation only.
void floor_add_namespace_grant(struct floor *, uint32_t team, uint8_t level);
void floor_add_team_grant(struct floor *, uint32_t team, uint32_t repository, uint8_t level);
void floor_add_user_grant(struct floor *, uint32_t user, uint32_t repository, uint8_t level);

// To be called once everything was added, and before anything is asked.
void floor_seal(struct floor *);

// The highest level of a user on a repository; 0 for none.
int floor_level(const struct floor *, const char *name, size_t length, const char *path, size_t path_length);
int floor_level_at(const struct floor *, uint32_t user, uint32_t repository);

// The users who have at least a level on a repository, and the repositories where a user has it, for a level above
// that of public repositories: the number of each above two bits of its highest level, in order. They return how
// many; `found` must have room for one more than all of the world's.
size_t floor_who(struct floor *, uint32_t repository, uint8_t least, uint32_t *found);
size_t floor_what(struct floor *, uint32_t user, uint8_t least, uint32_t *found);

#endif
