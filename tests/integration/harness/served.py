"""A node that is called: agencies and partners speak the IPPC Hub's contract with it. Messages are written by hand here, so that
odd ones can be; tests/interop has them written by the stacks that clients are made with."""

import base64
import contextlib
import http.client
import pathlib
import re
import shutil
import socket
import ssl
import tempfile
import unittest
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from nodes import Node, wait_until, write_toml

from harness.world import certificate, shared_pki, show_logs

E, H = "http://ephyto.ippc.int/", "http://ephyto.ippc.int/HUB.Entities"
ENVELOPE = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
TYPE = {"1.1": "text/xml; charset=utf-8", "1.2": "application/soap+xml; charset=utf-8"}


def header(sender, to, number, type_=851, status=70, more=""):
    return (f"<h:From>{sender}</h:From><h:To>{to}</h:To><h:CertificateType>{type_}</h:CertificateType>"
            f"<h:CertificateStatus>{status}</h:CertificateStatus><h:NPPOCertificateNumber>{escape(number)}"
            f"</h:NPPOCertificateNumber>{more}")


def written(data):
    """Content as text that a parser gives back byte for byte."""
    return f"<h:Content>{escape(data.decode()).replace(chr(13), '&#xD;')}</h:Content>"


def in_base64(data):
    return f"<h:Content>{base64.b64encode(data).decode()}</h:Content>"


def in_cdata(data):
    return f"<h:Content><![CDATA[{data.decode()}]]></h:Content>"


def message(inside, version="1.1", head=""):
    return (f'<s:Envelope xmlns:s="{ENVELOPE[version]}" xmlns:e="{E}" xmlns:h="{H}">{head}<s:Body>{inside}</s:Body>'
            f'</s:Envelope>').encode()


class Fault(Exception):
    def __init__(self, status, text, whole):
        super().__init__(text)
        self.status, self.text, self.whole = status, text, whole


