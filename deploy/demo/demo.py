"""The main job, seen: CN's agency pushes certificates, NZ's agency answers them, AU gets them in its own form."""

import argparse
import hashlib
import pathlib
import shutil
import sys
import time

from broker import Broker
from nodes import Node, Pki, ROOT, Sink, wait_until
from over_amqp import over_amqp

SAMPLES = ROOT / "tests" / "samples"
failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print(f"   WRONG: {what}")
    return holds


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def build_world(folder):
    pki = Pki(folder / "pki")
    cn, nz = Node("CN", folder / "cn", pki), Node("NZ", folder / "nz", pki)
    au = Sink("AU", folder / "au", pki, acknowledge="accept")
    gacc = cn.add_agency("gacc", default=True)
    mpi = nz.add_agency("mpi", default=True)
    quick = {"retry": {"first": "500ms"}}
    cn.add_partner("NZ", nz.partner_url(), tables=quick)
    cn.add_partner("AU", au.url(), tables=quick, profile={"translate": "sps-8"})
    nz.add_partner("CN", cn.partner_url(), tables=quick)
    au.write({"CN": cn.partner_url()})
    return cn, nz, au, gacc, mpi


def sample(name):
    return (SAMPLES / name).read_bytes()


def answer_as_mpi(mpi, number, type_status, status, reason=""):
    rows = wait_until(f"{number} to arrive in NZ", lambda: [
        r for r in mpi.inbox(number) if (r["type"], r["status"]) == type_status and not r["answer_status"]])
    answer = mpi.acknowledge(rows[0]["inbound"], status, reason)
    check(answer.status in (200, 202), f"NZ's answer to {number}: {answer.status} {answer.body[:200]}")
    return rows[0]["inbound"]


def push(agency, title, data):
    answer = agency.push(data)
    print(f"\n== {title}\n   pushed {len(data)} bytes, sha256 {sha256(data)}: HTTP {answer.status}")
    if not check(answer.status == 202, f"{title}: expected 202, got {answer.status}: {answer.body[:600]}"):
        return None
    return answer


def timeline(agency, certificate):
    for event in agency.request("GET", f"/v1/certificates/{certificate}/events").json()["rows"]:
        print(f"   {event['at'][11:23]}  {event['kind']:<22} {event['actor']}")


def until_ended(agency, certificate, wanted, title):
    def ended():
        view = agency.certificate(certificate)
        return view if view["state"] == wanted else None
    try:
        view = wait_until(f"{title} to be {wanted}", ended, 30)
    except TimeoutError as late:
        view = agency.certificate(certificate)
        check(False, f"{late}: it is {view['state']}")
    print(f"   {view['number']} is {view['state']}")
    timeline(agency, certificate)
    return view


def to_new_zealand(gacc, mpi, file, title, wanted, reason=""):
    data = sample(file)
    answer = push(gacc, title, data)
    if not answer:
        return None, data
    receipt = answer.json()
    view = gacc.certificate(receipt["certificate"])
    inbound = answer_as_mpi(mpi, view["number"], (view["type"], view["status"]),
                            "accepted" if wanted == "acknowledged" else "rejected", reason)
    until_ended(gacc, receipt["certificate"], wanted, title)
    arrived = mpi.request("GET", f"/v1/inbox/{inbound}/content").body
    print(f"   arrived {len(arrived)} bytes, sha256 {sha256(arrived)}")
    check(arrived == data, f"{title}: the bytes that arrived are not those that were pushed")
    return answer, data


def to_australia(gacc, au):
    data = sample("phyto-851-to-au.xml")
    title = "to AU, which takes an older form: translated"
    answer = push(gacc, title, data)
    if not answer:
        return
    receipt = answer.json()
    view = until_ended(gacc, receipt["certificate"], "acknowledged", title)
    stored = [row for row in au.stored() if row["number"] == view["number"]]
    if check(len(stored) == 1, f"AU stored {len(stored)} certificates of that number, not one"):
        arrived = pathlib.Path(stored[0]["path"]).read_bytes()
        print(f"   arrived {len(arrived)} bytes, sha256 {sha256(arrived)}; the translation kept here: {view['translation']}")
        check(sha256(arrived) == view["translation"], "what AU got is not the translation that was kept")
        check(arrived != data and b"SPSCertificate:17" not in arrived, "AU got it untranslated")


