#!/usr/bin/python3
"""Plays the IPPC ePhyto Hub for tests: SOAP 1.1 over mutual TLS, countries known by their client certificates, envelopes that
stay pending until their receiver acknowledges them, and a script of what goes wrong.

    hub_simulator.py CONFIG        (JSON: see main)

Written from the contract with Python's own XML and TLS, not from the node's: a misunderstanding of ours shows here. What it took
and what it was told is a line of JSON in its log, on disk before it answers. A second port, on loopback, is for the test:
GET /state, POST /script /offer /track /anew."""

import base64
import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import re
import socket
import ssl
import struct
import sys
import threading
import time
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
HUB = "http://ephyto.ippc.int/"
ENTITIES = "http://ephyto.ippc.int/HUB.Entities"
ACTIONS = "http://ephyto.ippc.int/IDeliveryService/"
HEADER = ["From", "To", "CertificateType", "CertificateStatus", "NPPOCertificateNumber"]
REPLIED = HEADER + ["hubDeliveryNumber", "HUBTrackingInfo", "hubDeliveryErrorMessage"]


class Fault(Exception):
    def __init__(self, text, code="Server", detail=True, status=500):
        super().__init__(text)
        self.text, self.code, self.detail, self.status = text, code, detail, status

    def body(self):
        detail = (f'<detail><ns1:HubWebException xmlns:ns1="{HUB}"><ns1:message>{escape(self.text)}</ns1:message>'
                  f"</ns1:HubWebException></detail>") if self.detail else ""
        return (f"<soap:Fault><faultcode>soap:{self.code}</faultcode><faultstring>{escape(self.text)}</faultstring>"
                f"{detail}</soap:Fault>")


class Broken(Exception):
    """The connection is reset instead of an answer."""


class Raw(Exception):
    def __init__(self, status, body, kind):
        super().__init__(body)
        self.status, self.body, self.kind = status, body, kind


def header(envelope, tag, prefix="ns2", content=None):
    inside = "".join(f"<{prefix}:{name}>{escape(str(envelope[name]))}</{prefix}:{name}>"
                     for name in REPLIED if envelope.get(name) not in (None, ""))
    if content is not None:
        inside += f"<{prefix}:Content>{content}</{prefix}:Content>"
    return f"<{tag}>{inside}</{tag}>"


def children(element, *names, more=()):
    """The texts of a sequence as the contract orders it; anything else is a request we cannot unmarshal."""
    found = [child.tag for child in element]
    wanted = [f"{{{ns}}}{name}" for ns, name in names]
    if found[:len(wanted)] != wanted or any(tag not in more for tag in found[len(wanted):]):
        raise Fault(f"Unmarshalling Error: {found} where {wanted} was expected", code="Client", detail=False)
    return [child.text or "" for child in element]


