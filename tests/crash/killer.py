"""Kills in a world: processes die by SIGKILL, at a named point or at a random moment, and start again. Every ten kills the world
rests and says what is wrong in it. With --resume a line a kill is appended to a file, and the next run goes on where it ends.

A world has victims (what may be killed, by weight), hub_points, cn, workers, brokers, start_hub(), in_flight(), look(), compare(),
end(), load.receipts, load.errors and repeats (how often something was said again)."""

import argparse
import collections
import json
import pathlib
import random
import sys
import time

WORKER_POINTS = ["before-send", "after-send", "before-outcome", "unconfirmed", "after-outcome", "after-ack"]
KILLS_A_WORLD = 200  # then a new ledger: checks stay quick
KILLS_A_CHECK = 10
POINT_SECONDS = 5


class Killer:
    def __init__(self, world, seed):
        self.world, self.random = world, random.Random(seed)

    def round(self):
        """One kill, and everything runs again; what it hit."""
        victims = self.world.victims
        victim = self.random.choices(list(victims), victims.values())[0]
        worker = self.random.choice(self.world.workers or [None])
        point = None
        if victim != "all" and self.random.random() < 0.6:
            by = {"hub": self.world.cn, "worker": worker}.get(victim) or self.random.choice([self.world.cn, worker])
            point = self.reach(by, victim == "broker")
        else:
            time.sleep(self.random.uniform(0.1, 0.6))
        self.kill(victim, worker)
        in_flight = self.world.in_flight()
        self.restart()
        self.world.look()
        return {"victim": victim, "point": point or "random moment", "in_flight": in_flight}

    def reach(self, process, for_broker):
        """Starts it anew with the order to kill itself, or the broker, at a point; waits until that has happened."""
        hub = process is self.world.cn
        broker = self.world.brokers[0] if for_broker else None
        point = self.random.choice(self.world.hub_points if hub else WORKER_POINTS)
        order = f"{point}:{self.random.randint(1, 25)}" + (f":{broker.pid()}" if broker else "")
        process.stop() if self.random.random() < 0.3 else process.kill()
        if hub:
            self.world.start_hub("--kill-at", order)
        else:
            process.start("--kill-at", order)
        end = time.monotonic() + POINT_SECONDS
        while (broker.pid() if broker else process.alive()) and time.monotonic() < end:
            time.sleep(0.01)
        process.kill()  # an order that was not carried out yet must not outlive its round
        return f"{'hub' if hub else 'worker'} {point}" if for_broker else point

    def kill(self, victim, worker):
        all_ = victim == "all"
        if victim == "hub" or all_:
            self.world.cn.kill()
        if victim == "worker" or all_:
            for each in self.world.workers if all_ else [worker]:
                each.kill()
        if victim == "broker" or all_:
            for broker in self.world.brokers:
                broker.kill()

    def restart(self):
        for broker in self.world.brokers:
            if broker.pid() is None:
                broker.start()
        if not self.world.cn.alive():
            self.world.start_hub()
        for worker in self.world.workers:
            if not worker.alive():
                worker.start()
        self.world.cn.wait_ready(60)


class Book:
    """A line a kill and a check, in memory and, if told, in a file that is read first."""

    def __init__(self, path=None):
        self.path = pathlib.Path(path) if path else None
        self.lines = []
        if self.path and self.path.exists():
            self.lines = [json.loads(line) for line in self.path.read_text().splitlines()]

    def add(self, **line):
        self.lines.append(line)
        if self.path:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def kills(self):
        return [line for line in self.lines if "victim" in line]

    def checks(self):
        return [line for line in self.lines if "wrong" in line]

    def hits(self):
        return sum(k["in_flight"] > 0 for k in self.kills())

    def wrong_now(self):
        return [w for check in self.checks() for w in check["wrong"]]

    def wrong(self):
        found = self.wrong_now()
        if len(self.kills()) >= KILLS_A_CHECK:
            if self.hits() < 0.7 * len(self.kills()):
                found.append(f"only {self.hits()} of {len(self.kills())} kills hit work in flight")
            if not any(check["repeats"] for check in self.checks()):
                found.append("nothing was ever said again: the kills proved nothing")
        return found

    def table(self):
        at = collections.defaultdict(list)
        for kill in self.kills():
            at[(kill["victim"], kill["point"])].append(kill["in_flight"])
        rows = [f"{'victim':8} {'point':24} {'kills':>6} {'in flight':>10} {'most':>5}"]
        for (victim, point), flights in sorted(at.items()):
            rows.append(f"{victim:8} {point:24} {len(flights):6} {sum(f > 0 for f in flights):10} {max(flights):5}")
        last = {check["world"]: check for check in self.checks()}.values()
        brokers = sum(k["victim"] in ("broker", "all") for k in self.kills())
        rows.append(f"kills {len(self.kills())}, of the broker {brokers}, with work in flight {self.hits()}; checks "
                    f"{len(self.checks())}; certificates {sum(c['receipts'] for c in last)}, said again "
                    f"{sum(c['repeats'] for c in last)}")
        return "\n".join(rows)


def world_of_kills(make, book, seed, until):
    """Kills in one world, until there are so many in the book."""
    begun = len(book.kills())
    name = f"{seed}+{begun}"
    world = make(name)
    whole = False
    try:
        killer = Killer(world.start(), name)
        while len(book.kills()) < until and not book.wrong_now():
            number = len(book.kills()) + 1
            book.add(kill=number, world=name, at=int(time.time()), **killer.round())
            if number % KILLS_A_CHECK == 0 or number == until:
                wrong = world.compare()
                book.add(check=number, world=name, receipts=len(world.load.receipts), repeats=world.repeats,
                         agencies={str(k): n for k, n in world.load.errors.items()}, wrong=wrong)
                print(f"{number:6} kills, {len(world.load.receipts)} certificates, {world.repeats} repeated: "
                      + ("; ".join(wrong[:5]) or "all agree"), flush=True)
        whole = not book.wrong_now()
    finally:
        if not whole:
            for process in (world.cn, *getattr(world, "workers", [])):
                if pathlib.Path(process.log_file).exists():
                    print(f"--- {process.name}\n" + pathlib.Path(process.log_file).read_text(errors="replace")[-4000:])
        world.end(keep=not whole)


def run(make, count, seed, path=None):
    book = Book(path)
    print(f"seed {seed}" + (f", {len(book.kills())} kills before" if book.kills() else ""), flush=True)
    while len(book.kills()) < count and not book.wrong_now():
        world_of_kills(make, book, seed, min(count, len(book.kills()) + KILLS_A_WORLD))
    print(book.table(), flush=True)
    return book.wrong()


def main(make, description):
    words = argparse.ArgumentParser(description=description)
    words.add_argument("--rounds", type=int, default=1000, help="kills in all, those of the file included")
    words.add_argument("--seed", type=int, default=int(time.time()))
    words.add_argument("--resume", metavar="FILE", help="where kills are written down, and from where they go on")
    words.add_argument("--table", action="store_true", help="print what the file holds, kill nothing")
    told = words.parse_args()
    if told.table:
        print(Book(told.resume).table())
        sys.exit()
    found = run(make, told.rounds, told.seed, told.resume)
    print("\n".join(found) or "all sets agree")
    sys.exit(bool(found))