def duplicate(gacc, first, data):
    answer = gacc.push(data)
    same = first is not None and answer.body == first.body
    print(f"\n== the first once more: a duplicate\n   HTTP {answer.status}, {'the very same receipt' if same else 'another receipt'}")
    check(answer.status == 200 and same, "a repeat did not get the very same receipt")


def refused(gacc):
    data = sample("broken.xml")
    answer = gacc.push(data)
    print(f"\n== one that must be refused\n   pushed {len(data)} bytes: HTTP {answer.status}")
    check(answer.status == 422, f"the broken certificate was answered {answer.status}")
    problems = answer.json().get("errors", [])
    for p in problems:
        print(f"   {p.get('level', 'error'):<7} {p['id']:<28} {p['path']}\n           {p['text']}"
              + (f" (found: {p['value']})" if p.get("value") else "")
              + (f"; expected: {p['expected']}" if p.get("expected") else ""))
    check(len(problems) >= 5, f"the refusal gave {len(problems)} problems")


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--stay", action="store_true", help="leave all running and say how to reach it")
    words.add_argument("--amqp", action="store_true", help="a RabbitMQ broker of its own between hubs and adapters")
    words.add_argument("--folder", default=str(ROOT / "build" / "demo"))
    told = words.parse_args()
    folder = pathlib.Path(told.folder)
    for old in (o for name in ("cn", "nz", "au") for o in folder.glob(f"{name}*")):
        shutil.rmtree(old, ignore_errors=True)
    started = time.monotonic()
    cn, nz, au, gacc, mpi = build_world(folder)
    broker = Broker(folder / "broker") if told.amqp else None
    adapters = []
    try:
        if broker:
            broker.start()
            adapters = over_amqp(cn, broker, ["NZ", "AU"]) + over_amqp(nz, broker, ["CN"])
        in_process = ["--no-workers"] if broker else []
        au.start()
        nz.start(*in_process)
        cn.start(*in_process)
        for adapter in adapters:
            adapter.start()
        print(f"CN, NZ and AU are up after {time.monotonic() - started:.1f} s"
              + (f", with a broker at {broker.address()} and {len(adapters)} adapters" if broker else ""))
        first, data = to_new_zealand(gacc, mpi, "phyto-851-issued.xml", "phytosanitary, with attachments", "acknowledged")
        duplicate(gacc, first, data)
        to_new_zealand(gacc, mpi, "veterinary-853.xml", "veterinary: NZ says no", "rejected", "The farm is not listed")
        to_new_zealand(gacc, mpi, "replacement.xml", "a replacement of the first", "acknowledged")
        to_new_zealand(gacc, mpi, "withdrawal.xml", "the first is withdrawn", "acknowledged")
        to_australia(gacc, au)
        refused(gacc)
        print(f"\nAll in {time.monotonic() - started:.1f} s: " + ("as it should be" if not failures else "NOT as it should be"))
        for f in failures:
            print("  " + f)
        if told.stay:
            stay(cn, gacc)
    finally:
        for process in (*adapters, cn, nz, au):
            process.stop()
        if broker:
            broker.remove()
    return 1 if failures else 0


def stay(cn, gacc):
    pki = cn.pki
    print(f"""
Running until Ctrl-C. As CN's agency:
  curl --cacert {pki.pem('ca')} --cert {pki.pem('CN-gacc')} --key {pki.key('CN-gacc')} https://127.0.0.1:{cn.agency_port}/v1/certificates
As CN's operator:
  {ROOT}/build/release/hub/ecertctl/ecertctl --socket {cn.socket} list --all
Figures: http://127.0.0.1:{cn.health_port}/metrics""")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    sys.exit(main())
