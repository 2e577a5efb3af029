"""Of 50 partners four are hostile: one accepts and stays silent, one trickles a byte a second, one answers with 1 GB, one resets after
the body. What do the other 46 get, against the same load where those four behave? Interleaved pairs, the spread shown."""

import argparse
import pathlib
import shutil
import statistics
import tempfile
import time

from harness import gate as g
from nodes import BUILD, Node, Sink, wait_until
from run import World, lines

PARTNERS = [f"P{n:02}" for n in range(50)]


def silent(gate, handler, seen):
    time.sleep(600)


def trickle(gate, handler, seen):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b"<")
        time.sleep(1)


def flood(gate, handler, seen):
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    for _ in range(1 << 14):
        handler.wfile.write(b"x" * (1 << 16))


FAILURES = 5  # in a row open a circuit
HOSTILE = dict(zip(PARTNERS[:4], (silent, trickle, flood, g.reset_after_body)))


def seconds_of_the_others(world, folder, hostile, count):
    cn = Node("CN", folder / "cn", world.pki, limits={"requests_per_second": 1000000}, settings={"log_level": "error"})
    au = Sink("AU", folder / "au", world.pki, keep_bytes=False)
    cn.add_agency("gacc", inbox=(), default=True)
    gates = []
    for name in PARTNERS:
        url = au.url()
        if hostile and name in HOSTILE:
            gates.append(g.Gate(world.pki, "AU-server", au.port, "CN-client", otherwise=HOSTILE[name]))
            url = gates[-1].url
        cn.add_partner(name, url, profile={"complete_at": "delivered", "address": "AU"},
                       identity={"ca": world.pki.pem("ca"), "subject": f"CN={name}"},
                       signing_certificates=[world.pki.pem("AU-signing")])
    au.write({"CN": cn.partner_url()})
    try:
        au.start()
        cn.start()
        others = [p for p in PARTNERS if p not in HOSTILE]
        world.load(cn, 46 * 2, prefix="warm", to=others)
        wait_until("the warm-up", lambda: lines(au.received) >= 92, 60)
        for_hostile = 4 * 16
        world.load(cn, for_hostile, prefix="H", to=list(HOSTILE))
        behind = 92 + (0 if hostile else for_hostile)
        wait_until("the hostile to be busy", lambda: lines(au.received) >= behind and all(len(each.seen) >= FAILURES for each in gates), 60)
        began = time.monotonic()
        world.load(cn, count, prefix="B", to=others)
        wait_until("the others' certificates", lambda: lines(au.received) >= behind + count, 300, 0.01)
        return time.monotonic() - began
    finally:
        cn.kill()
        au.stop()
        for gate in gates:
            gate.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--pairs", type=int, default=7)
    words.add_argument("--count", type=int, default=9200)
    told = words.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-isolation-", dir=BUILD))
    world = World(folder)
    ratios = []
    for n in range(told.pairs):
        taken = {hostile: seconds_of_the_others(world, folder / f"{n}-{hostile}", hostile, told.count)
                 for hostile in ((False, True) if n % 2 == 0 else (True, False))}
        calm, with_hostile = taken[False], taken[True]
        ratios.append(calm / with_hostile)
        print(f"pair {n + 1}: calm {told.count / calm:7.0f} a second, with four hostile partners {told.count / with_hostile:7.0f}, "
              f"ratio {ratios[-1]:.3f}", flush=True)
    print(f"the others keep {statistics.median(ratios):.3f} of their throughput (least {min(ratios):.3f}, most {max(ratios):.3f})")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