class Hub:
    def __init__(self, told):
        self.told = told
        self.lock = threading.RLock()
        self.envelopes, self.script, self.calls, self.responses = {}, {}, [], []
        self.next = 1
        self.pending = told.get("pending", 0)  # so many questions find it pending, then it is delivered; -1: always
        self.log_file = open(told["log"], "a", encoding="utf-8")
        self.countries = {}
        for code, pem in told["countries"].items():
            der = ssl.PEM_cert_to_DER_cert(pathlib.Path(pem).read_text())
            self.countries[hashlib.sha256(der).hexdigest()] = code

    def log(self, **what):
        self.log_file.write(json.dumps({"at": time.time(), **what}, ensure_ascii=False) + "\n")
        self.log_file.flush()
        os.fsync(self.log_file.fileno())

    def act(self, operation):
        with self.lock:
            acts = self.script.get(operation)
            return acts.pop(0) if acts else {}

    def known(self, caller, number):
        envelope = self.envelopes.get(number)
        return envelope if envelope and caller in (envelope["From"], envelope["To"]) else None

    def store(self, envelope, content):
        envelope = {**envelope, "hubDeliveryNumber": f"HUB-{self.next:06d}", "HUBTrackingInfo": "PendingDelivery"}
        self.next += 1
        envelope["asked"], envelope["content"] = 0, content
        self.envelopes[envelope["hubDeliveryNumber"]] = envelope
        self.log(event="stored", sha256=hashlib.sha256(content).hexdigest(), size=len(content),
                 **{k: envelope[k] for k in REPLIED if k in envelope})
        return envelope

    # -- operations: (caller, request element, act) -> inside of the response element

    def deliver(self, caller, request, act, parameter, validate):
        envelope = request[0] if len(request) == 1 else None
        if envelope is None or envelope.tag != f"{{{HUB}}}{parameter}":
            raise Fault("Unmarshalling Error: no " + parameter, code="Client", detail=False)
        texts = children(envelope, *((ENTITIES, n) for n in HEADER), more={f"{{{ENTITIES}}}Content"})
        sent = dict(zip(HEADER, texts))
        text = texts[len(HEADER)] if len(texts) > len(HEADER) else ""
        content = self.decoded(text)
        result = {n: sent[n] for n in HEADER}
        failed = act.get("failed") or self.wrong(caller, sent, content, validate)
        if failed:
            self.log(event="failed", why=failed, **sent)
            return {**result, "HUBTrackingInfo": "FailedDelivery", "hubDeliveryErrorMessage": failed}
        stored = self.store(sent, content)
        if act.get("do") == "store-and-reset":
            raise Broken
        if act.get("tracking"):
            stored["HUBTrackingInfo"] = act["tracking"]
        return stored

    @staticmethod
    def decoded(text):
        with contextlib.suppress(ValueError):
            if text and not text.lstrip().startswith("<"):
                return base64.b64decode(text, validate=True)
        return text.encode()

    def wrong(self, caller, sent, content, validate):
        if sent["From"] != caller:
            return f"From {sent['From']} is not {caller}"
        if sent["To"] not in self.countries.values() and sent["To"] not in self.told.get("also", []):
            return f"{sent['To']} is not active"
        if not (sent["CertificateType"].isdigit() and sent["CertificateStatus"].isdigit()):
            return "type or status is no number"
        if validate:
            try:
                if not ET.fromstring(content).tag.endswith("}SPSCertificate"):
                    return "Content is no SPSCertificate"
            except ET.ParseError as no:
                return f"Content cannot be parsed: {no}"
        return None

    def DeliverEnvelope(self, caller, request, act):
        return header(self.deliver(caller, request, act, "env", False), "DeliverEnvelopeResult")

    def ValidateAndDeliverEnvelope(self, caller, request, act):
        return header(self.deliver(caller, request, act, "envelope", True), "ValidateAndDeliverEnvelopeResult")

    def GetEnvelopeTrackingInfo(self, caller, request, act):
        number, = children(request, (HUB, "hubTrackingNumber"))
        envelope = self.known(caller, number)
        if not envelope or act.get("do") == "not-exists":
            nothing = {"From": caller, "To": "", "CertificateType": 0, "CertificateStatus": 0, "NPPOCertificateNumber": "",
                       "HUBTrackingInfo": "EnvelopeNotExists"}
            return header(nothing, "GetEnvelopeTrackingInfoResult")
        envelope["asked"] += 1
        if envelope["HUBTrackingInfo"] == "PendingDelivery" and 0 <= self.pending < envelope["asked"]:
            envelope["HUBTrackingInfo"] = "Delivered"
        return header(envelope, "GetEnvelopeTrackingInfoResult")

    def GetUnderDeliveryEnvelope(self, caller, request, act):
        children(request)
        all_ = [e for e in self.envelopes.values() if e["From"] == caller and e["HUBTrackingInfo"] == "PendingDelivery"]
        return ("<GetUnderDeliveryEnvelopeResult>" + "".join(header(e, "ns2:EnvelopeHeader") for e in all_)
                + "</GetUnderDeliveryEnvelopeResult>") if all_ else ""

    def DeliverCountryResponseEnvelope(self, caller, request, act):
        envelope = request[0]
        ack = "{urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17}"
        ram = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21}"
        texts = children(envelope, *((ENTITIES, n) for n in HEADER), more={ack + "SPSAcknowledgement"})
        sent = dict(zip(HEADER, texts))
        document = envelope.find(f"{ack}SPSAcknowledgement/{ack}SPSAcknowledgementDocument")
        answer = {"status": document.findtext(ram + "StatusCode"), "reason": document.findtext(ram + "ReasonInformation")}
        if act.get("failed"):
            return header({**sent, "HUBTrackingInfo": "FailedDelivery", "hubDeliveryErrorMessage": act["failed"]},
                          "DeliverCountryResponseEnvelopeResult")
        self.responses.append({**sent, **answer})
        self.log(event="response", **sent, **answer)
        return header({**sent, "hubDeliveryNumber": "HUB-R", "HUBTrackingInfo": "PendingDelivery"},
                      "DeliverCountryResponseEnvelopeResult")

    def GetImportEnvelopeHeaders(self, caller, request, act):
        children(request, more={f"{{{HUB}}}countryCode"})
        all_ = [e for e in self.envelopes.values() if e["To"] == caller and e["HUBTrackingInfo"] == "PendingDelivery"]
        return ("<GetImportEnvelopeHeadersResult>" + "".join(header(e, "ns2:EnvelopeHeader") for e in all_)
                + "</GetImportEnvelopeHeadersResult>")

    def PULLSingleImportEnvelope(self, caller, request, act):
        number, = children(request, (HUB, "hubTrackingNumber"))
        envelope = self.envelopes.get(number)
        if not envelope or envelope["To"] != caller or act.get("do") == "nil":
            return ""
        self.log(event="pulled", hubDeliveryNumber=number)
        return header({**envelope, **act.get("set", {})}, "PULLSingleImportEnvelopeResult", content=self.encoded(envelope))

    @staticmethod
    def encoded(envelope):
        how, content = envelope.get("encoding", "text"), envelope["content"]
        if how == "base64":
            return base64.b64encode(content).decode()
        if how == "cdata":
            return "<![CDATA[" + content.decode() + "]]>"
        return escape(content.decode()).replace("\r", "&#xD;")

    def acknowledge(self, caller, number, tracking, message=""):
        envelope = self.envelopes.get(number)
        if not envelope or envelope["To"] != caller:
            raise Fault(f"{number} is not one of yours")
        envelope["HUBTrackingInfo"], envelope["hubDeliveryErrorMessage"] = tracking, message
        self.log(event="acknowledged", hubDeliveryNumber=number, tracking=tracking, message=message)

    def AcknowledgeEnvelopeReceipt(self, caller, request, act):
        number, = children(request, (HUB, "hubTrackingNumber"))
        self.acknowledge(caller, number, "Delivered")
        return ""

    def AdvancedAcknowledgeEnvelopeReceipt(self, caller, request, act):
        number, message = children(request, (HUB, "hubTrackingNumber"), (HUB, "warningMessage"))
        self.acknowledge(caller, number, "DeliveredWithWarnings", message)
        return "<return>OK</return>"

    def AcknowledgeFailedEnvelopeReceipt(self, caller, request, act):
        number, message = children(request, (HUB, "hubTrackingNumber"), (HUB, "message"))
        self.acknowledge(caller, number, "DeliveredNotReadable", message)
        return "<return>OK</return>"

    # -- one call

    def answer(self, caller, headers, body):
        if caller is None:
            raise Fault("NPPO from client certificate not found", detail=False)
        if not headers.get("Content-Type", "").startswith("text/xml"):
            raise Raw(415, "text/xml is expected here", "text/plain")
        root = ET.fromstring(body)
        inside = root.find(f"{{{SOAP}}}Body")
        if root.tag != f"{{{SOAP}}}Envelope" or inside is None or len(inside) != 1:
            raise Fault("no SOAP 1.1 message", code="Client", detail=False)
        request = inside[0]
        match = re.fullmatch(r"\{" + re.escape(HUB) + r"\}([A-Za-z]+)", request.tag)
        operation = match and match[1]
        if not operation or operation.startswith("_") or not callable(getattr(self, operation, None)) or operation[0].islower():
            raise Fault(f"no operation {request.tag}", code="Client", detail=False)
        self.check_action(operation, headers.get("SOAPAction", ""))
        act = self.act(operation)
        with self.lock:
            self.calls.append({"operation": operation, "caller": caller, "at": time.time()})
        self.before(act)
        with self.lock:
            inner = getattr(self, operation)(caller, request, act)
        if act.get("do") == "answer-and-reset":
            raise Broken
        return f'<{operation}Response xmlns="{HUB}" xmlns:ns2="{ENTITIES}">{inner}</{operation}Response>'

    @staticmethod
    def check_action(operation, action):
        name = "NegativeAcknowledgeEnvelopeReceipt" if operation == "AdvancedAcknowledgeEnvelopeReceipt" else operation
        if action.strip('"') not in ("", ACTIONS + name):
            raise Fault(f"The given SOAPAction {action} does not match an operation.", code="Client", detail=False)

    @staticmethod
    def before(act):
        if act.get("seconds"):
            time.sleep(act["seconds"])
        if act.get("do") == "reset":
            raise Broken
        if act.get("do") == "fault":
            raise Fault(act["text"], act.get("code", "Server"), act.get("detail", True), act.get("status", 500))
        if act.get("do") == "http":
            raise Raw(act["status"], act["body"], act.get("type", "text/html"))

    # -- what the test says

    def control(self, path, told):
        with self.lock:
            if path == "/state":
                kept = [{k: v for k, v in e.items() if k != "content"} | {"sha256": hashlib.sha256(e["content"]).hexdigest()}
                        for e in self.envelopes.values()]
                return {"envelopes": kept, "calls": self.calls, "responses": self.responses}
            if path == "/script":
                self.script.setdefault(told["operation"], []).extend(told["acts"])
            if path == "/pending":
                self.pending = told["questions"]
            if path == "/anew":
                self.envelopes, self.next = {}, 1
            if path == "/track":
                self.envelopes[told["number"]].update(told["set"])
            if path == "/offer":
                content = (pathlib.Path(told["file"]).read_bytes() if "file" in told
                           else base64.b64decode(told["content"]))
                stored = self.store(told["envelope"], content)
                stored["encoding"] = told.get("encoding", "text")
                return {"number": stored["hubDeliveryNumber"]}
            return {}


