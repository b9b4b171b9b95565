/* The use of accounts and their place in the fair tree, as domain/priority.py defines them. */
#ifndef LIONROCK_STANDING_H
#define LIONROCK_STANDING_H

#include <stdint.h>
#include <stdlib.h>

#include "ends.h"

#define ONE (INT64_C(1) << 20)
#define QUALITY_ONE 1000

typedef struct {
    int64_t age, fair_share, size, quality; /* the weights */
    int64_t max_age, period, decay, favour_small;
    int64_t accounts;
    const int64_t *shares;
} Weights;

typedef struct {
    Weights weights;
    int64_t tick;
    int64_t *use, *held, *recent, *since, *factor;
    size_t *order; /* of the accounts, as they were ranked last */
} Standing;

static void standing_free(Standing *standing)
{
    free(standing->use);
    free(standing->order);
}

/* Is the first account behind the second, by shares / use? Below 0: it is before. */
static inline int standing_compare(const Standing *standing, size_t one, size_t other)
{
    const int64_t *shares = standing->weights.shares, *use = standing->use;
    __int128 left = (__int128)shares[other] * use[one], right = (__int128)shares[one] * use[other];
    return (left > right) - (left < right);
}

static void standing_rank(Standing *standing)
{
    size_t count = (size_t)standing->weights.accounts, *order = standing->order;
    for (size_t each = 1; each < count; each++) { /* little has changed since the last time */
        size_t account = order[each], at = each;
        for (; at > 0 && standing_compare(standing, account, order[at - 1]) < 0; at--)
            order[at] = order[at - 1];
        order[at] = account;
    }
    for (size_t each = 0; each < count; each++) {
        int tied = each > 0 && standing_compare(standing, order[each - 1], order[each]) == 0;
        standing->factor[order[each]] =
            tied ? standing->factor[order[each - 1]] : (int64_t)(count - each) * ONE / (int64_t)count;
    }
}

static int standing_make(Standing *standing, Weights weights, int64_t first)
{
    size_t count = (size_t)weights.accounts;
    standing->weights = weights;
    standing->use = calloc(5 * count, sizeof *standing->use);
    standing->order = malloc(count * sizeof *standing->order);
    if (!standing->use || !standing->order)
        return NO_MEMORY;
    standing->held = standing->use + count;
    standing->recent = standing->held + count;
    standing->since = standing->recent + count;
    standing->factor = standing->since + count;
    int64_t past = first % weights.period;
    standing->tick = first - (past < 0 ? past + weights.period : past);
    for (size_t each = 0; each < count; each++) {
        standing->since[each] = first;
        standing->order[each] = each;
    }
    standing_rank(standing);
    return OK;
}

static void standing_change(Standing *standing, int64_t account, int64_t units, int64_t now)
{
    standing->recent[account] += standing->held[account] * (now - standing->since[account]);
    standing->since[account] = now;
    standing->held[account] += units;
}

/* Reckon all that was due up to now; tell whether anything was. */
static int standing_catch_up(Standing *standing, int64_t now)
{
    int64_t before = standing->tick;
    while (standing->tick + standing->weights.period <= now) {
        standing->tick += standing->weights.period;
        for (int64_t each = 0; each < standing->weights.accounts; each++) {
            standing_change(standing, each, 0, standing->tick);
            standing->use[each] = (int64_t)(((__int128)standing->use[each] * standing->weights.decay) >> 32);
            standing->use[each] += standing->recent[each];
            standing->recent[each] = 0;
        }
    }
    if (standing->tick == before)
        return 0;
    standing_rank(standing);
    return 1;
}

static int64_t standing_of(const Standing *standing, int64_t account, int64_t submit, int64_t demand, int64_t quality,
                           int64_t capacity)
{
    const Weights *weights = &standing->weights;
    int64_t waited = standing->tick > submit ? standing->tick - submit : 0;
    if (waited > weights->max_age)
        waited = weights->max_age;
    int64_t total = weights->age * (waited * ONE / weights->max_age);
    total += weights->fair_share * standing->factor[account];
    total += weights->size * ((weights->favour_small ? capacity - demand : demand) * ONE / capacity);
    total += weights->quality * (quality * ONE / QUALITY_ONE);
    return total / ONE;
}

#endif
