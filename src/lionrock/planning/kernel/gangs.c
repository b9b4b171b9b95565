/* Gangs on equal nodes, packed as domain/gangs.py defines it: first come first served, shortest first, EASY.
 *
 * Nodes stand in bit sets by how many of their units are free, so that the tightest and the freest
 * node of the lowest number are found at once. With k nodes wholly free, and p units free on the
 * freest of the others, a job can be placed exactly if it asks for no more than k nodes and p units:
 * one number says what fits, as in a pool.
 *
 * Other than in a pool, a job that may not pass the head now may do so when another has started,
 * because it would then be placed elsewhere. So each pass after a start looks at all that wait.
 */
#include "queue.h"

enum { FCFS = 0, EASY = 1, SJF = 2 };

/* ---- nodes ------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t *bits;
    int64_t count;
    size_t low; /* no node of a word before this one is in the set */
} Set;

typedef struct {
    int64_t size, nodes;
    size_t words;
    int64_t *free; /* of each node */
    Set *level;    /* of the nodes with so many units free */
} Machine;

static void set_put(Set *set, int64_t node)
{
    size_t word = (size_t)node / 64;
    set->bits[word] |= UINT64_C(1) << (node % 64);
    set->count++;
    if (word < set->low)
        set->low = word;
}

static void set_take(Set *set, int64_t node)
{
    set->bits[node / 64] &= ~(UINT64_C(1) << (node % 64));
    set->count--;
}

static int64_t set_first(Set *set)
{
    while (!set->bits[set->low])
        set->low++;
    return (int64_t)set->low * 64 + __builtin_ctzll(set->bits[set->low]);
}

static void machine_free(Machine *machine)
{
    if (machine->level)
        free(machine->level[0].bits);
    free(machine->level);
    free(machine->free);
}

static int machine_make(Machine *machine, int64_t nodes, int64_t size)
{
    size_t levels = (size_t)size + 1;
    machine->size = size;
    machine->nodes = nodes;
    machine->words = (size_t)nodes / 64 + 1;
    machine->free = malloc((size_t)nodes * sizeof *machine->free);
    machine->level = calloc(levels, sizeof *machine->level);
    if (!machine->free || !machine->level)
        return NO_MEMORY;
    uint64_t *bits = calloc(levels * machine->words, sizeof *bits);
    machine->level[0].bits = bits;
    if (!bits)
        return NO_MEMORY;
    for (size_t each = 0; each < levels; each++) {
        machine->level[each].bits = bits + each * machine->words;
        machine->level[each].low = machine->words;
    }
    for (int64_t node = 0; node < nodes; node++) {
        machine->free[node] = size;
        set_put(machine->level + size, node);
    }
    return OK;
}

static void machine_move(Machine *machine, int64_t node, int64_t units)
{
    set_take(machine->level + machine->free[node], node);
    machine->free[node] += units;
    set_put(machine->level + machine->free[node], node);
}

/* The most that one job could be given now. */
static int64_t machine_room(const Machine *machine)
{
    int64_t rest = machine->size - 1;
    while (rest > 0 && !machine->level[rest].count)
        rest--;
    return machine->level[machine->size].count * machine->size + rest;
}

/* ---- the cluster ------------------------------------------------------------------------------ */

typedef struct {
    int64_t time;
    uint32_t job;
} Promise;

typedef struct {
    const int64_t *submit, *duration, *estimate, *demand;
    int64_t *start;
    int policy;
    uint32_t started;
    int changed; /* has a job started or ended since the last pass began? */
    Machine machine;
    int64_t *place;  /* of each job: where its nodes begin among those held */
    int32_t *held;   /* numbers of nodes; all but the last of a job are held whole */
    Ends ends;
    Queue queue;     /* FCFS and EASY: who waits */
    Ends shortest;   /* SJF: who waits, by (estimate, place in the queue) */
    Promise *promises; /* EASY: of the jobs that run, by the end of their estimates */
    size_t promised, room;
    int64_t shadow;
    int64_t *then;       /* EASY: of each node, what is free now and what is promised up to the shadow time */
    int64_t *then_count; /* and how many nodes have so many */
    int64_t then_total;  /* and how many there are on all nodes */
    uint32_t *refused;   /* EASY: of each demand, when a job that outlasts the shadow time was refused last */
    uint32_t moment;     /* counts what starts and ends: refused at this one is refused for all of a demand */
} Cluster;

