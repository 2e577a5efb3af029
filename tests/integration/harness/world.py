"""The worlds that the integration tests play in: CN and NZ, with a gate between them where a test wants one."""

import fcntl
import pathlib
import re
import shutil
import tempfile
import unittest

import nodes
from nodes import BUILD, Pki, ROOT, wait_until

from harness import amqp
from harness.gate import Gate

Node = amqp.AmqpNode if amqp.CHOSEN else nodes.Node

SAMPLES = ROOT / "tests" / "samples"

# A sanitizer's build has a memory and a pace of its own: what is said of either is said of the release.
SANITIZED = BUILD.name in ("asan", "tsan")
of_the_release = unittest.skipIf(SANITIZED, "memory and pace are the release build's")

# Short figures, so that a test waits for what happens and never for a default.
QUICK = {"retry": {"first": "200ms", "longest": "1s"},
         "circuit": {"open_for": "500ms", "longest_open": "1s"}}


def shared_pki():
    """Keys cost time: all tests share them. One writer at a time."""
    folder = BUILD / "test-pki"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pki = Pki(folder)
        for name in ("CN", "NZ", "AU"):
            pki.server(f"{name}-server")
            pki.client(f"{name}-client")
            pki.signing(f"{name}-signing")
        pki.client("CN-gacc")
        pki.client("CN-other")
        pki.client("NZ-mpi")
        pki.client("CN-stranger")
    return pki


def certificate(number, status=70, to="NZ", text="", file="phyto-851-issued.xml"):
    """A sample of ours under another number, status or destination."""
    data = (SAMPLES / file).read_text(encoding="utf-8")
    data = re.sub(r"(<rsm:SPSExchangedDocument>.*?<ram:ID>)[^<]*", lambda m: m[1] + number, data, count=1, flags=re.S)
    data = re.sub(r"(<ram:StatusCode>)\d+", lambda m: m[1] + str(status), data, count=1)
    data = re.sub(r"(<ram:ImportSPSCountry>\s*<ram:ID>)[^<]*", lambda m: m[1] + to, data, count=1)
    if text:
        data = data.replace("</rsm:SPSCertificate>", f"<!-- {text} --></rsm:SPSCertificate>")
    return data.encode()


def show_logs(case, *processes):
    """Where the test has failed: the end of what each wrote."""
    result = case._outcome.result
    if not any(getattr(test, "test_case", test) is case for test, _ in result.errors + result.failures):
        return
    for process in processes:
        if pathlib.Path(process.log_file).exists():
            lines = pathlib.Path(process.log_file).read_text(errors="replace").splitlines()
            told = "\n".join(line for line in lines if '"request_served"' not in line)
            print(f"--- log of {process.name}\n{told[-8000:]}")


class AgencyCase(unittest.TestCase):
    """What became of a certificate, as its agency gacc sees it."""

    def until(self, receipt, *states, seconds=20):
        def there():
            view = self.gacc.certificate(receipt["certificate"])
            return view if view["state"] in states else None
        try:
            return wait_until(f"{receipt['certificate']} to be {' or '.join(states)}", there, seconds)
        except TimeoutError as late:
            self.fail(f"{late}; it is {self.gacc.certificate(receipt['certificate'])}\n{self.events(receipt)}")

    def events(self, receipt):
        return self.gacc.request("GET", f"/v1/certificates/{receipt['certificate']}/events").json()["rows"]


class WorldCase(AgencyCase):
    """CN with agencies gacc and other, NZ with agency mpi. With gate = True every call of CN to NZ passes a gate."""

    gate = False
    limits = None
    dispatch = None
    cn_channel = {}
    nz_profile = {}

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-it-"))
        self.pki = shared_pki()
        self.cn = Node("CN", self.folder / "cn", self.pki, limits=self.limits, dispatch=self.dispatch)
        self.nz = Node("NZ", self.folder / "nz", self.pki, limits=self.limits)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for node in (self.cn, self.nz):  # cleanups run when a set-up or another of them fails, the last first
            if amqp.CHOSEN:
                self.addCleanup(node.forget)
            self.addCleanup(node.stop)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.other = self.cn.add_agency("other", inbox=())
        self.mpi = self.nz.add_agency("mpi", default=True)
        self.through = Gate(self.pki, "NZ-server", self.nz.partner_port, "CN-client") if self.gate else None
        url = self.through.url if self.through else self.nz.partner_url()
        self.cn.add_partner("NZ", url, tables=QUICK, profile=self.nz_profile, **self.cn_channel)
        self.nz.add_partner("CN", self.cn.partner_url(), tables=QUICK)
        self.arrange()
        self.nz.start()
        self.cn.start()

    def arrange(self):
        """More configuration, before the nodes start."""

    def tearDown(self):
        show_logs(self, self.cn, self.nz)
        for node in (self.cn, self.nz):
            node.stop()
        if self.through:
            self.through.close()
        for agency in (self.gacc, self.other, self.mpi):
            agency.close()

    def accepted(self, data, agency=None, **more):
        answer = (agency or self.gacc).push(data, **more)
        self.assertEqual(answer.status, 202, answer.body[:2000])
        return answer.json()

    def arrived(self, number, count=1, seconds=20):
        def there():
            rows = self.mpi.inbox(number)
            return rows if len(rows) >= count else None
        return wait_until(f"{count} of {number} to arrive", there, seconds)

    def content_of(self, row):
        return self.mpi.request("GET", f"/v1/inbox/{row['inbound']}/content").body

    def logged(self, node, event, **fields):
        return [e for e in node.log() if e.get("event") == event and all(e.get(k) == v for k, v in fields.items())]
