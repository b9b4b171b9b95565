/* Jobs that wait, in slots in the order of the queue, under a tree of the least demand and the least
 * estimate below each node: the next job that may be backfilled is found without walking over those
 * that may not. A slot that was left holds nobody, until the slots are used up and all move together.
 */
#ifndef LIONROCK_QUEUE_H
#define LIONROCK_QUEUE_H

#include <string.h>

#include "ends.h"

#define FAN 16
#define SHIFT 4
#define LEVELS 12

typedef struct {
    int64_t demand, estimate;
} Least;

typedef struct {
    Least *level[LEVELS]; /* 0: the slots themselves; above: the least of each FAN below */
    uint32_t *job;        /* of each slot */
    int levels;
    size_t head, tail, room, waiting;
} Queue;

static const Least NOBODY = {NEVER, NEVER};

static void queue_free(Queue *queue)
{
    for (int each = 0; each < queue->levels; each++)
        free(queue->level[each]);
    free(queue->job);
}

static int queue_make(Queue *queue, size_t room)
{
    memset(queue, 0, sizeof *queue);
    size_t count = room;
    queue->job = malloc(room * sizeof *queue->job);
    if (!queue->job)
        return NO_MEMORY;
    for (;;) {
        size_t padded = (count + FAN - 1) / FAN * FAN;
        Least *level = malloc(padded * sizeof *level);
        if (!level)
            return NO_MEMORY;
        queue->level[queue->levels++] = level;
        for (size_t each = 0; each < padded; each++)
            level[each] = NOBODY;
        if (padded == FAN)
            break;
        count = padded / FAN;
    }
    queue->room = room;
    return OK;
}

static inline void lower(Least *node, Least by)
{
    if (by.demand < node->demand)
        node->demand = by.demand;
    if (by.estimate < node->estimate)
        node->estimate = by.estimate;
}

static void queue_put(Queue *queue, uint32_t job, int64_t demand, int64_t estimate)
{
    size_t slot = queue->tail++;
    Least least = {demand, estimate};
    queue->job[slot] = job;
    for (int level = 0; level < queue->levels; level++, slot >>= SHIFT)
        lower(queue->level[level] + slot, least);
    queue->waiting++;
}

/* When the slots are used up: the jobs that wait move together, into twice the room if need be. */
static int queue_repack(Queue *queue)
{
    Queue fresh;
    size_t room = queue->waiting * 2 > queue->room ? queue->room * 2 : queue->room;
    if (queue_make(&fresh, room)) {
        queue_free(&fresh);
        return NO_MEMORY;
    }
    for (size_t slot = queue->head; slot < queue->tail; slot++) {
        Least least = queue->level[0][slot];
        if (least.demand != NEVER)
            queue_put(&fresh, queue->job[slot], least.demand, least.estimate);
    }
    queue_free(queue);
    *queue = fresh;
    return OK;
}

static int queue_add(Queue *queue, uint32_t job, int64_t demand, int64_t estimate)
{
    if (queue->tail == queue->room && queue_repack(queue))
        return NO_MEMORY;
    queue_put(queue, job, demand, estimate);
    return OK;
}

static void queue_remove(Queue *queue, size_t slot)
{
    queue->level[0][slot] = NOBODY;
    for (int level = 1; level < queue->levels; level++) {
        slot >>= SHIFT;
        const Least *below = queue->level[level - 1] + (slot << SHIFT);
        Least least = below[0], *node = queue->level[level] + slot;
        for (int each = 1; each < FAN; each++)
            lower(&least, below[each]);
        if (least.demand == node->demand && least.estimate == node->estimate)
            break;
        *node = least;
    }
    queue->waiting--;
    if (!queue->waiting)
        queue->head = queue->tail = 0; /* every slot is empty */
    else
        while (queue->level[0][queue->head].demand == NEVER)
            queue->head++;
}

typedef struct {
    int64_t free, slack, extra;
} Gap;

static inline int fits(Least least, const Gap *gap)
{
    return least.demand <= gap->free && (least.estimate <= gap->slack || least.demand <= gap->extra);
}

/* The first slot from a place on, below a node, whose job may be backfilled; or -1. */
static int64_t queue_find(const Queue *queue, int level, size_t node, size_t from, const Gap *gap)
{
    size_t first = node << SHIFT, stop = first + FAN, skip = from >> (SHIFT * level);
    const Least *least = queue->level[level];
    for (size_t each = skip > first ? skip : first; each < stop; each++) {
        if (!fits(least[each], gap))
            continue;
        if (level == 0)
            return (int64_t)each;
        int64_t found = queue_find(queue, level - 1, each, from, gap);
        if (found >= 0)
            return found;
    }
    return -1;
}

#endif
