/* One pool of equal units: first come first served and EASY backfilling, as domain/pool.py defines them.
 *
 * The schedules are the same to the second; only the looking-up differs:
 *
 *   ends     a heap
 *   promised what the estimates of the jobs that run promise: units by time, sorted, in blocks with sums,
 *            so that the shadow time is found without walking over every running job
 *   queue    a tree over the jobs that wait
 *
 * A job that arrives while the first in the queue waits changes nothing for those before it: free
 * units, shadow time and extra stay what the last pass left. Only the new job is looked at.
 */
#include "queue.h"

enum { FCFS = 0, EASY = 1 };
enum { EACH_TIME = 0, EACH_EVENT = 1 };

/* ---- promised --------------------------------------------------------------------------------- */

#define BLOCK 64

typedef struct {
    int64_t time[BLOCK], units[BLOCK];
    int count;
} Block;

typedef struct {
    Block **blocks;
    int64_t *first, *sum; /* of each block: its earliest time, its units */
    size_t count, room;
} Promised;

static int promised_grow(Promised *promised)
{
    if (promised->count < promised->room)
        return OK;
    size_t room = promised->room ? 2 * promised->room : 16;
    Block **blocks = realloc(promised->blocks, room * sizeof *blocks);
    if (blocks)
        promised->blocks = blocks;
    int64_t *first = realloc(promised->first, room * sizeof *first);
    if (first)
        promised->first = first;
    int64_t *sum = realloc(promised->sum, room * sizeof *sum);
    if (sum)
        promised->sum = sum;
    if (!blocks || !first || !sum)
        return NO_MEMORY;
    promised->room = room;
    return OK;
}

/* Make room for a block at a place; the one there and those behind it move on. */
static int promised_open(Promised *promised, size_t at)
{
    if (promised_grow(promised))
        return NO_MEMORY;
    Block *block = malloc(sizeof *block);
    if (!block)
        return NO_MEMORY;
    block->count = 0;
    size_t behind = promised->count - at;
    memmove(promised->blocks + at + 1, promised->blocks + at, behind * sizeof *promised->blocks);
    memmove(promised->first + at + 1, promised->first + at, behind * sizeof *promised->first);
    memmove(promised->sum + at + 1, promised->sum + at, behind * sizeof *promised->sum);
    promised->blocks[at] = block;
    promised->first[at] = NEVER;
    promised->sum[at] = 0;
    promised->count++;
    return OK;
}

static void promised_close(Promised *promised, size_t at)
{
    free(promised->blocks[at]);
    size_t behind = --promised->count - at;
    memmove(promised->blocks + at, promised->blocks + at + 1, behind * sizeof *promised->blocks);
    memmove(promised->first + at, promised->first + at + 1, behind * sizeof *promised->first);
    memmove(promised->sum + at, promised->sum + at + 1, behind * sizeof *promised->sum);
}

