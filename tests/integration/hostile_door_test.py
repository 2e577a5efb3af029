"""What an enemy who holds a valid client certificate, and at the partners' door a valid signing key, may try at the doors."""

import base64
import collections
import datetime
import hashlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import threading
import urllib.parse
import uuid

from harness.world import QUICK, SANITIZED, WorldCase, certificate
from nodes import Agency, wait_until

SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSU, WSSE = OASIS + "wssecurity-utility-1.0.xsd", OASIS + "wssecurity-secext-1.0.xsd"
DS, EXCLUSIVE = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/10/xml-exc-c14n#"


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def deliver(number, data=None, sender="CN", to="NZ", type_="851", status="70", digest=None):
    data = data or certificate(number)
    return (f'<n:Deliver xmlns:n="urn:ecert:node:1"><n:Envelope><n:From>{escaped(sender)}</n:From>'
            f'<n:To>{escaped(to)}</n:To><n:Number>{escaped(number)}</n:Number>'
            f'<n:Type>{type_}</n:Type><n:Status>{status}</n:Status></n:Envelope>'
            f'<n:Content sha256="{digest or hashlib.sha256(data).hexdigest()}" size="{len(data)}">{escaped(data.decode())}'
            f'</n:Content></n:Deliver>')


def sign(pki, who, body, message_id=None, action="urn:ecert:node:1:Deliver", extra="", age=0, life=300, leave_out=()):
    """A message as a partner with that key would send it: written canonical, so that each part is digested as it stands."""
    der = base64.b64encode(ssl.PEM_cert_to_DER_cert(pki.pem(f"{who}-signing").read_text())).decode()
    made = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
    until = made + datetime.timedelta(seconds=life)
    created, expires = (t.isoformat(timespec="milliseconds")[:23] + "Z" for t in (made, until))

    def header(name, id_, text):
        return (id_, f'<wsa:{name} xmlns:wsa="{WSA}" xmlns:wsu="{WSU}" wsu:Id="{id_}">{escaped(text)}</wsa:{name}>')

    headers = [header("MessageID", "message-id", message_id or f"urn:uuid:{uuid.uuid4()}"),
               header("To", "to", "https://node/"), header("Action", "action", action)]
    stamp = (f'<wsu:Timestamp xmlns:wsu="{WSU}" wsu:Id="stamp"><wsu:Created>{created}</wsu:Created>'
             f'<wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>')
    token = (f'<wsse:BinarySecurityToken xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}" '
             f'EncodingType="{OASIS}soap-message-security-1.0#Base64Binary" '
             f'ValueType="{OASIS}x509-token-profile-1.0#X509v3" wsu:Id="token">{der}</wsse:BinarySecurityToken>')
    whole = f'<s:Body xmlns:s="{SOAP}" xmlns:wsu="{WSU}" wsu:Id="body">{body}</s:Body>'
    info = (f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
            '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>')
    for id_, text in [("body", whole), *headers, ("stamp", stamp), ("token", token)]:
        if id_ not in leave_out:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            info += (f'<ds:Reference URI="#{id_}"><ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform>'
                     '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
                     f'<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>')
    info += "</ds:SignedInfo>"
    value = subprocess.run(["openssl", "dgst", "-sha256", "-sign", pki.key(f"{who}-signing")], input=info.encode(),
                           check=True, capture_output=True).stdout
    return (f'<s:Envelope xmlns:s="{SOAP}"><s:Header>{"".join(text for _, text in headers)}{extra}'
            f'<wsse:Security xmlns:s="{SOAP}" xmlns:wsse="{WSSE}" s:mustUnderstand="1">{stamp}{token}'
            f'<ds:Signature xmlns:ds="{DS}">{info}<ds:SignatureValue>{base64.b64encode(value).decode()}</ds:SignatureValue>'
            f'<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#token" '
            f'ValueType="{OASIS}x509-token-profile-1.0#X509v3"></wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo>'
            f'</ds:Signature></wsse:Security></s:Header>{whole}</s:Envelope>').encode()


