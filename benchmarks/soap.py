"""Accepting over SOAP beside REST: CPU of the hub for one certificate of the same bytes, pushed by an agency at either door. Pairs
are interleaved; medians with their spread. The partner fetches, so that nothing but accepting is at work."""

import argparse
import http.client
import json
import os
import pathlib
import shutil
import statistics
import tempfile

from harness.served import TYPE, Caller, header, message, written
from harness.world import certificate, shared_pki
from nodes import BUILD, Node, write_toml


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Door:
    """One kept connection of one agency."""

    def __init__(self, node, path, content_type, wrap):
        caller = Caller(node, "CN-gacc", path, node.agency_port)
        self.connection = http.client.HTTPSConnection("127.0.0.1", node.agency_port, context=caller.context)
        self.path, self.type, self.wrap, self.node = path, content_type, wrap, node

    def push(self, numbers, size):
        bodies = [self.wrap(n, certificate(n, text="x" * size)) for n in numbers]
        before = cpu_seconds(self.node.running.pid)
        for body in bodies:
            self.connection.request("POST", self.path, body, {"Content-Type": self.type, "SOAPAction": '""'})
            answer = self.connection.getresponse()
            text = answer.read()
            assert answer.status in (200, 202) and b"FailedDelivery" not in text, text[:1000]
        return (cpu_seconds(self.node.running.pid) - before) / len(bodies) * 1000


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=300)
    asked.add_argument("--pairs", type=int, default=7)
    asked = asked.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-bench-"))
    pki = shared_pki()
    node = Node("CN", folder / "cn", pki)
    try:
        node.add_agency("gacc", default=True)
        write_toml(node.folder / "channels" / "nz.toml", {"dialect": "ephyto"}, (), [("identity", {"pin": pki.pem("NZ-client")})])
        write_toml(node.folder / "partners" / "NZ.toml", {"channel": "nz", "offer": True})
        node.start()
        doors = {"REST": Door(node, "/v1/certificates", "application/xml", lambda n, data: data),
                 "SOAP": Door(node, "/soap/ephyto", TYPE["1.1"], lambda n, data: message(
                     f"<e:DeliverEnvelope><e:env>{header('CN', 'NZ', n)}{written(data)}</e:env></e:DeliverEnvelope>"))}
        rows = []
        for size in (0, 300_000):
            spent = {name: [] for name in doors}
            for pair in range(asked.pairs):
                for name, door in sorted(doors.items(), reverse=pair % 2):
                    spent[name].append(door.push([f"{name}/{size}/{pair}/{i}" for i in range(asked.count if not size else asked.count // 10)],
                                                 size))
            ratios = sorted(s / r for s, r in zip(spent["SOAP"], spent["REST"]))
            rows.append({"bytes": len(certificate("x", text="x" * size)), "rest_ms": round(statistics.median(spent["REST"]), 2),
                         "soap_ms": round(statistics.median(spent["SOAP"]), 2), "ratio": round(statistics.median(ratios), 2),
                         "spread": [round(ratios[0], 2), round(ratios[-1], 2)]})
        print("| bytes | REST, CPU ms | SOAP, CPU ms | ratio | spread |\n|---|---|---|---|---|")
        for row in rows:
            print(f"| {row['bytes']} | {row['rest_ms']} | {row['soap_ms']} | {row['ratio']} | {row['spread'][0]} .. {row['spread'][1]} |")
        (BUILD / "benchmarks" / "soap.json").write_text(json.dumps(rows, indent=1))
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
