/* A machine that changes, operated by rules, as domain/operating.py defines it.
 *
 * It walks as the definition does. What makes it fast: each kind counts its nodes by free units, so that most jobs that
 * fit nowhere are refused at once; what estimates promise is kept sorted; priorities are reckoned when
 * somebody could start, not at each period.
 */
#include "estate.h"
#include "standing.h"

#define UNKNOWN INT64_MIN

enum { FCFS = 0, EASY = 1, SJF = 2 };
enum { EACH_TIME = 0, EACH_EVENT = 1 };
enum { STAYS = 0, QUEUES_AGAIN = 1, IS_CANCELLED = 2 };
enum { FINISH = 0, LEAVE = 1, STOP = 2, LOSE = 3 };
enum { FINISHED = 0, GAVE_WAY = 1, CANCELLED = 2, STOPPED = 3, LOST = 4 };

typedef struct {
    int64_t count;
    const int64_t *submit, *duration, *estimate, *demand, *class, *manner, *account, *quality;
    Layout layout;
    int64_t policy, passes, grace, depth, weighted;
    Weights weights;
} Asked;

typedef struct {
    int64_t job, start, end, kind, node, outcome;
} Run;

typedef struct {
    int64_t first, demand;
    uint32_t job;
    int32_t gives_way;
} Waiting;

typedef struct {
    int64_t time;
    uint32_t job;
} Promise;

typedef struct {
    Promise *list;
    size_t count, room;
} Promises;

typedef struct {
    int64_t time;
    int begins;
    int64_t window;
} Change;

typedef struct {
    int64_t start, end, promise;
    int64_t held; /* where its nodes begin among all held */
    uint32_t number, slot;
    int32_t kind;
    int8_t leaves; /* the outcome that it was told */
    int8_t runs;
    uint32_t joined; /* before which pass it joined the queue */
} Job;

typedef struct {
    uint32_t moment;
    int32_t kind;
} Refused;

typedef struct {
    const Asked *asked;
    Estate estate;
    Standing standing;
    int reckon; /* have priorities changed since the queue was sorted? */
    int64_t now;
    Job *job;
    int32_t *held; /* numbers of nodes; all but the last of a job are held whole */
    Waiting *queue;
    size_t waiting;
    uint32_t *running, *some; /* the jobs that run; some of them */
    size_t runs, pushable;    /* how many run, how many of them give way */
    uint32_t started;
    Ends ends;
    Promises promises[2]; /* of those that stay, and of those that give way */
    Change *changes;
    size_t known, changed, all_changes;
    int64_t submitted;
    int64_t shadow;    /* of the job at the head, as the last pass left it, with the view of then; */
    int settled;       /* if nothing has started, ended, opened or closed since then: only new jobs are to be looked at */
    uint32_t passes;
    size_t joined, joined_from; /* how many those are, and where in the queue the first of them is */
    Refused *refused;  /* of each class, manner and demand: when one was refused that outlasts the shadow time */
    uint32_t moment;   /* counts what starts, ends, opens and closes: refused at this one is refused for all alike */
    Run *done;
    size_t done_count, done_room;
} Machine;

/* ---- promises ---------------------------------------------------------------------------------- */

