"""A million deliveries wait for a partner that is dead. What do another partner's certificates cost beside them, against a node with
none? Interleaved pairs, the spread shown; and how soon a restart with them serves."""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from nodes import BUILD, Node, Sink, free_port, wait_until
from run import World, lines, peak_mib

FILL = BUILD / "benchmarks" / "backlog" / "ledger-fill"


class Pair:
    """A node and the partner that answers; DEAD is a partner where nobody listens."""

    def __init__(self, world, folder, waiting):
        self.world, self.loads, self.arrived = world, 0, 0
        self.cn = Node("CN", folder / "cn", world.pki, limits={"requests_per_second": 1000000}, settings={"log_level": "error"})
        self.au = Sink("AU", folder / "au", world.pki, keep_bytes=False)
        self.cn.add_agency("gacc", inbox=(), default=True)
        self.cn.add_partner("AU", self.au.url(), profile={"complete_at": "delivered"})
        world.pki.client("DEAD-client")
        world.pki.signing("DEAD-signing")
        self.cn.add_partner("DEAD", f"https://127.0.0.1:{free_port()}/node", profile={"complete_at": "delivered"})
        self.au.write({"CN": self.cn.partner_url()})
        if waiting:
            print(f"{waiting} deliveries for DEAD:", subprocess.run(
                [FILL, "--folder", self.cn.folder / "data", "--partner", "DEAD", "--channel", "dead", "--count", str(waiting)],
                check=True, capture_output=True, text=True).stdout.strip(), flush=True)
        self.au.start()

    def start(self):
        """Seconds until it is ready."""
        began = time.monotonic()
        self.cn.start()
        return time.monotonic() - began

    def per_second(self, count):
        self.loads += 1
        self.arrived += count
        began = time.monotonic()
        self.world.load(self.cn, count, prefix=f"B{self.loads}")
        wait_until("the certificates", lambda: lines(self.au.received) >= self.arrived, 300, 0.01)
        return count / (time.monotonic() - began)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--pairs", type=int, default=7)
    words.add_argument("--count", type=int, default=3000)
    words.add_argument("--waiting", type=int, default=1000000)
    told = words.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-backlog-", dir=BUILD))
    world = World(folder)
    empty, full = Pair(world, folder / "empty", 0), Pair(world, folder / "full", told.waiting)
    try:
        print(f"ready {full.start():.1f} s after its start with the backlog, {empty.start():.1f} s without", flush=True)
        for node in (empty, full):
            node.per_second(300)
        ratios = []
        for n in range(told.pairs):
            without, with_backlog = empty.per_second(told.count), full.per_second(told.count)
            ratios.append(with_backlog / without)
            print(f"pair {n + 1}: {without:7.0f} a second without, {with_backlog:7.0f} with, ratio {ratios[-1]:.3f}", flush=True)
        print(f"with the backlog {statistics.median(ratios):.3f} of the throughput (least {min(ratios):.3f}, most {max(ratios):.3f})")
        print(f"peak memory of the node {peak_mib(full.cn):.0f} MiB with it, {peak_mib(empty.cn):.0f} MiB without")
        full.cn.stop()
        print(f"a restart with it is ready in {full.start():.1f} s")
    finally:
        for node in (empty, full):
            node.cn.kill()
            node.au.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
