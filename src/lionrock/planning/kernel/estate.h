/* Nodes of several kinds that come and go, as domain/estate.py lays them out, and where on them a job goes.
 *
 * A view says how many units each node has free, now or at a later second. It counts the nodes of each kind
 * by how many they have, so that most jobs that fit nowhere are refused without looking at a node; a node that is
 * closed may be left out of the count.
 */
#ifndef LIONROCK_ESTATE_H
#define LIONROCK_ESTATE_H

#include <string.h>

#include "ends.h"

#define LONG_AGO (-(INT64_C(1) << 62))
#define THOUSAND 1000

typedef struct {
    int64_t kinds, classes, windows;
    const int64_t *nodes, *size;      /* of each kind */
    const int64_t *speeds;            /* classes x kinds, in thousandths */
    const int64_t *preferred;         /* classes x kinds: numbers of kinds, the fastest first; -1 ends a row */
    const int64_t *node, *since, *until, *known, *fate, *lent; /* of each window */
} Layout;

typedef struct {
    int64_t *free;    /* of each node */
    char *counted;    /* whether a node is in the tally */
    int64_t *tally;   /* of each kind and number of units: how many nodes have so many free */
    int64_t total;    /* free units of all that are counted */
} View;

typedef struct {
    int64_t time, node;
} Opening;

typedef struct {
    Layout of;
    int64_t all, capacity;            /* nodes, units */
    size_t levels;                    /* length of a tally */
    int64_t *first, *tallied;         /* of each kind: its first node, its place in a tally */
    int32_t *kind;                    /* of each node */
    int64_t *begins, *window;         /* of each node: where its windows begin among all, sorted by node */
    int64_t *open_until[2];           /* of each node, to who stays and to who gives way, as known now */
    int64_t bounded;                  /* how many open nodes are known to close one day */
    Opening *openings;                /* known, not yet past, by time */
    size_t opening, opened, room;
    View now, then;
    int32_t *chosen;                  /* the nodes that were found last */
    int64_t chosen_kind;
} Estate;

static void view_free(View *view)
{
    free(view->free);
    free(view->counted);
    free(view->tally);
}

static int view_make(View *view, const Estate *estate)
{
    view->free = malloc((size_t)estate->all * sizeof *view->free);
    view->counted = calloc((size_t)estate->all, 1);
    view->tally = calloc(estate->levels, sizeof *view->tally);
    return view->free && view->counted && view->tally ? OK : NO_MEMORY;
}

static void view_count(View *view, const Estate *estate, int64_t node, int counted)
{
    if (view->counted[node] == counted)
        return;
    view->counted[node] = (char)counted;
    view->tally[estate->tallied[estate->kind[node]] + view->free[node]] += counted ? 1 : -1;
    view->total += counted ? view->free[node] : -view->free[node];
}

static void view_move(View *view, const Estate *estate, int64_t node, int64_t units)
{
    int counted = view->counted[node];
    view_count(view, estate, node, 0);
    view->free[node] += units;
    view_count(view, estate, node, counted);
}

/* The most that one job could be given on a kind, if every node that is counted is open to it. */
static int64_t view_room(const View *view, const Estate *estate, int64_t kind)
{
    const int64_t *tally = view->tally + estate->tallied[kind];
    int64_t size = estate->of.size[kind], rest = size - 1;
    while (rest > 0 && !tally[rest])
        rest--;
    return tally[size] * size + rest;
}

static int64_t view_most(const View *view, const Estate *estate)
{
    int64_t most = 0;
    for (int64_t kind = 0; kind < estate->of.kinds; kind++) {
        int64_t room = view_room(view, estate, kind);
        if (room > most)
            most = room;
    }
    return most;
}

static inline int64_t takes(const Estate *estate, int64_t seconds, int64_t class, int64_t kind)
{
    int64_t speed = estate->of.speeds[class * estate->of.kinds + kind];
    return (seconds * THOUSAND + speed - 1) / speed;
}

static inline int64_t gang(const Estate *estate, int64_t demand, int64_t kind)
{
    return (demand + estate->of.size[kind] - 1) / estate->of.size[kind];
}

/* ---- open and closed --------------------------------------------------------------------------- */