def soap_handler(hub):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            der = self.connection.getpeercert(binary_form=True)
            caller = hub.countries.get(hashlib.sha256(der or b"").hexdigest())
            try:
                self.write(200, "text/xml; charset=utf-8", self.envelope(hub.answer(caller, self.headers, body)))
            except Fault as fault:
                self.write(fault.status, "text/xml; charset=utf-8", self.envelope(fault.body()))
            except Raw as raw:
                self.write(raw.status, raw.kind, raw.body)
            except Broken:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()

        @staticmethod
        def envelope(inside):
            return f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{inside}</soap:Body></soap:Envelope>'

        def write(self, status, kind, text):
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass
    return Handler


def control_handler(hub):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
            answer = json.dumps(hub.control(self.path, told)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_):
            pass
    return Handler


def main():
    """{"port", "control", "certificate", "key", "client_ca", "log", "countries": {code: PEM file}, "also": [codes], "pending"}"""
    told = json.loads(pathlib.Path(sys.argv[1]).read_text())
    hub = Hub(told)
    inward = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inward.load_cert_chain(told["certificate"], told["key"])
    inward.load_verify_locations(told["client_ca"])
    inward.verify_mode = ssl.CERT_REQUIRED

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            connection, address = super().get_request()
            connection.settimeout(60)
            return inward.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *_):
            pass

    control = http.server.ThreadingHTTPServer(("127.0.0.1", told["control"]), control_handler(hub))
    threading.Thread(target=control.serve_forever, daemon=True).start()
    Server(("127.0.0.1", told["port"]), soap_handler(hub)).serve_forever()


if __name__ == "__main__":
    main()