/* The last block that begins at or before a time, or the first one. */
static size_t promised_block(const Promised *promised, int64_t time)
{
    size_t low = 0, high = promised->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (promised->first[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int block_place(const Block *block, int64_t time)
{
    int low = 0, high = block->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (block->time[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int promised_split(Promised *promised, size_t at)
{
    if (promised_open(promised, at + 1))
        return NO_MEMORY;
    Block *left = promised->blocks[at], *right = promised->blocks[at + 1];
    int half = BLOCK / 2;
    int64_t moved = 0;
    memcpy(right->time, left->time + half, (BLOCK - half) * sizeof *left->time);
    memcpy(right->units, left->units + half, (BLOCK - half) * sizeof *left->units);
    for (int each = half; each < BLOCK; each++)
        moved += left->units[each];
    right->count = BLOCK - half;
    left->count = half;
    promised->first[at + 1] = right->time[0];
    promised->sum[at + 1] = moved;
    promised->sum[at] -= moved;
    return OK;
}

static int promised_add(Promised *promised, int64_t time, int64_t units)
{
    if (promised->count == 0 && promised_open(promised, 0))
        return NO_MEMORY;
    size_t at = promised_block(promised, time);
    Block *block = promised->blocks[at];
    int place = block_place(block, time);
    if (place < block->count && block->time[place] == time) {
        block->units[place] += units;
        promised->sum[at] += units;
        return OK;
    }
    if (block->count == BLOCK) {
        if (promised_split(promised, at))
            return NO_MEMORY;
        if (promised->first[at + 1] <= time)
            at++;
        block = promised->blocks[at];
        place = block_place(block, time);
    }
    size_t behind = (size_t)(block->count - place);
    memmove(block->time + place + 1, block->time + place, behind * sizeof *block->time);
    memmove(block->units + place + 1, block->units + place, behind * sizeof *block->units);
    block->time[place] = time;
    block->units[place] = units;
    block->count++;
    promised->first[at] = block->time[0];
    promised->sum[at] += units;
    return OK;
}

static void promised_take(Promised *promised, int64_t time, int64_t units)
{
    size_t at = promised_block(promised, time);
    Block *block = promised->blocks[at];
    int place = block_place(block, time);
    promised->sum[at] -= units;
    block->units[place] -= units;
    if (block->units[place] > 0)
        return;
    size_t behind = (size_t)(--block->count - place);
    memmove(block->time + place, block->time + place + 1, behind * sizeof *block->time);
    memmove(block->units + place, block->units + place + 1, behind * sizeof *block->units);
    if (block->count)
        promised->first[at] = block->time[0];
    else
        promised_close(promised, at);
}

/* When so many units more would be free, and how many would be free then beyond them. */
static int64_t promised_shadow(const Promised *promised, int64_t missing, int64_t *beyond)
{
    size_t at = 0;
    while (promised->sum[at] < missing)
        missing -= promised->sum[at++];
    const Block *block = promised->blocks[at];
    int place = 0;
    while ((missing -= block->units[place]) > 0)
        place++;
    *beyond = -missing;
    return block->time[place];
}

static void promised_free(Promised *promised)
{
    for (size_t each = 0; each < promised->count; each++)
        free(promised->blocks[each]);
    free(promised->blocks);
    free(promised->first);
    free(promised->sum);
}

/* ---- the pool --------------------------------------------------------------------------------- */

typedef struct {
    const int64_t *submit, *duration, *estimate, *demand;
    int64_t *start;
    int64_t free;
    int64_t shadow, extra; /* for the job at the head, since the last pass; shrunk by who was let past */
    int policy;
    uint32_t started;
    Ends ends;
    Promised promised;
    Queue queue;
} Pool;

static int pool_start(Pool *pool, uint32_t job, int64_t now)
{
    End end = {now + pool->duration[job], pool->started++, job};
    pool->start[job] = now;
    pool->free -= pool->demand[job];
    if (pool->policy == EASY && promised_add(&pool->promised, now + pool->estimate[job], pool->demand[job]))
        return NO_MEMORY;
    return ends_push(&pool->ends, end);
}

static void pool_end(Pool *pool)
{
    uint32_t job = ends_pop(&pool->ends).job;
    pool->free += pool->demand[job];
    if (pool->policy == EASY)
        promised_take(&pool->promised, pool->start[job] + pool->estimate[job], pool->demand[job]);
}

static void pool_look_ahead(Pool *pool)
{
    int64_t demand = pool->queue.level[0][pool->queue.head].demand;
    pool->shadow = promised_shadow(&pool->promised, demand - pool->free, &pool->extra);
}

/* May a job that fits now pass the one at the head? If it outlasts the shadow time, it takes from extra. */
static inline int pool_lets_past(Pool *pool, int64_t demand, int64_t estimate, int64_t now)
{
    if (now + estimate <= pool->shadow)
        return 1;
    if (demand > pool->extra)
        return 0;
    pool->extra -= demand;
    return 1;
}

static int pool_backfill(Pool *pool, int64_t now)
{
    Queue *queue = &pool->queue;
    size_t from = queue->head + 1;
    pool_look_ahead(pool);
    while (pool->free > 0) {
        Gap gap = {pool->free, pool->shadow - now, pool->extra};
        int64_t slot = queue_find(queue, queue->levels - 1, 0, from, &gap);
        if (slot < 0)
            break;
        Least found = queue->level[0][slot];
        pool_lets_past(pool, found.demand, found.estimate, now);
        if (pool_start(pool, queue->job[slot], now))
            return NO_MEMORY;
        queue_remove(queue, (size_t)slot);
        from = (size_t)slot + 1;
    }
    return OK;
}

/* A pass over those that wait already. */
static int pool_pass(Pool *pool, int64_t now)
{
    Queue *queue = &pool->queue;
    while (queue->waiting && queue->level[0][queue->head].demand <= pool->free) {
        if (pool_start(pool, queue->job[queue->head], now))
            return NO_MEMORY;
        queue_remove(queue, queue->head);
    }
    return queue->waiting && pool->policy == EASY ? pool_backfill(pool, now) : OK;
}

/* What a pass does for a job that has just joined the queue: all before it have had their turn. */
static int pool_submit(Pool *pool, uint32_t job, int64_t now)
{
    int64_t demand = pool->demand[job], estimate = pool->estimate[job];
    int first = pool->queue.waiting == 0, fit = demand <= pool->free;
    if (fit && (first || (pool->policy == EASY && pool_lets_past(pool, demand, estimate, now))))
        return pool_start(pool, job, now);
    if (queue_add(&pool->queue, job, demand, estimate))
        return NO_MEMORY;
    if (first && pool->policy == EASY)
        pool_look_ahead(pool);
    return OK;
}

static int pool_ends_at(Pool *pool, int64_t now, int passes)
{
    while (ends_at(&pool->ends, now)) {
        pool_end(pool);
        if (passes == EACH_EVENT || !ends_at(&pool->ends, now))
            if (pool_pass(pool, now))
                return NO_MEMORY;
    }
    return OK;
}

static int pool_run(Pool *pool, int64_t count, int passes)
{
    int64_t next = 0;
    while (next < count || pool->ends.count) {
        int64_t now = next_time(&pool->ends, next < count ? pool->submit[next] : NEVER);
        if (passes == EACH_TIME && pool_ends_at(pool, now, passes))
            return NO_MEMORY;
        for (; next < count && pool->submit[next] == now; next++)
            if (pool_submit(pool, (uint32_t)next, now))
                return NO_MEMORY;
        if (passes == EACH_EVENT && pool_ends_at(pool, now, passes))
            return NO_MEMORY;
    }
    return OK;
}

/* Write when each job starts; the jobs are those of `Jobs` in domain/jobs.py, fewer than 2^32. */
int lionrock_pool(int64_t count, const int64_t *submit, const int64_t *duration, const int64_t *estimate,
                  const int64_t *demand, int64_t capacity, int policy, int passes, int64_t *start)
{
    Pool pool = {.submit = submit, .duration = duration, .estimate = estimate, .demand = demand,
                 .start = start, .free = capacity, .policy = policy};
    int outcome = queue_make(&pool.queue, FAN * FAN);
    if (outcome == OK)
        outcome = pool_run(&pool, count, passes);
    queue_free(&pool.queue);
    promised_free(&pool.promised);
    free(pool.ends.heap);
    return outcome;
}