/* Is a node open to who stays (0) or gives way (1) all the while, as far as is known now? */
static int node_open(const Estate *estate, int64_t node, int gives_way, int64_t since, int64_t until, int64_t now)
{
    const Layout *of = &estate->of;
    for (int64_t each = estate->begins[node]; each < estate->begins[node + 1]; each++) {
        int64_t window = estate->window[each];
        if (of->since[window] < until && since < of->until[window] && of->known[window] <= now &&
            !(of->lent[window] && gives_way))
            return 0;
    }
    return 1;
}

static int64_t node_open_until(const Estate *estate, int64_t node, int gives_way, int64_t now)
{
    const Layout *of = &estate->of;
    int64_t until = NEVER;
    for (int64_t each = estate->begins[node]; each < estate->begins[node + 1]; each++) {
        int64_t window = estate->window[each];
        if (of->known[window] > now || of->until[window] <= now || (of->lent[window] && gives_way))
            continue;
        if (of->since[window] <= now)
            return LONG_AGO;
        if (of->since[window] < until)
            until = of->since[window];
    }
    return until;
}

static inline int node_bounded(const Estate *estate, int64_t node)
{
    int64_t stays = estate->open_until[0][node], gives_way = estate->open_until[1][node];
    return (stays != LONG_AGO && stays != NEVER) || (gives_way != LONG_AGO && gives_way != NEVER);
}

static void estate_look(Estate *estate, int64_t node, int64_t now)
{
    estate->bounded -= node_bounded(estate, node);
    for (int gives_way = 0; gives_way < 2; gives_way++)
        estate->open_until[gives_way][node] = node_open_until(estate, node, gives_way, now);
    estate->bounded += node_bounded(estate, node);
    view_count(&estate->now, estate, node, estate->open_until[1][node] > now);
}

/* Remember that a node will open, once it is known. */
static int estate_remember(Estate *estate, int64_t time, int64_t node, int64_t now)
{
    if (time == NEVER || time <= now)
        return OK;
    if (estate->opened == estate->room) {
        size_t room = 2 * estate->room + 64;
        Opening *openings = realloc(estate->openings, room * sizeof *openings);
        if (!openings)
            return NO_MEMORY;
        estate->openings = openings;
        estate->room = room;
    }
    size_t at = estate->opened++;
    for (; at > estate->opening && estate->openings[at - 1].time > time; at--)
        estate->openings[at] = estate->openings[at - 1];
    estate->openings[at] = (Opening){time, node};
    return OK;
}

static void estate_forget(Estate *estate, int64_t now)
{
    while (estate->opening < estate->opened && estate->openings[estate->opening].time <= now)
        estate->opening++;
}

/* ---- where a job goes -------------------------------------------------------------------------- */

typedef struct {
    int64_t demand, estimate, class;
    int gives_way;
    int64_t at, now; /* it is to start then, by what is known now */
} Ask;

static inline int open_for(const Estate *estate, int64_t node, const Ask *ask, int64_t until)
{
    if (ask->at == ask->now)
        return until <= estate->open_until[ask->gives_way][node];
    return estate->begins[node] == estate->begins[node + 1] ||
           node_open(estate, node, ask->gives_way, ask->at, until, ask->now);
}

/* One node: the tightest. */
static int place_one(Estate *estate, const View *view, const Ask *ask, int64_t kind, int64_t until)
{
    int64_t first = estate->first[kind], stop = first + estate->of.nodes[kind], best = -1;
    for (int64_t node = first; node < stop; node++) {
        int64_t room = view->free[node];
        if (room < ask->demand || (best >= 0 && room >= view->free[best]) || !open_for(estate, node, ask, until))
            continue;
        best = node;
        if (room == ask->demand)
            break;
    }
    estate->chosen[0] = (int32_t)best;
    return best >= 0;
}