def side_by_side(acts):
    """All at once; their results."""
    results = []
    threads = [threading.Thread(target=lambda act=act: results.append(act())) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


class HostileCase(WorldCase):
    def tearDown(self):
        for agency in (self.gacc, self.other, self.mpi):
            agency.close()
        super().tearDown()

    def context(self, client):
        made = ssl.create_default_context(cafile=str(self.pki.pem("ca")))
        made.load_cert_chain(self.pki.pem(client), self.pki.key(client))
        return made

    def unharmed(self, *nodes):
        for node in nodes:
            self.assertTrue(node.alive())
            figures = node.health("/metrics")[1]
            late = re.findall(r'^ecert_loop_lag_seconds_bucket\{le="(?:0.25|\+Inf)"\} (\d+)', figures, re.M)
            self.assertTrue(SANITIZED or len(set(late)) == 1, "the loop was held up for more than 250 ms")
            with open(node.log_file, encoding="utf-8") as log:
                for line in log:
                    self.assertIsInstance(json.loads(line), dict, "a line of the log is not one JSON object")
            self.assertTrue(node.operate("GET", "/v1/audit")[1]["whole"])


class AgenciesDoor(HostileCase):
    POST = b"POST /v1/certificates HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
    GET = b"GET /v1/certificates HTTP/1.1\r\nHost: x\r\n"
    LAST = GET + b"Connection: close\r\n\r\n"

    def statuses(self, sent):
        """What the node answers to these bytes until it closes the connection."""
        raw = socket.create_connection(("127.0.0.1", self.cn.agency_port), timeout=10)
        with self.context("CN-gacc").wrap_socket(raw, server_hostname="127.0.0.1") as secured:
            secured.sendall(sent)
            got = b""
            while piece := secured.recv(65536):
                got += piece
        return [int(s) for s in re.findall(rb"HTTP/1.1 (\d\d\d) ", got)]

    def test_ambiguous_framing_is_refused_and_hides_no_second_request(self):
        chunked = self.POST + b"Transfer-Encoding: chunked\r\n"
        hidden = b"0\r\n\r\n" + self.LAST
        for name, sent in {
                "both lengths": self.POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden,
                "two lengths": self.POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd" + self.LAST,
                "a signed length": self.POST + b"Content-Length: +3\r\n\r\nabc" + self.LAST,
                "a negative length": self.POST + b"Content-Length: -1\r\n\r\n" + self.LAST,
                "a length of 65 bits": self.POST + b"Content-Length: 18446744073709551616\r\n\r\n" + self.LAST,
                "chunked twice": chunked + b"Transfer-Encoding: chunked\r\n\r\n" + hidden,
                "a blank before the colon": self.POST + b"Transfer-Encoding : chunked\r\n\r\n" + hidden,
                "a NUL in a field": self.GET + b"X: a\0b\r\n\r\n" + self.LAST,
                "a CR in a field": self.GET + b"X: a\rb\r\n\r\n" + self.LAST,
                "lines that end in LF": b"GET /v1/certificates HTTP/1.1\nHost: x\n\n" + self.LAST,
                "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + self.LAST}.items():
            with self.subTest(name):
                self.assertEqual(self.statuses(sent), [400])
        for name, sent in {
                "a chunk of 68 bits": chunked + b"\r\n1FFFFFFFFFFFFFFFFF\r\nabc",
                "a chunk that is no number": chunked + b"\r\nzz\r\nabc\r\n",
                "an endless chunk extension": chunked + b"\r\n3;" + b"a" * 100_000 + b"\r\nabc\r\n",
                "an endless trailer": chunked + b"\r\n0\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
                "a length in the trailer": chunked + b"\r\n0\r\nContent-Length: 40\r\n\r\n" + self.LAST}.items():
            with self.subTest(name):
                self.assertEqual(self.statuses(sent), [400])
        for name, sent in {"a head without end": b"GET /" + b"a" * 200_000,
                           "too many fields": self.GET + b"X: y\r\n" * 5000}.items():
            with self.subTest(name):
                self.assertEqual(self.statuses(sent), [431])
        with self.subTest("bytes above ASCII in the target"):
            self.assertEqual(self.statuses(b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n" + self.LAST), [400, 200])
        with self.subTest("a trailer changes nothing"):
            trailer = chunked + b"\r\n1\r\nx\r\n0\r\nIdempotency-Key: \x7f\r\nConnection: close\r\n\r\n"
            self.assertIn(self.statuses(trailer + self.LAST), ([400], [422, 200]))
        with self.subTest("a body on a GET is no second request"):
            inner = b"POST /v1/certificates HTTP/1.1\r\nHost: x\r\n\r\n"
            self.assertEqual(self.statuses(self.GET + b"Content-Length: %d\r\n\r\n" % len(inner) + inner), [200])
        with self.subTest("many at once"):
            self.assertEqual(self.statuses((self.GET + b"\r\n") * 100 + self.LAST), [200] * 101)
        self.unharmed(self.cn)

    def test_a_connection_that_speaks_no_tls_or_shows_no_certificate_gets_nothing(self):
        for first in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"a" * 70_000,
                      b"\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00", b"\x15\x03\x03\x00\x02\x02\x28"):
            for port in (self.cn.agency_port, self.cn.partner_port):
                with socket.create_connection(("127.0.0.1", port), timeout=10) as bare:
                    answer = b""
                    try:
                        bare.sendall(first)
                        answer = bare.recv(1000)
                    except ConnectionError:
                        pass
                    self.assertNotIn(b"HTTP/1", answer)
        nameless = ssl.create_default_context(cafile=str(self.pki.pem("ca")))
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            raw = socket.create_connection(("127.0.0.1", self.cn.agency_port), timeout=10)
            with nameless.wrap_socket(raw, server_hostname="127.0.0.1") as secured:
                secured.sendall(self.LAST)
                if not secured.recv(1):
                    raise ConnectionError("closed")
        self.assertEqual(self.gacc.request("GET", "/v1/certificates").status, 200)
        self.unharmed(self.cn)

    def test_odd_numbers_travel_unharmed_and_stay_out_of_the_log_and_paths(self):
        numbers = ["../../etc/passwd", "a\nb", "a\tb", "%00%0a", "'; DROP TABLE work;--", '{"a":"b"}', "\u202ereversed",
                   "\U0001f600" * 20, "\x7f", "\u0085x", "${jndi:ldap://x}"]
        for number in numbers:
            self.accepted(certificate(escaped(number).replace("\n", "&#10;").replace("\t", "&#9;").replace("\u0085", "&#x85;")))
        for number in numbers:
            with self.subTest(repr(number)):
                self.assertEqual(self.arrived(number)[0]["number"], number)
                found = self.gacc.request("GET", "/v1/certificates?number=" + urllib.parse.quote(number, safe=""))
                self.assertEqual(len(found.json()["rows"]), 1)
        for reference in ("&#0;", "&#x1F;", "&#xFFFE;", "&#xD800;"):
            self.assertEqual(self.gacc.push(certificate("x" + reference)).status, 422)
        self.unharmed(self.cn, self.nz)

    def test_parameters_keys_and_ids_that_are_none_are_refused(self):
        receipt = self.accepted(certificate("H-1"))
        for query in ("limit=0", "limit=-1", "limit=99999999999999999999", "limit=", "cursor=x", "cursor=%00", "cursor=-1",
                      "cursor=9223372036854775808", "cursor=" + "A" * 5000, "state=delivered%00", "agency=other", "%00=%00"):
            with self.subTest(query[:40]):
                self.assertEqual(self.gacc.request("GET", "/v1/certificates?" + query).status, 422)
        for id_ in (receipt["certificate"][:-1], receipt["certificate"] + "%00", receipt["certificate"] + "/", "%2e%2e", "'"):
            with self.subTest(id_):
                self.assertEqual(self.gacc.request("GET", "/v1/certificates/" + id_).status, 404)
        for name, value in (("Idempotency-Key", ""), ("Idempotency-Key", "k" * 201), ("Idempotency-Key", "\xff"),
                            ("Supersedes", 'x"y'), ("Supersedes", receipt["certificate"] + ", " + receipt["certificate"])):
            with self.subTest(name + value[:20]):
                self.assertEqual(self.gacc.push(certificate("H-2"), {name: value}).status, 422)
        for query in ("?to=", "?to=NZ&to=NZ", "?to=NZ%00", "?to=%0d%0aX:%20y", "?from=CN"):
            with self.subTest(query):
                self.assertEqual(self.gacc.push(certificate("H-2"), query=query).status, 422)
        traced = self.gacc.request("GET", "/v1/certificates", headers={"traceparent": '00-"},{\\x1b[31m'})
        self.assertRegex(traced.headers["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
        self.unharmed(self.cn)

    def test_another_agency_cannot_reach_a_certificate_by_any_of_its_ids_or_supersede_it(self):
        receipt = self.accepted(certificate("H-3"), headers={"Idempotency-Key": "k"})
        for id_ in (receipt["certificate"], receipt["delivery"], "urn:uuid:" + receipt["certificate"]):
            for path in ("", "/events", "/content"):
                self.assertEqual(self.other.request("GET", f"/v1/certificates/{id_}{path}").status, 404)
        nowhere = str(uuid.uuid4())
        told = []
        for id_ in (receipt["certificate"], nowhere):
            answer = self.other.push(certificate("H-3", text="mine"), {"Supersedes": id_})
            self.assertEqual(answer.status, 409)
            told.append(answer.body.decode().replace(id_, ""))
        self.assertEqual(told[0], told[1], "another agency's certificate is told from one that never was")
        own = self.accepted(certificate("H-3"), self.other, headers={"Idempotency-Key": "k"})
        self.assertNotEqual(own["certificate"], receipt["certificate"])
        self.unharmed(self.cn)

    def test_pushes_that_race_become_one_certificate(self):
        def push(data, headers=None):
            def act():
                agency = Agency(self.cn, "gacc", "CN-gacc")
                try:
                    answer = agency.push(data, headers)
                    return answer.status, answer.json().get("certificate") if answer.status < 300 else None
                finally:
                    agency.close()
            return act
        versions = [certificate("H-5", text=str(i)) for i in range(8)]
        for name, acts in {"the same bytes": [push(certificate("H-4"))] * 8,
                           "one number": [push(v) for v in versions],
                           "one key": [push(certificate("H-6", text=str(i)), {"Idempotency-Key": "one"}) for i in range(8)]
                           }.items():
            with self.subTest(name):
                got = side_by_side(acts)
                self.assertEqual(len({id_ for _, id_ in got if id_}), 1)
                self.assertEqual(collections.Counter(s for s, _ in got)[202], 1)
        for number in ("H-4", "H-5", "H-6"):
            self.assertEqual(len(self.arrived(number)), 1)
        self.unharmed(self.cn, self.nz)

    def test_answers_that_race_are_one_answer(self):
        receipt = self.accepted(certificate("H-7"))
        inbound = self.arrived("H-7")[0]["inbound"]

        def answer(status):
            def act():
                agency = Agency(self.nz, "mpi", "NZ-mpi")
                try:
                    return agency.acknowledge(inbound, status, "reason").status, status
                finally:
                    agency.close()
            return act
        got = side_by_side([answer("accepted" if i % 2 else "rejected") for i in range(8)])
        self.assertEqual(len({status for code, status in got if code == 200}), 1)
        self.assertTrue(all(code in (200, 409) for code, _ in got))
        kept = self.mpi.inbox("H-7")[0]["answer"]
        self.until(receipt, "acknowledged" if kept == "accepted" else "rejected")


class PartnersDoor(HostileCase):
    def arrange(self):
        self.nz.add_partner("AU", self.cn.partner_url(), tables=QUICK)

    def post(self, message, client="CN-client", path="/node"):
        connection = http.client.HTTPSConnection("127.0.0.1", self.nz.partner_port, timeout=20, context=self.context(client))
        try:
            connection.request("POST", path, body=message, headers={"Content-Type": "application/soap+xml; charset=utf-8"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def signed(self, body, who="CN", **more):
        return sign(self.pki, who, body, **more)

    def refused(self, message, because="", status=400, **where):
        got, reply = self.post(message, **where)
        self.assertEqual(got, status, reply[:3000])
        self.assertIn(because.encode(), reply)

    def stored(self):
        return sorted(row["number"] for row in self.mpi.inbox())

    def test_nobody_speaks_for_another_country(self):
        self.assertEqual(self.post(self.signed(deliver("P-1")))[0], 200)
        for sender in ("AU", "NZ", "", "cn", " CN "):
            with self.subTest(sender):
                self.refused(self.signed(deliver("P-2", sender=sender)), "Forbidden")
        self.refused(self.signed(deliver("P-2", to="AU")), "Forbidden")
        self.refused(self.signed(deliver("P-2"), "AU"), "FailedAuthentication")
        self.refused(self.signed(deliver("P-2")), "FailedAuthentication", client="AU-client")
        self.refused(self.signed(deliver("P-2"), "AU"), "Forbidden", client="AU-client")
        for client in ("NZ-client", "NZ-mpi", "CN-stranger"):
            self.refused(self.signed(deliver("P-2")), status=401, client=client)
        for path in ("/", "/node/", "/NODE", "/ephyto", "//node", "/node%00", "/node;x", "/node/au"):
            with self.subTest(path):
                self.refused(self.signed(deliver("P-2")), status=404, path=path)
        self.assertEqual(self.stored(), ["P-1"])
        self.unharmed(self.nz)

    def test_a_signature_is_good_for_one_message_once_and_as_a_whole(self):
        first = self.signed(deliver("P-3"))
        self.assertEqual(self.post(first)[0], 200)
        again = [first, first.replace(b"<ds:SignatureValue>", b"<ds:SignatureValue>\n "),
                 first.replace(b"<s:Header>", b"<s:Header><!-- x -->")]
        for message in again:
            self.refused(message, "FailedCheck")
        for part in ("body", "message-id", "to", "action", "stamp", "token"):
            with self.subTest(part):
                self.refused(self.signed(deliver("P-4"), leave_out=(part,)), "InvalidSecurity")
        for name, times in {"old": {"age": 3600}, "from the future": {"age": -3600}, "for ten years": {"life": 10 ** 8},
                            "backwards": {"life": -10}}.items():
            with self.subTest(name):
                self.refused(self.signed(deliver("P-4"), **times))
        for name, extra in {"an unsigned address": f'<wsa:From xmlns:wsa="{WSA}"></wsa:From>',
                            "a second Security": f'<wsse:Security xmlns:wsse="{WSSE}"></wsse:Security>',
                            "an id again": f'<x xmlns:wsu="{WSU}" wsu:Id="body"></x>',
                            "an xml:id again": '<x xml:id="body"></x>',
                            "an ID again": '<x ID="body"></x>'}.items():
            with self.subTest(name):
                self.refused(self.signed(deliver("P-4"), extra=extra), "InvalidSecurity")
        whole = self.signed(deliver("P-5"))
        body = whole[whole.index(b"<s:Body"):whole.index(b"</s:Envelope>")]
        other = body.replace(b"P-5", b"P-6").replace(b'wsu:Id="body"', b'wsu:Id="other"')
        for name, wrapped in {"behind": whole.replace(body, body + other), "before": whole.replace(body, other + body),
                              "in the header": whole.replace(body, other).replace(
                                  b"</s:Header>", b"<w>" + body + b"</w></s:Header>"),
                              "a comment that splits From": self.signed(deliver("P-4", sender="CNX")).replace(
                                  b">CNX<", b">CN<!---->X<")}.items():
            with self.subTest(name):
                self.refused(wrapped)
        self.assertEqual(self.stored(), ["P-3"])
        self.unharmed(self.nz)

    def test_a_signed_lie_is_refused(self):
        good = deliver("P-7")
        content = good[good.index("<n:Content"):good.index("</n:Deliver>")]
        for name, body in {
                "another number": deliver("P-7", certificate("P-8")), "another type": deliver("P-7", type_="852"),
                "no type": deliver("P-7", type_=""), "a huge type": deliver("P-7", type_="99999999999"),
                "a signed type": deliver("P-7", type_="+851"), "a type and more": deliver("P-7", type_="851x"),
                "another digest": deliver("P-7", digest="0" * 64), "two contents": good.replace(content, content * 2),
                "no content": good.replace(content, ""), "two bodies": good * 2, "nothing": "",
                "an encoding that is none": good.replace("<n:Content", '<n:Content encoding="gzip"'),
                "no base64": good.replace("<n:Content", '<n:Content encoding="base64"'),
                "an inner document type": deliver("P-7", b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>"),
                "an inner well": deliver("P-7", b"<a>" * 100_000), "a well": "<a>" * 5000 + "</a>" * 5000,
                "a field of elements": good.replace("<n:Content", "<x></x>" * 200_000 + "<n:Content")}.items():
            with self.subTest(name):
                self.refused(self.signed(body))
        self.refused(self.signed(good, action="urn:ecert:node:1:Respond"), "ActionMismatch")
        self.refused(self.signed(good, message_id="x" * 513))
        self.refused(self.signed(good, message_id=" "))
        self.refused(self.signed(good, extra="<x>" + "a" * 5_000_000 + "</x>"))
        self.refused(self.signed(good).replace(b"<s:Envelope", b"<!DOCTYPE a><s:Envelope", 1))
        self.refused(b"\0" * 100_000)
        self.refused(b"")
        self.assertEqual(self.stored(), [])
        self.unharmed(self.nz)

    def test_one_message_id_is_stored_once_however_many_come_at_once(self):
        ids = f"urn:uuid:{uuid.uuid4()}"
        copies = [self.signed(deliver("P-9"), message_id=ids, life=300 + i) for i in range(12)]
        got = side_by_side([lambda m=m: self.post(m) for m in copies])
        self.assertEqual([status for status, _ in got], [200] * len(copies))
        self.assertEqual(len({re.search(rb"<n:Receipt.*?</n:Receipt>", reply, re.S)[0] for _, reply in got}), 1)
        once = self.signed(deliver("P-10"))
        got = side_by_side([lambda: self.post(once)] * 12)
        self.assertEqual(collections.Counter(status for status, _ in got), {200: 1, 400: 11})
        self.refused(self.signed(deliver("P-9", certificate("P-9", text="other")), message_id=ids), "Conflict")
        self.refused(self.signed(deliver("P-11"), message_id=ids), "Conflict")
        self.assertEqual(self.stored(), ["P-10", "P-9"])
        self.unharmed(self.nz)
        wait_until("the alert", lambda: self.logged(self.nz, "arrival_conflict"))