static inline int64_t gang(const Cluster *cluster, uint32_t job)
{
    return (cluster->demand[job] + cluster->machine.size - 1) / cluster->machine.size;
}

/* What a job holds on its last node. */
static inline int64_t last_part(const Cluster *cluster, uint32_t job)
{
    return cluster->demand[job] - (gang(cluster, job) - 1) * cluster->machine.size;
}

/* Choose the nodes of a job that fits, and take them. */
static void cluster_place(Cluster *cluster, uint32_t job)
{
    Machine *machine = &cluster->machine;
    int64_t size = machine->size, nodes = gang(cluster, job), rest = last_part(cluster, job), level = size;
    int32_t *held = cluster->held + cluster->place[job];
    for (int64_t each = 0; each < nodes - 1; each++) {
        held[each] = (int32_t)set_first(machine->level + size);
        machine_move(machine, held[each], -size);
    }
    if (nodes == 1) /* the tightest node */
        for (level = rest; !machine->level[level].count;)
            level++;
    else /* the freest */
        while (!machine->level[level].count)
            level--;
    held[nodes - 1] = (int32_t)set_first(machine->level + level);
    machine_move(machine, held[nodes - 1], -rest);
}

static void cluster_release(Cluster *cluster, uint32_t job)
{
    int64_t nodes = gang(cluster, job);
    const int32_t *held = cluster->held + cluster->place[job];
    for (int64_t each = 0; each < nodes - 1; each++)
        machine_move(&cluster->machine, held[each], cluster->machine.size);
    machine_move(&cluster->machine, held[nodes - 1], last_part(cluster, job));
}

/* ---- what estimates promise ------------------------------------------------------------------- */

