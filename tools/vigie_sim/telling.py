"""What came of a run: a row of the table, and where the time went."""
import os
import statistics

import figures
from figures import quantile

HEADS = ("nodes", "slots", "ideal/s", "jobs/s", "of ideal", "slots at work",
         "core CPU/job", "core", "nodes' CPU", "others", "batches", "queue",
         "delay p50", "delay p99", "trip", "store busy", "printer busy")


def jobs_a_second(o, count):
    return count * o.slots * 1e3 / o.cost


def heading(o):
    return (f"{o.cost} ms a job, {o.slots} slots a node, {o.files} note(s) of "
            f"{o.bytes:,} bytes a batch, {o.seconds:.0f} s, {o.runs} run(s) of each"
            + (f", {o.load:.0%} of what the slots can do" if o.load else "")
            + (", the core on a processor of its own" if o.split else "")
            + (", no file travels" if o.no_travel else "")
            + (f", stored in {o.storage}" if o.storage else "")
            + "\n| " + " | ".join(HEADS) + " |\n" + "| --- " * len(HEADS)
            + "|")


def row(o, count, seen):
    a, b = seen[0], seen[-1]
    took, jobs = b.at - a.at, b.jobs() - a.jobs()

    def grown(name, **labels):
        return b.scrape.of_work(name, **labels) - a.scrape.of_work(
            name, **labels)

    def busy(name, **labels):
        return (b.scrape.sum(name, **labels)
                - a.scrape.sum(name, **labels)) / took

    def mean(name):
        return statistics.mean(m.scrape.sum(name) for m in seen)
    wait = "vigie_stage_wait_seconds"
    waits = a.scrape.buckets(wait), b.scrape.buckets(wait)
    slots, out = count * o.slots, "vigie_stage_duration_seconds"
    return {
        "nodes": count, "slots": slots, "ideal/s": jobs_a_second(o, count),
        "jobs/s": jobs / took,
        "of ideal": jobs / took / jobs_a_second(o, count),
        "slots at work": mean("vigie_jobs_leased") / slots,
        "core CPU/job": 1e3 * (b.core - a.core) / jobs,
        "core": (b.core - a.core) / took,
        "nodes' CPU": (b.nodes - a.nodes) / took,
        # Clients, and who else is on this machine.
        "others": os.cpu_count() - (b.core - a.core + b.nodes - a.nodes
                                    + b.idle - a.idle) / took,
        "batches": mean("vigie_batches_unfinished"),
        "queue": mean("vigie_jobs_queued"),
        "delay p50": 1e3 * quantile(*waits, 0.5),
        "delay p99": 1e3 * quantile(*waits, 0.99),
        "trip": 1e3 * grown(out + "_sum", outcome="ok") / jobs - o.cost,
        "store busy": busy("vigie_store_commit_duration_seconds_sum"),
        "printer busy": busy(out + "_sum", stage="report"),
    }


def cells(r):
    share = ("of ideal", "slots at work", "others", "store busy",
             "printer busy", "core", "nodes' CPU")
    ms = ("core CPU/job", "delay p50", "delay p99", "trip")
    return [f"{r[h]:.2f}" if h in share else
            f"{r[h]:,.0f}" if h not in ms else
            f"{r[h]:,.0f} ms" if r[h] >= 10 else f"{r[h]:.1f} ms"
            for h in HEADS]


def middle(rows):
    return "| " + " | ".join(cells(
        {h: statistics.median(r[h] for r in rows) for h in HEADS})) + " |"


def where(part_of, seen):
    """What a job costs, by part of the server; mailboxes that hold some."""
    a, b = seen[0], seen[-1]
    jobs = b.jobs() - a.jobs()
    cost = {part: 1e3 * s / jobs for part, s in
            figures.spent(part_of, a.threads, b.threads).items()}
    box = "vigie_actor_mailbox_messages"
    boxes = {k["kind"]: statistics.mean(m.scrape.sum(box, kind=k["kind"])
                                        for m in seen)
             for k, _ in b.scrape.rows[box]}

    def grown(name):
        return b.scrape.sum(name) - a.scrape.sum(name)
    changes, groups = (grown("vigie_store_commit_changes" + x)
                       for x in ("_sum", "_count"))

    def largest(of, least):
        some = sorted(of.items(), key=lambda x: -x[1])
        return ", ".join(f"{name} {x:.2f}" for name, x in some
                         if x >= least) or "none"
    each = 1e3 * grown("vigie_store_commit_duration_seconds_sum") / groups
    return (f"  commits: {groups / (b.at - a.at):.0f}/s of {each:.1f} ms, "
            f"{changes / groups:.1f} changes in each, {changes / jobs:.2f} "
            f"changes a job\n  ms a job: {largest(cost, 0.02)}"
            f"\n  mailboxes: {largest(boxes, 0.5)}")
