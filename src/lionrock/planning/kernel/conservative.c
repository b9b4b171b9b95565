/* Conservative backfilling on one pool, as domain/conservative.py defines it.
 *
 * What is free is a row of steps, each from its time up to that of the next; the last goes on for ever.
 * A promise holds units in the row from its start to the end of its estimate, and so does a job that runs.
 */
#include <string.h>

#include "ends.h"

typedef struct {
    int64_t time, free;
} Step;

typedef struct {
    const int64_t *submit, *duration, *estimate, *demand;
    int64_t *start; /* of a job that waits: its promise */
    Step *steps;
    size_t count, room;
    uint32_t *queue, started;
    size_t waiting;
    Ends ends;
} Plan;

/* The step in which a time lies. */
static size_t plan_step(const Plan *plan, int64_t time)
{
    size_t low = 0, high = plan->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (plan->steps[middle].time <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Let a step begin at a time, and return its place. */
static size_t plan_cut(Plan *plan, int64_t time)
{
    size_t at = plan_step(plan, time);
    if (plan->steps[at].time == time)
        return at;
    memmove(plan->steps + at + 1, plan->steps + at, (plan->count++ - at) * sizeof *plan->steps);
    plan->steps[at + 1].time = time;
    return at + 1;
}

static void plan_join(Plan *plan, size_t at)
{
    if (at == 0 || at >= plan->count || plan->steps[at].free != plan->steps[at - 1].free)
        return;
    memmove(plan->steps + at, plan->steps + at + 1, (--plan->count - at) * sizeof *plan->steps);
}

/* Hold units in [since, until), or with a number below zero give them back. */
static int plan_hold(Plan *plan, int64_t since, int64_t until, int64_t units)
{
    if (plan->count + 2 > plan->room) {
        size_t room = 2 * plan->room + 64;
        Step *steps = realloc(plan->steps, room * sizeof *steps);
        if (!steps)
            return NO_MEMORY;
        plan->steps = steps;
        plan->room = room;
    }
    size_t first = plan_cut(plan, since), last = plan_cut(plan, until);
    for (size_t each = first; each < last; each++)
        plan->steps[each].free -= units;
    plan_join(plan, last);
    plan_join(plan, first);
    return OK;
}

static int64_t plan_earliest(const Plan *plan, uint32_t job, int64_t now)
{
    int64_t demand = plan->demand[job], estimate = plan->estimate[job], start = now;
    for (size_t each = plan_step(plan, now); each < plan->count; each++) {
        int64_t time = plan->steps[each].time;
        if (time > start && time - start >= estimate)
            break;
        if (plan->steps[each].free < demand && each + 1 < plan->count)
            start = plan->steps[each + 1].time;
    }
    return start;
}

static int plan_promise(Plan *plan, uint32_t job, int64_t now)
{
    int64_t start = plan_earliest(plan, job, now);
    plan->start[job] = start;
    return plan_hold(plan, start, start + plan->estimate[job], plan->demand[job]);
}

static int plan_promise_anew(Plan *plan, int64_t now)
{
    for (size_t each = 0; each < plan->waiting; each++) {
        uint32_t job = plan->queue[each];
        int64_t start = plan->start[job];
        if (plan_hold(plan, start, start + plan->estimate[job], -plan->demand[job]) || plan_promise(plan, job, now))
            return NO_MEMORY;
    }
    return OK;
}

/* End all that end now; tell in `early` whether any did before its estimate. */
static int plan_end(Plan *plan, int64_t now, int *early)
{
    while (ends_at(&plan->ends, now)) {
        uint32_t job = ends_pop(&plan->ends).job;
        int64_t promised = plan->start[job] + plan->estimate[job];
        if (promised == now)
            continue;
        *early = 1;
        if (plan_hold(plan, now, promised, -plan->demand[job]))
            return NO_MEMORY;
    }
    return OK;
}

/* Start those whose promise is now; return the earliest promise of the others in `next`. */
static int plan_start(Plan *plan, int64_t now, int64_t *next)
{
    size_t left = 0;
    *next = NEVER;
    for (size_t each = 0; each < plan->waiting; each++) {
        uint32_t job = plan->queue[each];
        End end = {now + plan->duration[job], plan->started, job};
        if (plan->start[job] != now) {
            plan->queue[left++] = job;
            if (plan->start[job] < *next)
                *next = plan->start[job];
        } else if (plan->started++, ends_push(&plan->ends, end)) {
            return NO_MEMORY;
        }
    }
    plan->waiting = left;
    return OK;
}

/* Forget what is past. */
static void plan_forget(Plan *plan, int64_t now)
{
    size_t past = plan_step(plan, now);
    if (past < 256)
        return;
    memmove(plan->steps, plan->steps + past, (plan->count -= past) * sizeof *plan->steps);
}

static int plan_run(Plan *plan, int64_t count)
{
    int64_t next = 0, promise = NEVER;
    while (next < count || plan->ends.count || plan->waiting) {
        int early = 0;
        int64_t now = next_time(&plan->ends, next < count ? plan->submit[next] : NEVER);
        if (promise < now)
            now = promise;
        plan_forget(plan, now);
        if (plan_end(plan, now, &early) || (early && plan_promise_anew(plan, now)))
            return NO_MEMORY;
        for (; next < count && plan->submit[next] == now; next++) {
            plan->queue[plan->waiting++] = (uint32_t)next;
            if (plan_promise(plan, (uint32_t)next, now))
                return NO_MEMORY;
        }
        if (plan_start(plan, now, &promise))
            return NO_MEMORY;
    }
    return OK;
}

/* Write when each job starts; the jobs are those of `Jobs` in domain/jobs.py, fewer than 2^32. */
int lionrock_conservative(int64_t count, const int64_t *submit, const int64_t *duration, const int64_t *estimate,
                          const int64_t *demand, int64_t capacity, int64_t *start)
{
    Plan plan = {.submit = submit, .duration = duration, .estimate = estimate, .demand = demand, .start = start};
    plan.queue = malloc((size_t)count * sizeof *plan.queue);
    plan.steps = malloc(64 * sizeof *plan.steps);
    plan.room = 64;
    int outcome = plan.queue && plan.steps ? OK : NO_MEMORY;
    if (outcome == OK) {
        plan.steps[plan.count++] = (Step){INT64_MIN, capacity};
        outcome = plan_run(&plan, count);
    }
    free(plan.queue);
    free(plan.steps);
    free(plan.ends.heap);
    return outcome;
}