static size_t promise_place(const Cluster *cluster, int64_t time)
{
    size_t low = 0, high = cluster->promised;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cluster->promises[middle].time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int promise_add(Cluster *cluster, int64_t time, uint32_t job)
{
    if (cluster->promised == cluster->room) {
        size_t room = cluster->room ? 2 * cluster->room : 1024;
        Promise *promises = realloc(cluster->promises, room * sizeof *promises);
        if (!promises)
            return NO_MEMORY;
        cluster->promises = promises;
        cluster->room = room;
    }
    Promise *promise = cluster->promises + promise_place(cluster, time);
    memmove(promise + 1, promise, (size_t)(cluster->promises + cluster->promised++ - promise) * sizeof *promise);
    promise->time = time;
    promise->job = job;
    return OK;
}

static void promise_drop(Cluster *cluster, int64_t time, uint32_t job)
{
    Promise *promise = cluster->promises + promise_place(cluster, time);
    while (promise->job != job)
        promise++;
    memmove(promise, promise + 1, (size_t)(cluster->promises + --cluster->promised - promise) * sizeof *promise);
}

static void then_move(Cluster *cluster, int64_t node, int64_t units)
{
    cluster->then_count[cluster->then[node]]--;
    cluster->then[node] += units;
    cluster->then_total += units;
    cluster->then_count[cluster->then[node]]++;
}

/* Add a job's units to what is free at the shadow time, or with -1 take them away. */
static void then_change(Cluster *cluster, uint32_t job, int64_t sign)
{
    int64_t nodes = gang(cluster, job);
    const int32_t *held = cluster->held + cluster->place[job];
    for (int64_t each = 0; each < nodes - 1; each++)
        then_move(cluster, held[each], sign * cluster->machine.size);
    then_move(cluster, held[nodes - 1], sign * last_part(cluster, job));
}

static int64_t then_room(const Cluster *cluster)
{
    int64_t rest = cluster->machine.size - 1;
    while (rest > 0 && !cluster->then_count[rest])
        rest--;
    return cluster->then_count[cluster->machine.size] * cluster->machine.size + rest;
}

/* Bring the shadow time to where the head can be placed, and could not before. Starts and ends have kept
 * what is free then up to date, so that it is near: what is promised in between is all that is looked at.
 */
static void cluster_look_ahead(Cluster *cluster, int64_t demand)
{
    const Promise *promises = cluster->promises;
    size_t next = promise_place(cluster, cluster->shadow + 1), first;
    while (then_room(cluster) < demand)
        for (cluster->shadow = promises[next].time; next < cluster->promised && promises[next].time == cluster->shadow;)
            then_change(cluster, promises[next++].job, 1);
    do {
        cluster->shadow = promises[next - 1].time;
        for (first = next; first > 0 && promises[first - 1].time == cluster->shadow;)
            then_change(cluster, promises[--first].job, -1);
        size_t last = next;
        next = first;
        if (then_room(cluster) < demand)
            while (first < last)
                then_change(cluster, promises[first++].job, 1);
    } while (first == next);
}

/* ---- passes ----------------------------------------------------------------------------------- */

static int cluster_start(Cluster *cluster, uint32_t job, int64_t now)
{
    End end = {now + cluster->duration[job], cluster->started++, job};
    cluster->start[job] = now;
    cluster->changed = 1;
    cluster->moment++;
    if (cluster->policy == EASY && promise_add(cluster, now + cluster->estimate[job], job))
        return NO_MEMORY;
    return ends_push(&cluster->ends, end);
}

static void cluster_end(Cluster *cluster)
{
    uint32_t job = ends_pop(&cluster->ends).job;
    cluster->changed = 1;
    cluster->moment++;
    cluster_release(cluster, job);
    if (cluster->policy != EASY)
        return;
    int64_t promised = cluster->start[job] + cluster->estimate[job];
    promise_drop(cluster, promised, job);
    if (promised > cluster->shadow)
        then_change(cluster, job, 1);
}

/* Place a job that fits, unless it outlasts the shadow time and the head could not be placed then. */
static int cluster_lets_past(Cluster *cluster, uint32_t job, int64_t head, int64_t now)
{
    int outlasts = now + cluster->estimate[job] > cluster->shadow;
    uint32_t *refused = cluster->refused + cluster->demand[job];
    if (outlasts && *refused == cluster->moment)
        return 0;
    cluster_place(cluster, job);
    if (!outlasts)
        return 1;
    then_change(cluster, job, -1);
    if (then_room(cluster) >= head)
        return 1;
    *refused = cluster->moment;
    then_change(cluster, job, 1);
    cluster_release(cluster, job);
    return 0;
}

/* Walk over those that wait behind the head, from a slot on. */
static int cluster_backfill(Cluster *cluster, size_t from, int64_t now)
{
    Queue *queue = &cluster->queue;
    int64_t head = queue->level[0][queue->head].demand;
    for (;;) {
        /* Who outlasts the shadow time must at least leave the head its units, wherever they are. */
        Gap gap = {machine_room(&cluster->machine), cluster->shadow - now, cluster->then_total - head};
        if (gap.extra > gap.free)
            gap.extra = gap.free;
        while (gap.extra > 0 && cluster->refused[gap.extra] == cluster->moment)
            gap.extra--;
        int64_t slot = gap.free > 0 ? queue_find(queue, queue->levels - 1, 0, from, &gap) : -1;
        if (slot < 0)
            return OK;
        from = (size_t)slot + 1;
        uint32_t job = queue->job[slot];
        if (!cluster_lets_past(cluster, job, head, now))
            continue;
        if (cluster_start(cluster, job, now))
            return NO_MEMORY;
        queue_remove(queue, (size_t)slot);
    }
}

/* A pass; so many at the end of the queue have joined it since the last one. */
static int pass_in_order(Cluster *cluster, size_t joined, int64_t now)
{
    Queue *queue = &cluster->queue;
    int known = !cluster->changed && queue->waiting > joined; /* nothing new for those that waited already */
    cluster->changed = 0;
    while (!known && queue->waiting && queue->level[0][queue->head].demand <= machine_room(&cluster->machine)) {
        uint32_t job = queue->job[queue->head];
        cluster_place(cluster, job);
        if (cluster->policy == EASY && now + cluster->estimate[job] > cluster->shadow)
            then_change(cluster, job, -1);
        if (cluster_start(cluster, job, now))
            return NO_MEMORY;
        queue_remove(queue, queue->head);
    }
    if (cluster->policy != EASY || !queue->waiting)
        return OK;
    if (known)
        return cluster_backfill(cluster, queue->tail - joined, now);
    cluster_look_ahead(cluster, queue->level[0][queue->head].demand);
    return cluster_backfill(cluster, queue->head + 1, now);
}

static int pass_shortest(Cluster *cluster, int64_t now)
{
    Ends *waiting = &cluster->shortest;
    while (waiting->count && cluster->demand[waiting->heap[0].job] <= machine_room(&cluster->machine)) {
        uint32_t job = ends_pop(waiting).job;
        cluster_place(cluster, job);
        if (cluster_start(cluster, job, now))
            return NO_MEMORY;
    }
    return OK;
}

static int cluster_submit(Cluster *cluster, uint32_t job)
{
    End shortest = {cluster->estimate[job], job, job};
    if (cluster->policy == SJF)
        return ends_push(&cluster->shortest, shortest);
    return queue_add(&cluster->queue, job, cluster->demand[job], cluster->estimate[job]);
}

static int cluster_run(Cluster *cluster, int64_t count)
{
    int64_t next = 0;
    while (next < count || cluster->ends.count) {
        int64_t now = next_time(&cluster->ends, next < count ? cluster->submit[next] : NEVER);
        while (ends_at(&cluster->ends, now))
            cluster_end(cluster);
        int64_t first = next;
        for (; next < count && cluster->submit[next] == now; next++)
            if (cluster_submit(cluster, (uint32_t)next))
                return NO_MEMORY;
        size_t joined = (size_t)(next - first);
        if (cluster->policy == SJF ? pass_shortest(cluster, now) : pass_in_order(cluster, joined, now))
            return NO_MEMORY;
    }
    return OK;
}

static int cluster_make(Cluster *cluster, int64_t count, int64_t nodes, int64_t size)
{
    if (queue_make(&cluster->queue, FAN * FAN) || machine_make(&cluster->machine, nodes, size))
        return NO_MEMORY;
    int64_t held = 0;
    cluster->place = malloc((size_t)count * sizeof *cluster->place);
    cluster->then = malloc((size_t)nodes * sizeof *cluster->then);
    cluster->then_count = malloc((size_t)(size + 1) * sizeof *cluster->then_count);
    cluster->refused = calloc((size_t)(nodes * size + 1), sizeof *cluster->refused);
    if (!cluster->place || !cluster->then || !cluster->then_count || !cluster->refused)
        return NO_MEMORY;
    cluster->moment = 1;
    cluster->shadow = INT64_MIN;
    for (int64_t node = 0; node < nodes; node++)
        cluster->then[node] = size;
    memset(cluster->then_count, 0, (size_t)size * sizeof *cluster->then_count);
    cluster->then_count[size] = nodes;
    cluster->then_total = nodes * size;
    for (int64_t job = 0; job < count; job++) {
        cluster->place[job] = held;
        held += gang(cluster, (uint32_t)job);
    }
    cluster->held = malloc((size_t)held * sizeof *cluster->held);
    return cluster->held ? OK : NO_MEMORY;
}

/* Write when each job starts on so many nodes of so many units each; each job fits the empty cluster. */
int lionrock_gangs(int64_t count, const int64_t *submit, const int64_t *duration, const int64_t *estimate,
                   const int64_t *demand, int64_t nodes, int64_t size, int policy, int64_t *start)
{
    Cluster cluster = {.submit = submit, .duration = duration, .estimate = estimate, .demand = demand,
                       .start = start, .policy = policy};
    int outcome = cluster_make(&cluster, count, nodes, size);
    if (outcome == OK)
        outcome = cluster_run(&cluster, count);
    queue_free(&cluster.queue);
    machine_free(&cluster.machine);
    free(cluster.place);
    free(cluster.held);
    free(cluster.then);
    free(cluster.then_count);
    free(cluster.refused);
    free(cluster.promises);
    free(cluster.ends.heap);
    free(cluster.shortest.heap);
    return outcome;
}
