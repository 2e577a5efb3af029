"""The node's speed as ratios within one run: the floor (what cannot be avoided), end to end against it, latency, memory.
Prints a table and writes JSON."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from broker import Broker
from nodes import BUILD, Node, Pki, ROOT, Sink, wait_until
from over_amqp import over_amqp

LOAD = BUILD / "benchmarks" / "end_to_end" / "agency-load"
FLOOR = BUILD / "benchmarks" / "floor" / "floor-bench"
HOP = BUILD / "benchmarks" / "floor" / "queue-hop"
LEDGER = BUILD / "benchmarks" / "micro" / "ledger-cycle"


def benchmark_sample(folder):
    text = (ROOT / "tests" / "samples" / "phyto-851-to-au.xml").read_text(encoding="utf-8")
    text = re.sub(r"(<rsm:SPSExchangedDocument>.*?<ram:ID>)[^<]*", lambda m: m[1] + "@NUMBER@", text, count=1, flags=re.S)
    note = "<ram:IncludedSPSNote><ram:Subject>ADAOEDL</ram:Subject><ram:Content>@PAD@</ram:Content></ram:IncludedSPSNote>"
    at = text.index("<ram:IncludedSPSNote>") if "<ram:IncludedSPSNote>" in text else text.index("</ram:IssuerSPSParty>") + 21
    path = folder / "sample.xml"
    path.write_text(text[:at] + note + text[at:], encoding="utf-8")
    return path


def pid_of(process):
    return process.pid() if isinstance(process, Broker) else process.running.pid


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{pid_of(process)}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(process):
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid_of(process)}/status").read_text())[1]) / 1024


def bare_fdatasync(folder, rounds=500):
    """Microseconds of an append of 10 KB and its fdatasync: p50 and p99."""
    took = []
    with open(folder / "bare.log", "wb", buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(b"x" * 10240)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1e6)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.99)]


def bare_timer_lag(seconds=2.0):
    """How late a timer of 50 ms is in a process that does nothing else: p99 in milliseconds."""
    late = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        due = time.monotonic() + 0.05
        time.sleep(0.05)
        late.append(time.monotonic() - due)
    late.sort()
    return late[int(len(late) * 0.99)] * 1000


def histogram_quantile(text, name, q):
    """The upper bound of the bucket that holds the quantile, summed over labels."""
    buckets = {}
    for bound, count in re.findall(rf'^{name}_bucket\{{[^}}]*le="([^"]+)"\}} (\S+)', text, re.M):
        buckets[float(bound)] = buckets.get(float(bound), 0) + float(count)
    rows = sorted(buckets.items())
    total = rows[-1][1] if rows else 0
    return next((bound for bound, count in rows if total and count >= q * total), float("nan"))


class World:
    """broker: the node's work goes over it, done by an adapter of its own."""

    def __init__(self, folder, broker=None):
        self.folder, self.pki, self.broker = folder, Pki(BUILD / "bench-pki"), broker
        self.sample = benchmark_sample(folder)
        self.runs = 0

    @contextlib.contextmanager
    def up(self):
        self.runs += 1
        place = self.folder / str(self.runs)
        cn, au = Node("CN", place / "cn", self.pki, limits={"requests_per_second": 1000000},
                      settings={"log_level": "warn"}), Sink("AU", place / "au", self.pki, keep_bytes=False)
        cn.add_agency("gacc", inbox=(), default=True)
        cn.add_partner("AU", au.url(), profile={"complete_at": "delivered"})
        au.write({"CN": cn.partner_url()})
        adapters = self._over_broker(cn) if self.broker else []
        try:
            au.start()
            cn.start(*["--no-workers"] * bool(adapters))
            for adapter in adapters:
                adapter.start()
            yield cn, au, *adapters
        finally:
            for process in (cn, *adapters, au):
                process.stop()
            shutil.rmtree(place, ignore_errors=True)

    def _over_broker(self, cn):
        with contextlib.suppress(RuntimeError):  # of the run before; the first has none
            self.broker.ctl("delete_vhost", cn.name)
        return over_amqp(cn, self.broker, ["AU"])

    def hop(self, count=5000):
        """CPU of one message of 12 KB over the broker and back out of it, the broker's own with it; and messages a second."""
        before = cpu_seconds(self.broker)
        done = subprocess.run([HOP, "--broker", self.broker.address(), "--user", "guest", "--password-file",
                               self.broker.folder / "password", "--count", str(count)], capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stderr)
        hop = json.loads(done.stdout)
        hop["broker_cpu_us"] = (cpu_seconds(self.broker) - before) / count * 1e6
        return hop

    def load(self, cn, count, concurrency=32, rate=0, prefix="B", to=()):
        command = [LOAD, "--url", f"https://127.0.0.1:{cn.agency_port}", "--cert", self.pki.pem("CN-gacc"), "--key",
                   self.pki.key("CN-gacc"), "--ca", self.pki.pem("ca"), "--sample", self.sample, "--count", count,
                   "--concurrency", concurrency, "--rate", rate, "--prefix", prefix] + (["--to", ",".join(to)] if to else [])
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def floor(self, rounds):
        done = subprocess.run([FLOOR, "--sample", self.sample, "--key", self.pki.key("CN-signing"), "--certificate",
                               self.pki.pem("CN-signing"), "--folder", self.folder, "--rounds", str(rounds)],
                              capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)


