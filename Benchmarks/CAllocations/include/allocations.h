#ifndef PORTREEVE_ALLOCATIONS_H
#define PORTREEVE_ALLOCATIONS_H

/// How often this process has asked for memory since it began.
unsigned long allocations_so_far(void);

/// The bytes it has been given and not given back: unlike resident memory they fall again.
unsigned long bytes_allocated(void);

#endif
