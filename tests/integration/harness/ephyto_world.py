"""CN as a country on the IPPC Hub: one channel, the partners NL and NZ behind it, and the Hub played by
tests/support/ephyto_hub/hub_simulator.py, a process that knows nothing of ours."""

import base64
import contextlib
import http.client
import json
import pathlib
import re
import shutil
import socket
import tempfile

from nodes import Process, ROOT, free_port, wait_until, write_toml

from harness import amqp
from harness.world import AgencyCase, Node, certificate, shared_pki, show_logs

SIMULATOR = ROOT / "tests" / "support" / "ephyto_hub" / "hub_simulator.py"


class HubSimulator(Process):
    def __init__(self, folder, pki, countries, **told):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port, self.control_port = free_port(), free_port()
        self.journal = self.folder / "hub.jsonl"
        pki.server("IPPC-server")
        config = {"port": self.port, "control": self.control_port, "certificate": str(pki.pem("IPPC-server")),
                  "key": str(pki.key("IPPC-server")), "client_ca": str(pki.pem("ca")), "log": str(self.journal),
                  "countries": {code: str(pki.pem(name)) for code, name in countries.items()}, **told}
        (self.folder / "hub.json").write_text(json.dumps(config))
        super().__init__("hub", ["/usr/bin/python3", "-B", SIMULATOR, self.folder / "hub.json"], self.folder / "hub.log")

    url = property(lambda self: f"https://127.0.0.1:{self.port}/hub/DeliveryService")

    def start(self):
        self.launch()

        def listening():
            with contextlib.closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until("the simulator to listen", listening)
        return self

    def control(self, path, **told):
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=60)
        try:
            connection.request("POST", path, json.dumps(told))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def script(self, operation, *acts):
        self.control("/script", operation=operation, acts=list(acts))

    def track(self, number, tracking, message=""):
        self.control("/track", number=number, set={"HUBTrackingInfo": tracking, "hubDeliveryErrorMessage": message})

    def envelopes(self, number=None):
        return [e for e in self.control("/state")["envelopes"] if number in (None, e["NPPOCertificateNumber"])]

    def calls(self, operation):
        return [c for c in self.control("/state")["calls"] if c["operation"] == operation]

    def offer(self, data, number, sender="NL", type_=851, status=70, encoding="text", to="CN"):
        envelope = {"From": sender, "To": to, "CertificateType": str(type_), "CertificateStatus": str(status),
                    "NPPOCertificateNumber": number}
        if len(data) > 1 << 20:
            file = self.folder / "offered"
            file.write_bytes(data)
            return self.control("/offer", envelope=envelope, file=str(file), encoding=encoding)["number"]
        return self.control("/offer", envelope=envelope, content=base64.b64encode(data).decode(), encoding=encoding)["number"]

    def logged(self, event):
        if not self.journal.exists():
            return []
        return [e for e in map(json.loads, self.journal.read_text().splitlines()) if e["event"] == event]


def from_abroad(number, sender="NL", status=70):
    """A certificate of another country for CN."""
    text = certificate(number, status, to="CN").decode()
    return re.sub(r"(<ram:ExportSPSCountry>\s*<ram:ID>)[^<]*", lambda m: m[1] + sender, text, count=1).encode()


class EphytoCase(AgencyCase):
    pending = 0
    channel = {}
    pushes = False  # the Hub calls us, under CN-stranger
    pull = False
    limits = dispatch = None
    COUNTRIES = {"CN": "CN-client", "NL": "AU-client", "NZ": "NZ-client"}

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-it-"))
        self.pki = shared_pki()
        self.hub = self.make_hub()
        self.cn = Node("CN", self.folder / "cn", self.pki, limits=self.limits, dispatch=self.dispatch)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        if amqp.CHOSEN:
            self.addCleanup(self.cn.forget)
        self.addCleanup(self.hub.kill)
        self.addCleanup(self.cn.stop)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.addCleanup(self.gacc.close)
        self.write_channel()
        for code in ("NL", "NZ"):
            self.add_country(code)
        self.hub.start()
        self.cn.start()

    def make_hub(self):
        return HubSimulator(self.folder / "hub", self.pki, self.COUNTRIES, pending=self.pending)

    def write_channel(self, **more):
        pki = self.pki
        keys = {"dialect": "ephyto", "endpoint": self.hub.url, "tls_certificate": pki.pem("CN-client"),
                "tls_key": pki.key("CN-client"), "tls_ca": pki.pem("ca"), "track_after": "200ms",
                **({"pull_every": "300ms"} if self.pull else {}), **self.channel, **more}
        tables = [("retry", {"first": "200ms", "longest": "1s", "settle": "3s", "jitter": 0.0}),
                  ("circuit", {"open_for": "500ms", "longest_open": "1s"})]
        identity = [("identity", {"pin": pki.pem("CN-stranger")})] if self.pushes else []
        write_toml(self.cn.folder / "channels" / "ippc.toml", keys, tables, identity)

    def add_country(self, code, **keys):
        write_toml(self.cn.folder / "partners" / f"{code}.toml", {"channel": "ippc", **keys})

    def tearDown(self):
        show_logs(self, self.cn, self.hub)

    def accepted(self, number, to="NL", **more):
        answer = self.gacc.push(certificate(number, to=to, **more))
        self.assertEqual(answer.status, 202, answer.body[:2000])
        return answer.json()

    def custody(self, receipt):
        return self.cn.operate("GET", f"/v1/work/{receipt['delivery']}")[1]

    def work(self, verb, **asked):
        more = "".join(f"&{k}={v}" for k, v in asked.items())
        return self.cn.operate("GET", f"/v1/work?unfinished=true&verb={verb}{more}")[1]["rows"]

    def arrived(self, number, seconds=20):
        return wait_until(f"{number} to arrive", lambda: self.gacc.inbox(number), seconds)

    def content_of(self, row):
        return self.gacc.request("GET", f"/v1/inbox/{row['inbound']}/content").body

    def tracking(self, number, *values, seconds=20):
        """Until the Hub says so of the envelope with this number of its own."""
        def there():
            now = [e for e in self.hub.envelopes() if e["hubDeliveryNumber"] == number]
            return now[0] if now and now[0]["HUBTrackingInfo"] in values else None
        return wait_until(f"{number} to be {values}", there, seconds)

    def alerts(self, name):
        return [e for e in self.cn.log() if e.get("event") == "alert" and e.get("alert") == name]