static size_t promises_place(const Promises *promises, int64_t time)
{
    size_t low = 0, high = promises->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (promises->list[middle].time < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int promises_add(Promises *promises, int64_t time, uint32_t job)
{
    if (promises->count == promises->room) {
        size_t room = 2 * promises->room + 256;
        Promise *list = realloc(promises->list, room * sizeof *list);
        if (!list)
            return NO_MEMORY;
        promises->list = list;
        promises->room = room;
    }
    Promise *promise = promises->list + promises_place(promises, time);
    memmove(promise + 1, promise, (size_t)(promises->list + promises->count++ - promise) * sizeof *promise);
    *promise = (Promise){time, job};
    return OK;
}

static void promises_drop(Promises *promises, int64_t time, uint32_t job)
{
    Promise *promise = promises->list + promises_place(promises, time);
    while (promise->job != job)
        promise++;
    memmove(promise, promise + 1, (size_t)(promises->list + --promises->count - promise) * sizeof *promise);
}

/* ---- jobs -------------------------------------------------------------------------------------- */

static inline int gives_way(const Machine *machine, uint32_t job)
{
    return machine->asked->manner[job] != STAYS;
}

static inline Refused *machine_refused(const Machine *machine, uint32_t job)
{
    int64_t row = machine->asked->class[job] * 2 + gives_way(machine, job);
    return machine->refused + row * (machine->estate.capacity + 1) + machine->asked->demand[job];
}

/* What was found out about those that wait holds no more. */
static inline void machine_stir(Machine *machine)
{
    machine->settled = 0;
    machine->moment++;
}

static inline int stale(const Machine *machine, End end)
{
    const Job *job = machine->job + end.job;
    return !job->runs || job->number != end.order || job->end != end.time;
}

/* Give the units of a job that runs to a view, or with -1 take them from it. */
static void machine_move(const Machine *machine, View *view, uint32_t job, int64_t sign)
{
    const Estate *estate = &machine->estate;
    int64_t kind = machine->job[job].kind, demand = machine->asked->demand[job], size = estate->of.size[kind];
    int64_t nodes = gang(estate, demand, kind);
    const int32_t *held = machine->held + machine->job[job].held;
    for (int64_t each = 0; each < nodes - 1; each++)
        view_move(view, estate, held[each], sign * size);
    view_move(view, estate, held[nodes - 1], sign * (demand - (nodes - 1) * size));
}

static void chosen_move(Machine *machine, View *view, uint32_t job, int64_t sign)
{
    const Estate *estate = &machine->estate;
    int64_t kind = estate->chosen_kind, demand = machine->asked->demand[job], size = estate->of.size[kind];
    int64_t nodes = gang(estate, demand, kind);
    for (int64_t each = 0; each < nodes - 1; each++)
        view_move(view, estate, estate->chosen[each], sign * size);
    view_move(view, estate, estate->chosen[nodes - 1], sign * (demand - (nodes - 1) * size));
}

static Waiting machine_ask(const Machine *machine, uint32_t job)
{
    const Asked *asked = machine->asked;
    int64_t first = asked->policy == SJF ? asked->estimate[job] : 0;
    if (asked->weighted)
        first = -standing_of(&machine->standing, asked->account[job], asked->submit[job], asked->demand[job],
                             asked->quality[job], machine->estate.capacity);
    return (Waiting){first, asked->demand[job], job, gives_way(machine, job)};
}

static int in_order(const void *left, const void *right)
{
    const Waiting *one = left, *other = right;
    if (one->gives_way != other->gives_way)
        return one->gives_way - other->gives_way;
    if (one->first != other->first)
        return one->first < other->first ? -1 : 1;
    return one->job < other->job ? -1 : one->job > other->job;
}

static void machine_queue(Machine *machine, uint32_t job)
{
    Waiting asks = machine_ask(machine, job);
    size_t low = 0, high = machine->waiting;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (in_order(machine->queue + middle, &asks) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(machine->queue + low + 1, machine->queue + low, (machine->waiting++ - low) * sizeof *machine->queue);
    machine->queue[low] = asks;
    machine->job[job].joined = machine->passes;
    machine->joined_from = machine->joined++ && machine->joined_from < low ? machine->joined_from : low;
    if (low == 0)
        machine->settled = 0;
}

static void machine_unqueue(Machine *machine, size_t at)
{
    memmove(machine->queue + at, machine->queue + at + 1, (--machine->waiting - at) * sizeof *machine->queue);
}

/* Bring the queue into the order of the priorities as they are now. */
static void machine_reckon(Machine *machine)
{
    int sorted = 1;
    for (size_t each = 0; each < machine->waiting; each++) {
        machine->queue[each] = machine_ask(machine, machine->queue[each].job);
        sorted &= each == 0 || in_order(machine->queue + each - 1, machine->queue + each) < 0;
    }
    if (!sorted)
        qsort(machine->queue, machine->waiting, sizeof *machine->queue, in_order);
    machine->reckon = 0;
    machine->settled = 0;
}

/* Start a job on the nodes that were chosen last. */
static int machine_start(Machine *machine, uint32_t number)
{
    const Asked *asked = machine->asked;
    Estate *estate = &machine->estate;
    Job *job = machine->job + number;
    int64_t nodes = gang(estate, asked->demand[number], estate->chosen_kind);
    memcpy(machine->held + job->held, estate->chosen, (size_t)nodes * sizeof *machine->held);
    job->kind = (int32_t)estate->chosen_kind;
    job->start = machine->now;
    job->end = machine->now + takes(estate, asked->duration[number], asked->class[number], job->kind);
    job->promise = machine->now + takes(estate, asked->estimate[number], asked->class[number], job->kind);
    job->number = machine->started++;
    job->leaves = FINISHED;
    job->runs = 1;
    job->slot = (uint32_t)machine->runs;
    machine->running[machine->runs++] = number;
    machine->pushable += (size_t)gives_way(machine, number);
    machine_stir(machine);
    machine_move(machine, &estate->now, number, -1);
    if (asked->weighted)
        standing_change(&machine->standing, asked->account[number], asked->demand[number], machine->now);
    if (promises_add(machine->promises + gives_way(machine, number), job->promise, number))
        return NO_MEMORY;
    return ends_push(&machine->ends, (End){job->end, job->number, number});
}

static int machine_note(Machine *machine, uint32_t number, int64_t outcome)
{
    if (machine->done_count == machine->done_room) {
        size_t room = 2 * machine->done_room + 1024;
        Run *done = realloc(machine->done, room * sizeof *done);
        if (!done)
            return NO_MEMORY;
        machine->done = done;
        machine->done_room = room;
    }
    const Job *job = machine->job + number;
    int64_t nodes = gang(&machine->estate, machine->asked->demand[number], job->kind), lowest = NEVER;
    for (int64_t each = 0; each < nodes; each++)
        if (machine->held[job->held + each] < lowest)
            lowest = machine->held[job->held + each];
    machine->done[machine->done_count++] = (Run){number, job->start, machine->now, job->kind, lowest, outcome};
    return OK;
}

static int machine_end(Machine *machine, uint32_t number, int64_t outcome)
{
    const Asked *asked = machine->asked;
    Job *job = machine->job + number;
    uint32_t last = machine->running[--machine->runs];
    machine->running[job->slot] = last;
    machine->job[last].slot = job->slot;
    machine->pushable -= (size_t)gives_way(machine, number);
    job->runs = 0;
    machine_stir(machine);
    machine_move(machine, &machine->estate.now, number, 1);
    promises_drop(machine->promises + gives_way(machine, number), job->promise, number);
    if (asked->weighted)
        standing_change(&machine->standing, asked->account[number], -asked->demand[number], machine->now);
    if (outcome == GAVE_WAY || outcome == STOPPED)
        machine_queue(machine, number);
    return machine_note(machine, number, outcome);
}

/* Tell a job to go within the grace time. */
static int machine_leave(Machine *machine, uint32_t number)
{
    Job *job = machine->job + number;
    int64_t outcome = machine->asked->manner[number] == IS_CANCELLED ? CANCELLED : GAVE_WAY;
    int64_t end = machine->now + machine->asked->grace;
    if (end == machine->now)
        return machine_end(machine, number, outcome);
    if (job->leaves || end >= job->end)
        return OK;
    Promises *promises = machine->promises + gives_way(machine, number);
    promises_drop(promises, job->promise, number);
    job->leaves = (int8_t)outcome;
    job->end = job->promise = end;
    if (promises_add(promises, end, number))
        return NO_MEMORY;
    return ends_push(&machine->ends, (End){end, job->number, number});
}

/* ---- looking ahead ----------------------------------------------------------------------------- */

static Ask ask_of(const Machine *machine, uint32_t job, int64_t at)
{
    const Asked *asked = machine->asked;
    return (Ask){asked->demand[job], asked->estimate[job], asked->class[job], gives_way(machine, job), at, machine->now};
}

static int places_now(Machine *machine, uint32_t job)
{
    Ask ask = ask_of(machine, job, machine->now);
    return estate_place(&machine->estate, &machine->estate.now, &ask);
}

static int places_then(Machine *machine, uint32_t job, int64_t at)
{
    Ask ask = ask_of(machine, job, at);
    return estate_place(&machine->estate, &machine->estate.then, &ask);
}

/* Let the view of later be that of now, with the nodes counted that are open to who stays or gives way. */
static void machine_look(Machine *machine, int gives)
{
    Estate *estate = &machine->estate;
    View *then = &estate->then;
    memcpy(then->free, estate->now.free, (size_t)estate->all * sizeof *then->free);
    memset(then->counted, 0, (size_t)estate->all);
    memset(then->tally, 0, estate->levels * sizeof *then->tally);
    then->total = 0;
    for (int64_t node = 0; node < estate->all; node++)
        view_count(then, estate, node, estate->open_until[gives][node] > machine->now);
}

/* Find when the head could be placed if all estimates were right, and leave the view of then; or NEVER. */
static int64_t machine_shadow(Machine *machine, uint32_t head)
{
    Estate *estate = &machine->estate;
    int gives = gives_way(machine, head);
    int64_t gone = gives ? NEVER : machine->now + machine->asked->grace;
    const Promises *stay = machine->promises, *go = machine->promises + 1;
    size_t stays = 0, goes = 0, opens = estate->opening;
    machine->moment++;
    machine_look(machine, gives);
    for (;;) {
        int64_t time = stays < stay->count ? stay->list[stays].time : NEVER;
        int64_t next = goes < go->count ? go->list[goes].time : NEVER;
        next = next < NEVER && next > gone ? gone : next;
        time = next < time ? next : time;
        next = opens < estate->opened ? estate->openings[opens].time : NEVER;
        time = next < time ? next : time;
        if (time == NEVER)
            return NEVER;
        for (; stays < stay->count && stay->list[stays].time <= time; stays++)
            machine_move(machine, &estate->then, stay->list[stays].job, 1);
        for (; goes < go->count && (go->list[goes].time <= time || gone <= time); goes++)
            machine_move(machine, &estate->then, go->list[goes].job, 1);
        for (; opens < estate->opened && estate->openings[opens].time <= time; opens++) {
            int64_t node = estate->openings[opens].node;
            if (node_open(estate, node, gives, time, time + 1, machine->now))
                view_count(&estate->then, estate, node, 1);
        }
        if (places_then(machine, head, time))
            return time;
    }
}

/* ---- pushing aside ----------------------------------------------------------------------------- */

/* Collect those that give way and were not told to leave, the youngest first. */
static size_t machine_pushable(Machine *machine)
{
    size_t count = 0;
    for (size_t each = 0; each < machine->runs; each++) {
        uint32_t job = machine->running[each];
        if (gives_way(machine, job) && !machine->job[job].leaves)
            machine->some[count++] = job;
    }
    return count;
}

static void by_number(const Machine *machine, uint32_t *some, size_t count, int sign)
{
    for (size_t gap = count / 2; gap > 0; gap /= 2) /* Shell's sort, in place */
        for (size_t each = gap; each < count; each++) {
            uint32_t job = some[each];
            int64_t number = sign * (int64_t)machine->job[job].number;
            size_t at = each;
            for (; at >= gap && sign * (int64_t)machine->job[some[at - gap]].number > number; at -= gap)
                some[at] = some[at - gap];
            some[at] = job;
        }
}

/* How many of the youngest it takes; they are first in `some`. None if all are not enough. */
static size_t machine_enough(Machine *machine, uint32_t head)
{
    size_t count = machine_pushable(machine);
    by_number(machine, machine->some, count, -1);
    for (size_t each = 0; each < count; each++) {
        machine_move(machine, &machine->estate.then, machine->some[each], 1);
        if (places_then(machine, head, machine->now))
            return each + 1;
    }
    return 0;
}

/* Keep those without whom there would not be enough; the oldest is the first to be spared. */
static size_t machine_spare(Machine *machine, uint32_t head, size_t count)
{
    size_t left = count;
    for (size_t each = count; each-- > 0;) {
        uint32_t job = machine->some[each];
        machine_move(machine, &machine->estate.then, job, -1);
        if (places_then(machine, head, machine->now))
            continue;
        machine_move(machine, &machine->estate.then, job, 1);
        machine->some[--left] = job;
    }
    memmove(machine->some, machine->some + left, (count - left) * sizeof *machine->some);
    return count - left;
}

/* Push aside as many as it takes for the head; tell in `found` whether it can be placed now. */
static int machine_make_room(Machine *machine, uint32_t head, int *found)
{
    if (gives_way(machine, head) || !machine->pushable)
        return OK;
    machine_look(machine, 0);
    for (size_t each = 0; each < machine->runs; each++)
        if (machine->job[machine->running[each]].leaves)
            machine_move(machine, &machine->estate.then, machine->running[each], 1);
    if (places_then(machine, head, machine->now))
        return OK;
    size_t count = machine_spare(machine, head, machine_enough(machine, head));
    for (size_t each = 0; each < count; each++)
        if (machine_leave(machine, machine->some[each]))
            return NO_MEMORY;
    *found = count && places_now(machine, head);
    return OK;
}

/* ---- passes ------------------------------------------------------------------------------------ */

/* May a job on the nodes that were chosen last pass the head? */
static int machine_lets_past(Machine *machine, uint32_t job, uint32_t head)
{
    const Asked *asked = machine->asked;
    Estate *estate = &machine->estate;
    int64_t shadow = machine->shadow, kind = estate->chosen_kind, nodes = gang(estate, asked->demand[job], kind);
    if (gives_way(machine, job) && !gives_way(machine, head) && shadow > machine->now + asked->grace)
        return 1;
    if (machine->now + takes(estate, asked->estimate[job], asked->class[job], kind) <= shadow)
        return 1;
    int32_t *kept = machine->held + machine->job[job].held;
    memcpy(kept, estate->chosen, (size_t)nodes * sizeof *kept);
    chosen_move(machine, &estate->then, job, -1);
    int fits = places_then(machine, head, shadow);
    memcpy(estate->chosen, kept, (size_t)nodes * sizeof *kept);
    estate->chosen_kind = kind;
    if (fits)
        return 1;
    chosen_move(machine, &estate->then, job, 1);
    *machine_refused(machine, job) = (Refused){machine->moment, (int32_t)kind};
    return 0;
}

/* Was one alike refused since anything changed, and does this one outlast the shadow time there, too? */
static int machine_knows(Machine *machine, uint32_t job)
{
    const Asked *asked = machine->asked;
    const Refused *refused = machine_refused(machine, job);
    if (refused->moment != machine->moment || machine->estate.bounded)
        return 0;
    return machine->now + takes(&machine->estate, asked->estimate[job], asked->class[job], refused->kind) >
           machine->shadow;
}

/* Walk over those that wait behind the head, from a place on; after a start, all are to be looked at again. */
static int machine_backfill(Machine *machine, size_t head, size_t at, size_t joined)
{
    const Estate *estate = &machine->estate;
    uint32_t first = machine->queue[head].job;
    int64_t depth = machine->asked->depth, most = view_most(&estate->now, estate);
    for (size_t walked = at - head; at < machine->waiting && most > 0 && (!depth || (int64_t)walked <= depth); walked++) {
        uint32_t job = machine->queue[at].job;
        int fresh = machine->job[job].joined == machine->passes - 1, skip = joined && !fresh;
        if (skip || machine->queue[at].demand > most || machine_knows(machine, job) || !places_now(machine, job)) {
            at++;
        } else {
            if (machine->shadow == UNKNOWN) {
                machine->shadow = machine_shadow(machine, first);
                places_now(machine, job);
            }
            if (machine_lets_past(machine, job, first)) {
                if (machine_start(machine, job))
                    return NO_MEMORY;
                machine_unqueue(machine, at);
                most = view_most(&estate->now, estate);
                joined = 0; /* who comes behind may be placed elsewhere now */
            } else {
                at++;
            }
        }
        if (joined && fresh && --joined == 0)
            return OK;
    }
    return OK;
}

static int machine_pass_all(Machine *machine)
{
    size_t head = 0;
    int all_open = !machine->asked->layout.windows;
    while (head < machine->waiting) {
        uint32_t job = machine->queue[head].job;
        int found = places_now(machine, job);
        if (!found && machine_make_room(machine, job, &found))
            return NO_MEMORY;
        if (found) {
            machine_unqueue(machine, head);
            if (machine_start(machine, job))
                return NO_MEMORY;
            continue;
        }
        machine->moment++;
        machine->shadow = all_open ? UNKNOWN : machine_shadow(machine, job);
        if (machine->shadow < NEVER)
            break;
        head++; /* as things are known, it can never run, so nobody waits for it */
    }
    machine->settled = head == 0 && !machine->pushable;
    if (head == machine->waiting || machine->asked->policy != EASY)
        return OK;
    return machine_backfill(machine, head, head + 1, 0);
}

static int machine_pass(Machine *machine)
{
    size_t joined = machine->joined, from = machine->joined_from;
    machine->joined = 0;
    machine->passes++;
    if (!machine->estate.now.total && !machine->pushable)
        return OK;
    if (machine->reckon)
        machine_reckon(machine);
    if (!machine->settled)
        return machine_pass_all(machine);
    if (!joined || machine->asked->policy != EASY)
        return OK;
    return machine_backfill(machine, 0, from, joined);
}

/* ---- events ------------------------------------------------------------------------------------ */

static int by_time(const void *left, const void *right)
{
    const Change *one = left, *other = right;
    if (one->time != other->time)
        return one->time < other->time ? -1 : 1;
    if (one->begins != other->begins)
        return one->begins - other->begins;
    return one->window < other->window ? -1 : one->window > other->window;
}

/* Note what is known at this second about nodes that open and close. */
static int machine_know(Machine *machine)
{
    const Layout *of = &machine->estate.of;
    estate_forget(&machine->estate, machine->now);
    for (; machine->known < machine->all_changes && machine->changes[machine->known].time <= machine->now;
         machine->known++) {
        const Change *change = machine->changes + machine->known;
        int64_t window = change->window;
        machine_stir(machine);
        estate_look(&machine->estate, of->node[window], machine->now);
        if (!change->begins && change->time == of->known[window] && change->time < of->until[window] &&
            estate_remember(&machine->estate, of->until[window], of->node[window], machine->now))
            return NO_MEMORY;
    }
    return OK;
}

static int machine_holds(const Machine *machine, uint32_t job, int64_t node)
{
    const int32_t *held = machine->held + machine->job[job].held;
    int64_t nodes = gang(&machine->estate, machine->asked->demand[job], machine->job[job].kind);
    for (int64_t each = 0; each < nodes; each++)
        if (held[each] == node)
            return 1;
    return 0;
}

static int machine_close(Machine *machine, int64_t window)
{
    const Layout *of = &machine->estate.of;
    size_t count = 0;
    if (of->fate[window] == FINISH)
        return OK;
    for (size_t each = 0; each < machine->runs; each++) {
        uint32_t job = machine->running[each];
        if (machine_holds(machine, job, of->node[window]) && !(of->lent[window] && gives_way(machine, job)))
            machine->some[count++] = job;
    }
    by_number(machine, machine->some, count, 1);
    for (size_t each = 0; each < count; each++) {
        uint32_t job = machine->some[each];
        int64_t outcome = of->fate[window] == STOP ? STOPPED : LOST;
        if (of->fate[window] == LEAVE ? machine_leave(machine, job) : machine_end(machine, job, outcome))
            return NO_MEMORY;
    }
    return OK;
}

static int machine_change(Machine *machine, int *any)
{
    *any = 0;
    for (; machine->changed < machine->all_changes && machine->changes[machine->changed].time <= machine->now;
         machine->changed++) {
        const Change *change = machine->changes + machine->changed;
        *any = 1;
        if (change->begins && machine_close(machine, change->window))
            return NO_MEMORY;
    }
    return OK;
}

static int fits_empty(const Machine *machine, uint32_t job)
{
    const Layout *of = &machine->estate.of;
    const int64_t *kinds = of->preferred + machine->asked->class[job] * of->kinds;
    for (int64_t each = 0; each < of->kinds && kinds[each] >= 0; each++)
        if (machine->asked->demand[job] <= of->nodes[kinds[each]] * of->size[kinds[each]])
            return 1;
    return 0;
}

static int machine_ends(Machine *machine, int pass_each)
{
    while (ends_at(&machine->ends, machine->now)) {
        End end = ends_pop(&machine->ends);
        if (stale(machine, end))
            continue;
        if (machine_end(machine, end.job, machine->job[end.job].leaves) || (pass_each && machine_pass(machine)))
            return NO_MEMORY;
    }
    return OK;
}

static int machine_submissions(Machine *machine, int pass_each)
{
    const Asked *asked = machine->asked;
    while (machine->submitted < asked->count && asked->submit[machine->submitted] == machine->now) {
        uint32_t job = (uint32_t)machine->submitted++;
        if (!fits_empty(machine, job))
            continue;
        machine_queue(machine, job);
        if (pass_each && machine_pass(machine))
            return NO_MEMORY;
    }
    return OK;
}

static int machine_act(Machine *machine)
{
    int any;
    if (machine->asked->weighted)
        machine->reckon |= standing_catch_up(&machine->standing, machine->now);
    if (machine_know(machine))
        return NO_MEMORY;
    if (machine->asked->passes == EACH_TIME)
        return machine_ends(machine, 0) || machine_change(machine, &any) || machine_submissions(machine, 0) ||
               machine_pass(machine);
    return machine_submissions(machine, 1) || machine_ends(machine, 1) || machine_change(machine, &any) ||
           (any && machine_pass(machine));
}

static int64_t machine_next(Machine *machine)
{
    while (machine->ends.count && stale(machine, machine->ends.heap[0]))
        ends_pop(&machine->ends);
    int more = machine->submitted < machine->asked->count;
    int64_t time = next_time(&machine->ends, more ? machine->asked->submit[machine->submitted] : NEVER);
    if (machine->changed < machine->all_changes && (time < NEVER || machine->waiting) &&
        machine->changes[machine->changed].time < time)
        time = machine->changes[machine->changed].time;
    return time;
}

/* ---- making ------------------------------------------------------------------------------------ */

static int machine_list_changes(Machine *machine)
{
    const Layout *of = &machine->asked->layout;
    machine->changes = malloc(((size_t)of->windows * 3 + 1) * sizeof *machine->changes);
    if (!machine->changes)
        return NO_MEMORY;
    for (int64_t window = 0; window < of->windows; window++) {
        if (of->since[window] >= of->until[window])
            continue;
        machine->changes[machine->all_changes++] = (Change){of->since[window], 1, window};
        machine->changes[machine->all_changes++] = (Change){of->known[window], 0, window};
        machine->changes[machine->all_changes++] = (Change){of->until[window], 0, window};
    }
    qsort(machine->changes, machine->all_changes, sizeof *machine->changes, by_time);
    return OK;
}

static int machine_make(Machine *machine, const Asked *asked)
{
    size_t count = (size_t)asked->count;
    int64_t held = 0;
    machine->asked = asked;
    machine->now = asked->submit[0];
    if (estate_make(&machine->estate, &asked->layout, LONG_AGO) || machine_list_changes(machine))
        return NO_MEMORY;
    if (asked->weighted && standing_make(&machine->standing, asked->weights, machine->now))
        return NO_MEMORY;
    machine->job = calloc(count, sizeof *machine->job);
    machine->queue = malloc((count + 1) * sizeof *machine->queue);
    machine->running = malloc(2 * count * sizeof *machine->running);
    machine->some = machine->running + count;
    if (!machine->job || !machine->queue || !machine->running)
        return NO_MEMORY;
    for (size_t each = 0; each < count; each++) {
        int64_t most = 0;
        machine->job[each].held = held;
        for (int64_t kind = 0; kind < asked->layout.kinds; kind++)
            if (asked->demand[each] <= asked->layout.nodes[kind] * asked->layout.size[kind] &&
                gang(&machine->estate, asked->demand[each], kind) > most)
                most = gang(&machine->estate, asked->demand[each], kind);
        held += most;
    }
    machine->held = malloc(((size_t)held + 1) * sizeof *machine->held);
    machine->refused = calloc((size_t)(asked->layout.classes * 2 * (machine->estate.capacity + 1)), sizeof(Refused));
    machine->moment = 1;
    return machine->held && machine->refused ? OK : NO_MEMORY;
}

static int machine_run(Machine *machine)
{
    for (int64_t now = machine_next(machine); now < NEVER; now = machine_next(machine)) {
        machine->now = now;
        if (machine_act(machine))
            return NO_MEMORY;
    }
    return OK;
}

/* Run the jobs of `Work` on an `Estate` by `Rules`; the runs, to be given to lionrock_release, are in `runs`. */
int lionrock_operate(const Asked *asked, int64_t **runs, int64_t *count)
{
    Machine machine = {.started = 0};
    int outcome = OK;
    if (asked->count)
        outcome = machine_make(&machine, asked) || machine_run(&machine) ? NO_MEMORY : OK;
    *runs = (int64_t *)machine.done;
    *count = (int64_t)machine.done_count;
    estate_free(&machine.estate);
    standing_free(&machine.standing);
    free(machine.job);
    free(machine.held);
    free(machine.refused);
    free(machine.queue);
    free(machine.running);
    free(machine.ends.heap);
    free(machine.promises[0].list);
    free(machine.promises[1].list);
    free(machine.changes);
    return outcome;
}

void lionrock_release(int64_t *runs)
{
    free(runs);
}
