/* The ends of the jobs that run: a heap by (time, how many had started before). */
#ifndef LIONROCK_ENDS_H
#define LIONROCK_ENDS_H

#include <stdint.h>
#include <stdlib.h>

enum { OK = 0, NO_MEMORY = 1 };

#define NEVER INT64_MAX

typedef struct {
    int64_t time;
    uint32_t order, job;
} End;

typedef struct {
    End *heap;
    size_t count, room;
} Ends;

static inline int sooner(End a, End b)
{
    return a.time < b.time || (a.time == b.time && a.order < b.order);
}

static int ends_push(Ends *ends, End end)
{
    if (ends->count == ends->room) {
        size_t room = ends->room ? 2 * ends->room : 1024;
        End *heap = realloc(ends->heap, room * sizeof *heap);
        if (!heap)
            return NO_MEMORY;
        ends->heap = heap;
        ends->room = room;
    }
    End *heap = ends->heap;
    size_t at = ends->count++;
    while (at > 0) {
        size_t above = (at - 1) >> 2;
        if (!sooner(end, heap[above]))
            break;
        heap[at] = heap[above];
        at = above;
    }
    heap[at] = end;
    return OK;
}

static End ends_pop(Ends *ends)
{
    End *heap = ends->heap, first = heap[0], last = heap[--ends->count];
    size_t count = ends->count, at = 0;
    for (;;) {
        size_t least = 4 * at + 1, stop = least + 4 < count ? least + 4 : count;
        if (least >= count)
            break;
        for (size_t each = least + 1; each < stop; each++)
            if (sooner(heap[each], heap[least]))
                least = each;
        if (!sooner(heap[least], last))
            break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = last;
    return first;
}

static inline int ends_at(const Ends *ends, int64_t now)
{
    return ends->count && ends->heap[0].time == now;
}

/* The next second at which something ends or is submitted. */
static inline int64_t next_time(const Ends *ends, int64_t submit)
{
    return ends->count && ends->heap[0].time < submit ? ends->heap[0].time : submit;
}

#endif
