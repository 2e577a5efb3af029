"""What an attacker with a valid certificate tries at the IPPC Hub's contract, as a partner and as an agency: one table. Each row is
refused with words that would help an honest sender, costs the node little, and leaves nothing behind."""

import base64
import gzip
import itertools
import re

from harness.hostile import HostileCase, MB, POST, Trap
from harness.served import E, ENVELOPE, Fault, H, fields, header, in_cdata, message, written

MANY = 100_000
XSI, WSA = "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2005/08/addressing"
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))


def text(data):
    """As text of an element, whatever it is."""
    return f"<h:Content>{data.replace('&', '&amp;').replace('<', '&lt;').replace(']]>', ']]&gt;')}</h:Content>"


def raw_base64(data):
    return f"<h:Content>{base64.b64encode(data).decode()}</h:Content>"


def refused_messages(r, trap):
    """What is tried as one POST that HTTP has nothing against: name -> (message, words of the answer)."""
    good, bare = r.post(), r.data.decode()
    body = message

    def doctype(inside):
        return f"<!DOCTYPE a [{inside}]>".encode()

    def head(inside):
        return r.post(head=f"<s:Header>{inside}</s:Header>")

    def swap(old, new):
        return good.replace(old.encode() if isinstance(old, str) else old, new.encode() if isinstance(new, str) else new, 1)

    return {
        # entities and document types, outside and inside
        "a billion laughs": (doctype(LAUGHS) + swap(">X/1<", ">&l9;<"), "document type"),
        "one long entity, many times": (doctype(f'<!ENTITY x "{"x" * MANY}">') + swap(">X/1<", f">{'&x;' * 1000}<"), "document type"),
        "a file as an entity": (doctype('<!ENTITY x SYSTEM "file:///etc/passwd">') + swap(">X/1<", ">&x;<"), "document type"),
        "a document type from elsewhere": (f'<!DOCTYPE a SYSTEM "{trap}a.dtd">'.encode() + good, "document type"),
        "a parameter entity from elsewhere": (doctype(f'<!ENTITY % x SYSTEM "{trap}"> %x;') + good, "document type"),
        "an entity that nobody declared": (swap(">X/1<", ">&x;<"), "Entity 'x' not defined"),
        "a billion laughs in the content": (r.post(text(f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>")), "document type"),
        "a billion laughs in CDATA": (r.post(in_cdata(f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>".encode())), "document type"),
        "a billion laughs in base64": (r.post(raw_base64(f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>".encode())), "document type"),
        "a file as an entity in the content": (r.post(text(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + bare[bare.index("<rsm:"):])), "document type"),
        "a document type from elsewhere in the content": (r.post(text(
            f'<!DOCTYPE a SYSTEM "{trap}">' + bare[bare.index("<rsm:"):])), "document type"),
        # depths, numbers, lengths
        "a well": (body("<e:a>" * MANY), "nested deeper"), "a well in the content": (r.post(text("<a>" * MANY)), "nested deeper"),
        "a well in the Header": (head("<x>" * MANY), "nested deeper"),
        "many siblings": (r.post(more="<h:x/>" * MANY * 3), "<= 100000"),
        "many siblings in the content": (r.post(written(r.inside(b"</rsm:SPSCertificate>", b"<a/>" * MANY * 3))), "<= 100000"),
        "many operations": (body("<e:GetUnderDeliveryEnvelope/>" * MANY), "<= 100000"),
        "many attributes": (body("<e:a " + " ".join(f'x{i}=""' for i in range(MANY)) + "/>"), "more attributes"),
        "many namespaces": (body("<e:a " + " ".join(f'xmlns:x{i}="urn:{i}"' for i in range(MANY)) + "/>"), "more attributes"),
        "many attributes in the content": (r.post(text("<a " + " ".join(f'x{i}=""' for i in range(MANY)) + "/>")), "more attributes"),
        "an attribute of 10 MB": (body(f'<e:a x="{"x" * 10 * MB}"/>'), "<= 1048576"),
        "a name of 1 MB": (body(f'<e:{"a" * MB}/>'), "<= 1024"),
        "a namespace of 1 MB": (body(f'<a xmlns="{"a" * (MB - 9)}"/>'), "<= 1024"),
        "a comment of 10 MB": (body(f'<!--{"a" * 10 * MB}-->'), "<= 1048576"),
        "a number of 5 KB": (r.post(number="x" * 5000), "number is too long"),
        "a number of 5 MB": (r.post(number="x" * 5 * MB), "<= 1048576"),
        "a text of 15 MB in the content": (r.post(text(bare.replace("<ram:Name>", "<ram:Name>" + "x" * 15 * MB, 1))),
                                           "<= 1048576"),
        "a complaint of 5 MB": (body("<e:AdvancedAcknowledgeEnvelopeReceipt><e:hubTrackingNumber>1</e:hubTrackingNumber>"
                                     f"<e:warningMessage>{'x' * 5 * MB}</e:warningMessage>"
                                     "</e:AdvancedAcknowledgeEnvelopeReceipt>"), "<= 1048576"),
        "a message over the limit": (r.post("<h:Content>" + " " * 35 * MB + "</h:Content>"), "larger than"),
        # the envelope
        "a Header of 5 MB": (head("<x>" + "a" * 5 * MB + "</x>"), "<= 65536"),
        "many blocks in the Header": (head("<x/>" * MANY), "<= 65536"),
        "two Headers": (swap("<s:Body>", "<s:Header/><s:Header/><s:Body>"), "no SOAP message"),
        "two Bodies": (swap("</s:Envelope>", "<s:Body/></s:Envelope>"), "no SOAP message"),
        "the second Body is the good one": (swap("<s:Body>", "<s:Body/><s:Body>"), "no SOAP message"),
        "a Header behind the Body": (swap("</s:Envelope>", "<s:Header/></s:Envelope>"), "no SOAP message"),
        "no Body": (f'<s:Envelope xmlns:s="{ENVELOPE["1.1"]}"/>'.encode(), "no SOAP message"),
        "an empty Body": (body(""), "exactly one child"), "text in the Body": (body("deliver this"), "exactly one child"),
        "two operations": (body(r.env() * 2), "exactly one child"),
        "an operation and a confirmation": (body(r.env() + "<e:AcknowledgeEnvelopeReceipt/>"), "exactly one child"),
        "an Envelope in the Body": (body(good.decode()), "no operation"),
        "a fault": (body("<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault>"), "a fault is no request"),
        "no envelope": (f'<e:DeliverEnvelope xmlns:e="{E}"/>'.encode(), "no SOAP message"),
        "another version of SOAP": (swap(ENVELOPE["1.1"], "http://www.w3.org/2001/12/soap-envelope"), "no SOAP message"),
        "no namespace": (body("<DeliverEnvelope/>"), "no operation {}DeliverEnvelope"),
        "another namespace": (swap(f'"{E}"', '"http://ephyto.example/"'), "no operation {http://ephyto.example/}"),
        "a namespace that only begins so": (swap(f'"{E}"', f'"{E}#"'), "no operation"),
        "fields of another namespace": (swap(f'"{H}"', '"urn:x"'), "is no code"),
        "fields without a namespace": (good.replace(b"<h:", b"<").replace(b"</h:", b"</"), "is no code"),
        "an unknown operation": (body("<e:GetEverything/>"), "no operation {http://ephyto.ippc.int/}GetEverything"),
        "a reply for a request": (body("<e:DeliverEnvelopeResponse/>"), "no operation"),
        "a header that must be understood": (head('<x:a xmlns:x="urn:x" s:mustUnderstand="1"/>'), "not understood: {urn:x}a"),
        "the answer must go elsewhere": (head(f'<a:ReplyTo xmlns:a="{WSA}" s:mustUnderstand="1"><a:Address>{trap}</a:Address>'
                                              "</a:ReplyTo>"), "nowhere else"),
        "a signature that must be understood": (head('<w:Security xmlns:w="urn:w" s:mustUnderstand="true"/>'), "not understood"),
        "an instruction": (body("<?x y?>" + r.env()), "processing instruction"),
        "a second message behind it": (good + good, "Extra content"), "cut in the middle": (good[:len(good) // 2], "Premature end"),
        "no XML": (b"deliver this", "not well-formed"), "JSON": (b'{"env": {}}', "not well-formed"),
        "white space": (b" " * MANY, "not well-formed"), "nothing": (b"", "empty"),
        # encodings
        "NUL": (b"\0" * MANY, "encoding"), "half a character": (swap(b">X/1<", b">\xed\xa0\x80<"), "not well-formed"),
        "a character that XML has not": (swap(">X/1<", ">&#0;<"), "not well-formed"),
        "XML 1.1": (b'<?xml version="1.1"?>' + swap(">X/1<", ">&#1;<"), "not well-formed"),
        "UTF-32": (good.decode().encode("utf-32"), "encoding"),
        "UTF-7 in the content": (r.post(text('<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-')), "encoding"),
        "UTF-16 that is none": (r.post(raw_base64(b'<?xml version="1.0" encoding="UTF-16"?><a>\xff</a>')), "not well-formed"),
        "UTF-16 cut in a character": (r.post(raw_base64("<a>\U0001f600".encode("utf-16")[:-1])), "encoding"),
        "UTF-32 in the content": (r.post(raw_base64("<a/>".encode("utf-32"))), "encoding"),
        "an encoding of no name": (r.post(raw_base64(b'<?xml version="1.0" encoding="x-evil"?><a>\xff</a>')), "encoding"),
        "overlong UTF-8": (r.post(raw_base64(b"\xc0\xbca/\xc0\xbe")), "not well-formed"),
        # fields
        "a type that is none": (r.post(type_="851x"), "type is no code"), "a negative type": (r.post(type_="-851"), "type is no code"),
        "a type of forty digits": (r.post(type_="8" * 40), "type is no code"),
        "a type in other digits": (r.post(type_="\u0668\u0665\u0661"), "type is no code"),
        "a type that is quoted in half a character": (r.post(type_="x" * 39 + "\u4e2d"), "type is no code"),
        "no status": (r.post(status=""), "status is no code"),
        "another status": (r.post(status=40), "SPS-ENVELOPE-STATUS"), "another type": (r.post(type_=657), "SPS-ENVELOPE-TYPE"),
        "another number": (r.post(number="X/2"), "SPS-ENVELOPE-NUMBER"),
        "From another": (r.post(sender="AU"), f"From must be {r.sender}"), "From nobody": (r.post(sender=""), "From must be"),
        "From in small letters": (r.post(sender=r.sender.lower()), "From must be"),
        "From with a comment in it": (r.post(sender="A<!-- -->U"), "From must be"),
        "two From": (r.post(more="<h:From>AU</h:From>"), "From stands twice"),
        "two numbers": (r.post(more="<h:NPPOCertificateNumber>X/2</h:NPPOCertificateNumber>"), "stands twice"),
        "two numbers to confirm": (body("<e:AcknowledgeEnvelopeReceipt><e:hubTrackingNumber>1</e:hubTrackingNumber>"
                                        "<e:hubTrackingNumber>2</e:hubTrackingNumber></e:AcknowledgeEnvelopeReceipt>"), "stands twice"),
        "confirmed by half of a number": (body("<e:AcknowledgeEnvelopeReceipt><e:hubTrackingNumber>" + "x" * 99 + "\u4e2d"
                                               "</e:hubTrackingNumber></e:AcknowledgeEnvelopeReceipt>"), "EnvelopeNotExists"),
        # the content
        "no content": (r.post(""), "holds no certificate"), "two contents": (r.post(written(r.data) + text("x")), "twice"),
        "two envelopes": (body(r.env().replace("</e:env>", "</e:env><e:env>" + text("x") + "</e:env>")), "2 elements Content"),
        "content in the content": (r.post(f"<h:Content>{written(r.data)}</h:Content>"), "must be text"),
        "elements in the content": (r.post(written(r.data).replace("<h:Content>", "<h:Content><a/>")), "must be text"),
        "gzip as base64": (r.post(raw_base64(gzip.compress(r.data))), "not well-formed"),
        "a bomb of gzip as base64": (r.post(raw_base64(gzip.compress(b" " * 100 * MB))), "not well-formed"),
        "base64 twice": (r.post(raw_base64(base64.b64encode(r.data))), "not well-formed"),
        "CDATA in CDATA": (r.post(in_cdata(b"<a><![CDATA[" + r.data + b"]]>")), "not well-formed"),
    }


def harmless_messages(r, trap):
    """What means nothing to this node: taken like any other, nothing else happens. name -> (number, certificate, Header, HTTP fields)"""
    def elsewhere(at, what):
        number = f"H/{next(numbers)}"
        return number, r.make(number).replace(at, what.encode() + at, 1), "", {}

    def with_head(inside):
        number = f"H/{next(numbers)}"
        return number, r.make(number), f"<s:Header>{inside}</s:Header>", {}

    def with_fields(**fields):
        number = f"H/{next(numbers)}"
        return number, r.make(number), "", {k.replace("_", "-"): v for k, v in fields.items()}

    numbers = itertools.count(1)
    at_root = b"<rsm:SPSExchangedDocument>"
    return {
        "a schema from elsewhere": elsewhere(b" xmlns:rsm=", f' xmlns:i="{XSI}" i:schemaLocation="urn:x {trap}"'),
        "a stylesheet from elsewhere": elsewhere(b"<rsm:SPSCertificate", f'<?xml-stylesheet type="text/xsl" href="{trap}"?>'),
        "XInclude of a file": elsewhere(at_root, '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
        "XInclude from elsewhere": elsewhere(at_root, f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{trap}"/>'),
        "an attachment that is elsewhere": elsewhere(
            b"<ram:SignatorySPSAuthentication>", "<ram:ReferenceSPSReferencedDocument><ram:RelationshipTypeCode>ZZZ"
            f'</ram:RelationshipTypeCode><ram:ID>1</ram:ID><ram:AttachmentBinaryObject uri="{trap}"/>'
            "</ram:ReferenceSPSReferencedDocument>"),
        "an answer that might go elsewhere": with_head(
            f'<a:ReplyTo xmlns:a="{WSA}"><a:Address>{trap}</a:Address></a:ReplyTo>'
            f'<a:FaultTo xmlns:a="{WSA}"><a:Address>{trap}</a:Address></a:FaultTo><a:To xmlns:a="{WSA}">{trap}</a:To>'),
        "a header that somebody else must understand": with_head('<x:a xmlns:x="urn:x" s:mustUnderstand="1" s:actor="urn:y"/>'),
        "another operation in SOAPAction": with_fields(SOAPAction=f'"{E}IDeliveryService/AcknowledgeEnvelopeReceipt"'),
        "another method in a field": with_fields(X_HTTP_Method_Override="DELETE"),
        "another charset in Content-Type": with_fields(Content_Type="text/xml; charset=utf-7"),
        "another certificate in a field": with_fields(X_SSL_Client_S_DN="CN=AU-client", X_Forwarded_Client_Cert="Subject=\"CN=AU\""),
        "sixty thousand bytes of fields": with_fields(**{f"X-{i}": "x" * 700 for i in range(80)}),
    }


def framings(path):
    """What HTTP itself has something against: name -> (bytes, statuses, words). The connection is closed behind it."""
    post = POST.format(path=path).encode()
    kept = post.replace(b"Connection: close\r\n", b"")
    ask = message("<e:GetUnderDeliveryEnvelope/>")
    whole = post + b"Content-Length: %d\r\n\r\n" % len(ask) + ask
    return {
        "a field of 1 MB": (post + b"X: " + b"x" * MB + b"\r\n\r\n", [431], "head"),
        "a hundred thousand fields": (post + b"X: y\r\n" * MANY + b"\r\n", [431], "head"),
        "a field's name of 1 MB": (post + b"X" * MB + b": y\r\n\r\n", [431], "head"),
        "a target of 1 MB": (b"POST /" + b"x" * MB + b" HTTP/1.1\r\nHost: x\r\n\r\n", [431], "head"),
        "a SOAPAction of 100 KB": (post + b'SOAPAction: "' + b"x" * MANY + b'"\r\n\r\n', [431], "head"),
        "a body over the limit": (post + b"Content-Length: %d\r\n\r\n" % (40 * MB) + b"<a>", [500], "larger than"),
        "a body of 2^63": (post + b"Content-Length: 9223372036854775808\r\n\r\n<a>", [500], "larger than"),
        "a body of 2^64": (post + b"Content-Length: 18446744073709551616\r\n\r\n<a>", [400], ""),
        "a negative body": (post + b"Content-Length: -1\r\n\r\n<a>", [400], ""),
        "two lengths": (post + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n<a/>", [400], ""),
        "a length and chunks": (post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + whole, [400], ""),
        "a body that is longer than it says": (kept + b"Content-Length: 4\r\n\r\n" + ask, [500, 400], "not well-formed"),
        "another request behind it": (kept + b"Content-Length: 4\r\n\r\n<a/>" + whole, [500, 200], "no SOAP message"),
        "chunks without end": (post + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 600,
                               [500], "larger than"),
        "chunks of a byte": (post + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * MANY + b"0\r\n\r\n", [500],
                             "not well-formed"),
        "a chunk of 2^64": (post + b"Transfer-Encoding: chunked\r\n\r\n1FFFFFFFFFFFFFFFFF\r\n<a>", [500], "broke off"),
        "gzip": (post + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n123456789", [415], "Content-Encoding"),
        "gzip as a transfer": (post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [501], "Transfer-Encoding"),
        "an expectation": (post + b"Expect: 42\r\nContent-Length: 9\r\n\r\n", [417], "100-continue"),
        "parts": (post.replace(b"text/xml", b'multipart/related; boundary="x"') + b"Content-Length: 3\r\n\r\n--x", [500],
                  "inside the certificate"),
        "no XML by its type": (post.replace(b"text/xml", b"application/json") + b"Content-Length: 2\r\n\r\n{}", [500], "text/xml"),
        "two Hosts": (post + b"Host: y\r\nContent-Length: 0\r\n\r\n", [400], "Host"),
        "no Host": (post.replace(b"Host: x\r\n", b"") + b"Content-Length: 0\r\n\r\n", [400], "Host"),
        "PUT": (whole.replace(b"POST", b"PUT", 1), [405], "POST"), "TRACE": (whole.replace(b"POST", b"TRACE", 1), [405], "POST"),
        "another's door": (whole.replace(path.encode(), b"/%2e%2e" + path.encode(), 1), [404], ""),
        "no HTTP": (ask, [400], ""),
    }


class Refused(HostileCase):
    limits = {"certificate_bytes": "20MiB"}

    def setUp(self):
        super().setUp()
        self.trap = Trap()
        self.addCleanup(self.trap.close)

    def refusal(self, caller, xml, version="1.1"):
        """Its words; a fault, or the contract's own way to say it in the reply."""
        try:
            told = fields(caller.result(*caller.post(xml, version), version)[0])
        except Fault as fault:
            self.assertEqual(fault.status, 500)
            return fault.text
        self.assertEqual(told["HUBTrackingInfo"], "FailedDelivery", told)
        self.assertNotIn("hubDeliveryNumber", told)
        return told["hubDeliveryErrorMessage"]

    def test_every_message_is_refused_with_words_that_help(self):
        before = self.kept()
        for r in self.roles:
            for name, (xml, words) in refused_messages(r, self.trap.url).items():
                with self.subTest(name, role=r.name), self.bounded():
                    said = self.refusal(r.caller, xml)
                    self.assertIn(words, said)
                    self.assertLess(len(said), 33_000)
        print(f"the dearest cost {self.most[0]:.2f} s of processor and {self.most[1]:.0f} MB")
        self.assertEqual(self.trap.calls, 0, "somebody fetched what a message named")
        self.unharmed(before)

    def test_every_framing_is_refused_by_its_status(self):
        before = self.kept()
        for r in self.roles:
            for name, (sent, statuses, words) in framings(r.caller.path).items():
                with self.subTest(name, role=r.name), self.bounded():
                    answer = r.caller.raw(sent)
                    self.assertEqual([int(s) for s in re.findall(rb"HTTP/1.1 (\d\d\d) ", answer)], statuses)
                    self.assertIn(words, answer.decode())
        self.unharmed(before)

    def test_what_means_nothing_here_is_taken_as_it_is_and_nothing_is_fetched(self):
        for r in self.roles:
            for name, (number, data, head, more) in harmless_messages(r, self.trap.url).items():
                with self.subTest(name, role=r.name), self.bounded():
                    xml = message(r.env(written(data), number=number), head=head)
                    told = fields(r.caller.result(*r.caller.post(xml, **more))[0])
                    self.assertNotEqual(told["HUBTrackingInfo"], "FailedDelivery", told)
                    whose = self.agency if r.name == "partner" else self.nz
                    pulled = whose.pull(told["hubDeliveryNumber"])
                    self.assertEqual(pulled["Content"].encode(), data)
                    self.assertEqual((pulled["From"], pulled["To"]), (r.sender, r.to))
        self.assertEqual(self.trap.calls, 0)


class Numbers(HostileCase):
    """What is another's answers in every dress like what never was."""

    INVENTED = "0b5f5d0e-0000-5000-8000-000000000001"

    def dressed(self, number):
        return [number, number.upper(), f"{{{number}}}", number.replace("-", ""), f"urn:uuid:{number}", f" {number}\n", f"{number}&#9;",
                f"{number}' or '1'='1", f"../{number}", f"{number}%00", number[:-1], number + "0", "", "*", "HUB-1"]

    def answers(self, caller, number):
        for operation in ("GetEnvelopeTrackingInfo", "PULLSingleImportEnvelope", "AcknowledgeEnvelopeReceipt",
                          "AdvancedAcknowledgeEnvelopeReceipt", "AcknowledgeFailedEnvelopeReceipt"):
            for dress in self.dressed(number):
                status, _, body = caller.post(message(f"<e:{operation}><e:hubTrackingNumber>{dress}</e:hubTrackingNumber></e:{operation}>"))
                yield operation, status, re.sub(f"(?i){number[:-1]}.?|{number.replace('-', '')}", "#", body.decode())

    def test_another_s_number_answers_like_one_that_never_was(self):
        offered, arrived = self.push("CN/n")["delivery"], self.nz.deliver(self.from_nz("NZ/n"), "NZ/n", "NZ", "CN")["hubDeliveryNumber"]
        before = self.kept()
        for caller in (self.au, self.second):
            for theirs in (offered, arrived):
                seen = list(self.answers(caller, theirs))
                self.assertEqual(seen, list(self.answers(caller, self.INVENTED)))
                self.assertTrue(all("EnvelopeNotExists" in body for *_, body in seen))
        self.assertEqual(self.kept(), before)
        self.assertEqual([h["hubDeliveryNumber"] for h in self.nz.headers()], [offered])
        self.assertEqual(self.nz.track(arrived)["HUBTrackingInfo"], "Delivered")

    def test_a_number_that_somebody_gives_is_only_theirs(self):
        """NZ calls what it delivers by the number of what waits for AU."""
        waits = self.push("CN/g", to="AU")["delivery"]
        named = header("NZ", "CN", "NZ/g", more=f"<h:hubDeliveryNumber>{waits}</h:hubDeliveryNumber>")
        given = self.nz.told("DeliverEnvelope", f"<e:env>{named}{written(self.from_nz('NZ/g'))}</e:env>")
        self.assertEqual(given["hubDeliveryNumber"], waits)
        self.assertEqual(self.nz.track(waits)["NPPOCertificateNumber"], "NZ/g")
        self.fault(lambda: self.nz.number("AcknowledgeFailedEnvelopeReceipt", waits, "<e:message>mine</e:message>"))
        self.assertEqual(self.nz.pull(waits)["HUBTrackingInfo"], "EnvelopeNotExists")
        self.assertEqual(self.au.pull(waits)["NPPOCertificateNumber"], "CN/g")
        self.assertEqual(self.au.track(waits)["NPPOCertificateNumber"], "CN/g")

    def test_what_is_for_another_country_is_refused_alike_whether_we_know_it_or_not(self):
        told = {to: self.fault(lambda t=to: self.nz.deliver(self.from_nz("NZ/t"), "NZ/t", "NZ", t)).text.replace(to, "#")
                for to in ("AU", "QQ", "NZ")}
        self.assertEqual(len(set(told.values())), 1, told)
