"""A cluster of three brokers on this machine between hub and worker hosts, under load: a broker is killed, one is frozen, a minority
is cut off, a majority is gone. Delivery goes on or waits; nothing is lost and nothing stored twice. Prints the figures.

A cut is made with the cookie that brokers greet each other with: who has another one is a stranger, while its clients stay. The
cluster runs with cluster_partition_handling = pause_minority, as deploy/rabbitmq tells operators."""

import argparse
import os
import signal
import sys
import time

from amqp_world import World

SETTINGS = {"cluster_partition_handling": "pause_minority"}


class Flow:
    """What arrived while something was going on."""

    def __init__(self, world):
        self.world = world

    def during(self, seconds):
        """certificates a second, and the longest time without one"""
        count = self.arrived()
        begun = last = time.monotonic()
        first, longest = count, 0.0
        while time.monotonic() - begun < seconds:
            time.sleep(0.05)
            now = self.arrived()
            if now > count:
                longest, last, count = max(longest, time.monotonic() - last), time.monotonic(), now
        longest = max(longest, time.monotonic() - last)
        return (count - first) / seconds, longest

    def arrived(self):
        self.world.look()
        return len(self.world.arrived)


class Acts:
    """Each breaks something and gives what mends it."""

    def __init__(self, world):
        self.a, self.b, self.c = self.brokers = world.brokers

    def nothing(self):
        return lambda: None

    def kill_one(self):
        self.b.kill()
        return self.b.start

    def freeze_one(self):
        os.kill(self.c.pid(), signal.SIGSTOP)
        return lambda: os.kill(self.c.pid(), signal.SIGCONT)

    def cut_off_one(self):
        greet(self.a, [self.b, self.c], lambda here: "the-cookie-of-" + here.told["node"][0])
        return lambda: greet(self.a, [self.b, self.c], lambda _: self.a.cookie.read_text())

    def kill_the_majority(self):
        self.b.kill()
        self.c.kill()
        return lambda: (self.b.start(), self.c.start())


def greet(one, others, cookie):
    """Parts them; from now on each greets the other with cookie(itself)."""
    for here, there in [(one, o) for o in others] + [(o, one) for o in others]:
        node = there.told["node"]
        here.eval(f"erlang:set_cookie('{node}', '{cookie(here)}'), erlang:disconnect_node('{node}').")


ACTS = [("nothing", "all three run"), ("kill_one", "one killed, and started"), ("freeze_one", "one frozen, and thawed"),
        ("cut_off_one", "one cut off, and back"), ("kill_the_majority", "two killed, and started")]


def run(rounds, seconds, only):
    world = World(f"cluster-{int(time.time())}", brokers=3, settings=SETTINGS)
    wrong = []
    try:
        world.start()
        acts, flow = Acts(world), Flow(world)
        flow.during(3)
        print(f"{'':26} {'broken':>22} {'mended':>22}\n{'':26} {'per s':>8} {'longest gap s':>13} {'per s':>8} {'longest gap s':>13}")
        for name, text in [act for act in ACTS if only in (None, act[0])] * rounds:
            mend = getattr(acts, name)()
            broken = flow.during(seconds)
            mend()
            mended = flow.during(seconds)
            found = world.compare()
            wrong += found
            print(f"{text:26} {broken[0]:8.0f} {broken[1]:13.1f} {mended[0]:8.0f} {mended[1]:13.1f}   "
                  + ("; ".join(found[:3]) or "all agree"), flush=True)
        print(f"certificates {len(world.load.receipts)}, transmissions repeated {world.repeats}")
    except BaseException:
        wrong.append("it broke off")
        raise
    finally:
        world.end(keep=bool(wrong))
    return wrong


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rounds", type=int, default=1)
    words.add_argument("--seconds", type=float, default=15, help="how long something is broken, and how long it is watched after")
    words.add_argument("--only", choices=[name for name, _ in ACTS])
    told = words.parse_args()
    found = run(told.rounds, told.seconds, told.only)
    print("\n".join(found) or "all sets agree")
    sys.exit(bool(found))