def lines(path):
    with contextlib.suppress(FileNotFoundError):
        with open(path, "rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    return 0


def end_to_end(world, count):
    with world.up() as (cn, au, *adapters):
        world.load(cn, 200, prefix="warm")
        wait_until("the warm-up", lambda: lines(au.received) >= 200, 60)
        others = {"adapter": adapters[0], "broker": world.broker} if adapters else {}
        before = cpu_seconds(cn), cpu_seconds(au)
        before_others = {name: cpu_seconds(process) for name, process in others.items()}
        began = time.monotonic()
        accepted = world.load(cn, count)
        wait_until("all to arrive", lambda: lines(au.received) >= count + 200, 300, 0.01)
        seconds = time.monotonic() - began
        return {"certificates": count, "per_second": count / seconds, "accepted_per_second": accepted["per_second"],
                "cpu_us_node": (cpu_seconds(cn) - before[0]) / count * 1e6,
                "cpu_us_sink": (cpu_seconds(au) - before[1]) / count * 1e6,
                "peak_mib_node": peak_mib(cn), "peak_mib_sink": peak_mib(au),
                **{f"cpu_us_{name}": (cpu_seconds(p) - before_others[name]) / count * 1e6 for name, p in others.items()},
                **{f"peak_mib_{name}": peak_mib(p) for name, p in others.items()}}


def latency_at_half_load(world, rate, seconds):
    with world.up() as (cn, *_):
        world.load(cn, 200, prefix="warm")
        sync_before = bare_fdatasync(world.folder)
        half = world.load(cn, int(rate * seconds), concurrency=64, rate=rate)
        sync_after = bare_fdatasync(world.folder)
        text = cn.health("/metrics")[1]
        return {"rate": rate, "accept_p50_us": half["p50_us"], "accept_p99_us": half["p99_us"],
                "fdatasync_p50_us": statistics.mean([sync_before[0], sync_after[0]]),
                "fdatasync_p99_us": max(sync_before[1], sync_after[1]),
                "loop_lag_p99_ms_at_most": histogram_quantile(text, "ecert_loop_lag_seconds", 0.99) * 1000,
                "bare_timer_lag_p99_ms": bare_timer_lag()}


def ledger_us(folder):
    """CPU of the ledger's threads for one certificate: pushed and delivered; and answered as well."""
    done = subprocess.run([LEDGER, "--benchmark_format=json"], cwd=folder, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [one["ledger_us"] for one in json.loads(done.stdout)["benchmarks"]]


def openssl_rsa_us():
    out = subprocess.run(["openssl", "speed", "-seconds", "2", "rsa2048"], capture_output=True, text=True).stdout
    found = re.search(r"rsa\s+2048 bits\s+([\d.]+)s\s+([\d.]+)s", out)
    return float(found[1]) * 1e6 if found else float("nan")


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=5000)
    words.add_argument("--pairs", type=int, default=3, help="interleaved pairs of floor and end to end")
    words.add_argument("--amqp", action="store_true", help="over a RabbitMQ broker of its own, with an adapter")
    words.add_argument("--json", default=str(BUILD / "benchmarks.json"))
    told = words.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-bench-", dir=BUILD))
    broker = Broker(folder / "broker").start() if told.amqp else None
    world = World(folder, broker)
    if broker:
        (broker.folder / "password").write_text("guest\n")
    with world.up():
        pass  # makes the keys
    pairs = []
    try:
        for _ in range(told.pairs):
            pairs.append((floor_of(world), end_to_end(world, told.count)))
        ratios = [e["per_second"] * f["whole_us"] / 1e6 / os.cpu_count() for f, e in pairs]
        floor = min(pairs, key=lambda p: p[0]["whole_us"])[0]
        middle = sorted(pairs, key=lambda p: p[1]["per_second"])[len(pairs) // 2][1]
        half = latency_at_half_load(world, middle["per_second"] / 2, 8)
        report = {"floor": floor, "openssl_rsa2048_us": openssl_rsa_us(), "ledger_us": ledger_us(folder), "end_to_end": middle,
                  "ratio_to_floor": statistics.median(ratios), "ratios": ratios, "half_load": half}
        pathlib.Path(told.json).write_text(json.dumps(report, indent=1))
        show(report)
    finally:
        if broker:
            broker.stop()
        shutil.rmtree(folder, ignore_errors=True)


def floor_of(world):
    """Over a broker, two hops belong to what cannot be avoided: the task's and the outcome's."""
    floor = world.floor(2000)
    if world.broker:
        floor["hop"] = world.hop()
        hops = 2 * (floor["hop"]["cpu_us"] + floor["hop"]["broker_cpu_us"])
        floor["parts_us"]["two hops over the broker, its CPU and ours"] = hops
        floor["sum_us"] += hops
        floor["whole_us"] += hops
    return floor


def show(r):
    def row(name, value, unit=""):
        print(f"  {name:<46} {value:>12,.1f} {unit}")
    print("floor, one certificate of 10 KB, one thread")
    for name, us in r["floor"]["parts_us"].items():
        row(name, us, "us")
    row("sum of the parts", r["floor"]["sum_us"], "us")
    row("all in one loop", r["floor"]["whole_us"], "us")
    row("RSA-2048 and nothing else", r["floor"]["rsa_us"], "us")
    row("openssl speed rsa2048, one signature", r["openssl_rsa2048_us"], "us")
    row("the ledger alone, accepted and delivered", r["ledger_us"][0], "us")
    row("the ledger alone, and answered", r["ledger_us"][1], "us")
    print(f"end to end: agency-load -> node -> partner-sink, {os.cpu_count()} cores")
    row("certificates a second", r["end_to_end"]["per_second"])
    row("ratio to the floor, percent (median)", r["ratio_to_floor"] * 100)
    row("ratio, percent, least", min(r["ratios"]) * 100)
    row("ratio, percent, most", max(r["ratios"]) * 100)
    row("CPU of the node, one certificate", r["end_to_end"]["cpu_us_node"], "us")
    row("CPU of the sink, one certificate", r["end_to_end"]["cpu_us_sink"], "us")
    row("peak memory of the node", r["end_to_end"]["peak_mib_node"], "MiB")
    for name in ("adapter", "broker"):
        if f"cpu_us_{name}" in r["end_to_end"]:
            row(f"CPU of the {name}, one certificate", r["end_to_end"][f"cpu_us_{name}"], "us")
            row(f"peak memory of the {name}", r["end_to_end"][f"peak_mib_{name}"], "MiB")
    print(f"at half load, {r['half_load']['rate']:.0f} a second")
    for name in ("accept_p50_us", "accept_p99_us", "fdatasync_p50_us", "fdatasync_p99_us"):
        row(name.replace("_us", "").replace("_", " "), r["half_load"][name], "us")
    row("loop lag p99, at most", r["half_load"]["loop_lag_p99_ms_at_most"], "ms")
    row("bare timer lag p99", r["half_load"]["bare_timer_lag_p99_ms"], "ms")


if __name__ == "__main__":
    main()