class Caller:
    """Somebody with a client certificate, at one of a node's SOAP services."""

    def __init__(self, node, client, path, port):
        self.node, self.path, self.port = node, path, port
        self.context = ssl.create_default_context(cafile=str(node.pki.pem("ca")))
        self.context.load_cert_chain(node.pki.pem(client), node.pki.key(client))

    def request(self, method, target, body=None, headers=None, timeout=60):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=self.context)
        try:
            connection.request(method, target, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def connect(self, timeout=60):
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        return self.context.wrap_socket(raw, server_hostname="127.0.0.1")

    def raw(self, sent, timeout=60):
        """What comes back for these bytes until the connection ends, which is the node's to do."""
        got = b""
        with self.connect(timeout) as secured:
            with contextlib.suppress(ConnectionError):
                secured.sendall(sent)  # what is not read any more may break it
            try:
                while piece := secured.recv(65536):
                    got += piece
            except ConnectionError:
                pass
        return got

    def post(self, xml, version="1.1", **headers):
        return self.request("POST", self.path, xml, {"Content-Type": TYPE[version], "SOAPAction": '""', **headers})

    def ask(self, operation, inside="", version="1.1", head=""):
        """The operation's result element; a Fault as an exception."""
        return self.result(*self.post(message(f"<e:{operation}>{inside}</e:{operation}>", version, head), version), version)

    @staticmethod
    def result(status, headers, body, version="1.1"):
        soap = "{" + ENVELOPE[version] + "}"
        root = ET.fromstring(body)
        assert root.tag == soap + "Envelope", root.tag
        first = root.find(soap + "Body")[0]
        if first.tag != soap + "Fault":
            assert status == 200, status
            return first
        detail = first.findtext(f".//{{{E}}}HubWebException/{{{E}}}message")
        if detail is None:  # nobody's judgement of the request
            code = first.findtext("faultcode") or first.findtext(f"{soap}Code/{soap}Value")
            assert code.partition(":")[2].startswith(("Server", "Receiver")), body
            detail = first.findtext("faultstring") or first.findtext(f"{soap}Reason/{soap}Text")
        raise Fault(status, detail, body)

    def told(self, operation, inside="", **more):
        """The one header of the reply, by field."""
        return fields(self.ask(operation, inside, **more)[0])

    def deliver(self, data, number, sender, to, operation="DeliverEnvelope", content=written, **more):
        inner = "env" if operation == "DeliverEnvelope" else "envelope"
        envelope = header(sender, to, number, **{k: more.pop(k) for k in ("type_", "status") if k in more})
        return self.told(operation, f"<e:{inner}>{envelope}{content(data)}</e:{inner}>", **more)

    def number(self, operation, number, more="", **how):
        return self.ask(operation, f"<e:hubTrackingNumber>{number}</e:hubTrackingNumber>{more}", **how)

    def track(self, number):
        return fields(self.number("GetEnvelopeTrackingInfo", number)[0])

    def headers(self, operation="GetImportEnvelopeHeaders", inside=""):
        return [fields(each) for each in self.ask(operation, inside)[0]]

    def pull(self, number):
        return fields(self.number("PULLSingleImportEnvelope", number)[0])


def fields(element):
    return {child.tag.split("}")[1]: child.text or "" for child in element}


class ServedCase(unittest.TestCase):
    """CN with agencies gacc and other; NZ and AU call it and fetch what is for them."""

    limits = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-it-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.pki = shared_pki()
        self.cn = Node("CN", self.folder / "cn", self.pki, limits=self.limits)
        self.addCleanup(self.cn.stop)
        self.gacc = self.cn.add_agency("gacc", default=True)
        self.other = self.cn.add_agency("other", inbox=())
        for name in ("NZ", "AU"):
            self.add_partner(name)
        self.arrange()
        self.cn.start()
        self.nz, self.au = (Caller(self.cn, f"{name}-client", "/ephyto", self.cn.partner_port) for name in ("NZ", "AU"))
        self.agency, self.second = (Caller(self.cn, f"CN-{name}", "/soap/ephyto", self.cn.agency_port)
                                    for name in ("gacc", "other"))
        self.stranger = Caller(self.cn, "CN-stranger", "/ephyto", self.cn.partner_port)

    def add_partner(self, name, client=None, profile=None):
        write_toml(self.cn.folder / "channels" / f"{name.lower()}.toml", {"dialect": "ephyto"}, (),
                   [("identity", {"pin": self.pki.pem(client or f"{name}-client")})])
        write_toml(self.cn.folder / "partners" / f"{name}.toml",
                   {"channel": name.lower(), "offer": True, **(profile or {})})

    def arrange(self):
        """More configuration, before the node starts."""

    def tearDown(self):
        show_logs(self, self.cn)
        for agency in (self.gacc, self.other):
            agency.close()

    def fault(self, act, *text):
        with self.assertRaises(Fault) as caught:
            act()
        for each in text:
            self.assertIn(each, caught.exception.text)
        return caught.exception

    def inbox(self, number=None):
        return self.gacc.inbox(number)

    def content_of(self, row):
        return self.gacc.request("GET", f"/v1/inbox/{row['inbound']}/content").body

    def from_nz(self, number, **more):
        """A certificate of NZ's for CN."""
        data = certificate(number, to="CN", **more)
        return re.sub(rb"(<ram:ExportSPSCountry>\s*<ram:ID>)CN", rb"\1NZ", data, count=1)

    def push(self, number, **more):
        answer = self.gacc.push(certificate(number, **more))
        self.assertEqual(answer.status, 202, answer.body[:2000])
        return answer.json()

    def state(self, receipt):
        return self.gacc.certificate(receipt["certificate"])["state"]

    def until(self, receipt, state):
        wait_until(f"{receipt['certificate']} to be {state}", lambda: self.state(receipt) == state)