/* Several: wholly free ones, and for the rest the freest of the others. */
static int place_many(Estate *estate, const View *view, const Ask *ask, int64_t kind, int64_t until)
{
    int64_t first = estate->first[kind], stop = first + estate->of.nodes[kind], size = estate->of.size[kind];
    int64_t whole = ask->demand / size, rest = ask->demand % size, found = 0, best = -1;
    for (int64_t node = first; node < stop; node++) {
        int64_t room = view->free[node];
        if (found < whole && room == size && open_for(estate, node, ask, until)) {
            estate->chosen[found++] = (int32_t)node;
            if (found == whole && rest == 0)
                return 1;
        } else if (rest && room >= rest && (best < 0 || room > view->free[best]) && open_for(estate, node, ask, until)) {
            best = node;
        }
    }
    if (found < whole || best < 0)
        return 0;
    estate->chosen[found] = (int32_t)best;
    return 1;
}

/* Choose the nodes of a job, on the first kind that it likes and that has room. */
static int estate_place(Estate *estate, const View *view, const Ask *ask)
{
    const int64_t *kinds = estate->of.preferred + ask->class * estate->of.kinds;
    for (int64_t each = 0; each < estate->of.kinds && kinds[each] >= 0; each++) {
        int64_t kind = kinds[each];
        if (ask->demand > view->total || ask->demand > view_room(view, estate, kind))
            continue;
        int64_t until = ask->at + takes(estate, ask->estimate, ask->class, kind);
        estate->chosen_kind = kind;
        if ((ask->demand <= estate->of.size[kind] ? place_one : place_many)(estate, view, ask, kind, until))
            return 1;
    }
    return 0;
}

/* ---- making ------------------------------------------------------------------------------------ */

static void estate_free(Estate *estate)
{
    view_free(&estate->now);
    view_free(&estate->then);
    free(estate->first);
    free(estate->kind);
    free(estate->begins);
    free(estate->window);
    free(estate->open_until[0]);
    free(estate->openings);
    free(estate->chosen);
}

static int estate_allocate(Estate *estate)
{
    size_t kinds = (size_t)estate->of.kinds, all;
    estate->first = malloc(2 * kinds * sizeof *estate->first);
    if (!estate->first)
        return NO_MEMORY;
    estate->tallied = estate->first + kinds;
    for (int64_t kind = 0; kind < estate->of.kinds; kind++) {
        estate->first[kind] = estate->all;
        estate->tallied[kind] = (int64_t)estate->levels;
        estate->all += estate->of.nodes[kind];
        estate->capacity += estate->of.nodes[kind] * estate->of.size[kind];
        estate->levels += (size_t)estate->of.size[kind] + 1;
    }
    all = (size_t)estate->all;
    estate->kind = malloc(all * sizeof *estate->kind);
    estate->chosen = malloc(all * sizeof *estate->chosen);
    estate->begins = calloc(all + 2, sizeof *estate->begins);
    estate->window = malloc(((size_t)estate->of.windows + 1) * sizeof *estate->window);
    estate->open_until[0] = malloc(2 * all * sizeof *estate->open_until[0]);
    estate->open_until[1] = estate->open_until[0] + all;
    return estate->kind && estate->chosen && estate->begins && estate->window && estate->open_until[0] ? OK : NO_MEMORY;
}

/* Sort the windows by their nodes, keeping their order. */
static void estate_sort(Estate *estate)
{
    for (int64_t each = 0; each < estate->of.windows; each++)
        estate->begins[estate->of.node[each] + 2]++;
    for (int64_t node = 1; node <= estate->all; node++)
        estate->begins[node + 1] += estate->begins[node];
    for (int64_t each = 0; each < estate->of.windows; each++)
        estate->window[estate->begins[estate->of.node[each] + 1]++] = each;
}

static int estate_make(Estate *estate, const Layout *layout, int64_t now)
{
    memset(estate, 0, sizeof *estate);
    estate->of = *layout;
    if (estate_allocate(estate) || view_make(&estate->now, estate) || view_make(&estate->then, estate))
        return NO_MEMORY;
    estate_sort(estate);
    for (int64_t kind = 0; kind < estate->of.kinds; kind++)
        for (int64_t each = 0; each < estate->of.nodes[kind]; each++) {
            int64_t node = estate->first[kind] + each;
            estate->kind[node] = (int32_t)kind;
            estate->now.free[node] = estate->of.size[kind];
            estate->open_until[0][node] = estate->open_until[1][node] = NEVER;
            estate_look(estate, node, now);
        }
    return OK;
}

#endif
