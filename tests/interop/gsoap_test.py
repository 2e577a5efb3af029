"""gSOAP: classes made from the node's own WSDL by wsdl2h and soapcpp2, compiled, and every operation carried out with them."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import calling
from harness.served import ServedCase
from harness.world import certificate

COMPILER = shutil.which("clang++-16") or shutil.which("g++")
AS_BUILT = ("-DWITH_OPENSSL", "-DWITH_IPV6", "-DWITH_GZIP", "-DWITH_DOM")  # as Debian's library: it changes what a soap* is
SOURCE = pathlib.Path(__file__).with_name("gsoap_client.cpp")
PREFIXES = "\n".join(f'{p} = "{ns}"' for p, ns in {
    "e": "http://ephyto.ippc.int/", "h": "http://ephyto.ippc.int/HUB.Entities",
    "rsm": "urn:un:unece:uncefact:data:standard:SPSCertificate:17", "ack": "urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"}.items())


def setUpModule():
    if not (shutil.which("wsdl2h") and shutil.which("soapcpp2") and COMPILER and pathlib.Path("/usr/include/stdsoap2.h").exists()):
        raise unittest.SkipTest("gsoap and libgsoap-dev are not installed")


def compiled(wsdl, source, work, side="Proxy"):
    """The program that source is with the classes made of wsdl: side "Proxy" of a client, "Service" of a server."""
    (work / "service.wsdl").write_bytes(wsdl)
    (work / "prefixes.dat").write_text(PREFIXES)
    for command in (["wsdl2h", "-t", "prefixes.dat", "-o", "service.h", "service.wsdl"],
                    ["soapcpp2", {"Proxy": "-C", "Service": "-S"}[side], "-j", "-x", "-I/usr/share/gsoap/import", "service.h"],
                    [COMPILER, "-std=c++17", "-O0", "-w", *AS_BUILT, "-I.", source, "soapC.cpp",
                     f"soapDeliveryServiceSoapBinding{side}.cpp", "-lgsoapssl++", "-lssl", "-lcrypto", "-lz", "-o", source.stem]):
        done = subprocess.run(command, cwd=work, capture_output=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return work / source.stem


class Gsoap(calling.CallingPromises, ServedCase):
    client = None  # of the WSDL that the first test's node served
    version = ()   # where a WSDL binds both, gSOAP chooses 1.2

    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="ecert-gsoap-"))
        unittest.addModuleCleanup(shutil.rmtree, cls.work, ignore_errors=True)

    def setUp(self):
        super().setUp()
        if not Gsoap.client:
            Gsoap.client = compiled(self.nz.request("GET", "/ephyto?wsdl")[2], SOURCE, self.work)

    def call(self, who, *lines, at=None, modes=()):
        client, path, port = {"nz": ("NZ-client", "/ephyto", self.cn.partner_port), "au": ("AU-client", "/ephyto", self.cn.partner_port),
                              "agency": ("CN-gacc", "/soap/ephyto", self.cn.agency_port)}[who]
        pem = self.work / f"{client}.pem"
        pem.write_bytes(self.pki.pem(client).read_bytes() + self.pki.key(client).read_bytes())
        done = subprocess.run([self.client, at or f"https://localhost:{port}{path}", pem, self.pki.pem("ca"), *modes, *self.version],
                              timeout=60, input="".join("\t".join(line) + "\n" for line in lines).encode(), capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def file(self, name, data):
        (self.work / name).write_bytes(data)
        return str(self.work / name)

    def typed(self, who, header, root, at):
        """gSOAP makes a list of texts of what a schema leaves open, and writes each as it stands."""
        elements = [self.file(f"element{i}", text.encode()) for i, text in enumerate(calling.children(root))]
        told = self.call(who, ["DeliverPhytoEnvelope", *header, *elements], at=at)[0]
        return told[1], told[2]

    def pulled(self, who, number):
        self.call(who, ["PULLSingleImportEnvelope", number, str(self.work / "pulled")])
        return (self.work / "pulled").read_bytes()

    def pulled_all(self, who):
        _, *numbers = self.call(who, ["PULLImportEnvelope", str(self.work / "all")])[0]
        return {number: (self.work / f"all{i}").read_bytes() for i, number in enumerate(numbers)}

    def confirmed(self, who, operation, number, text):
        told = self.call(who, [operation, number, *text.values()])[0]
        self.assertNotEqual(told[0], "fault", told)

    def odd(self):
        def deliver(*modes):
            def act(number, data):
                told = self.call("nz", ["DeliverEnvelope", number, "NZ", "CN", self.file("odd", data)], modes=modes)[0]
                return tuple(told[1:3])
            return act
        for modes in (["chunked"], ["nil"], ["indented"], ["canonical"], ["default"], ["kept-alive"], ["chunked", "nil", "default"]):
            yield " ".join(modes), deliver(*modes)

    def gzipped(self, number, data):
        told = self.call("nz", ["DeliverEnvelope", number, "NZ", "CN", self.file("gzip", data)], modes=["gzipped"])
        return " ".join(sum(told, []))

    def test_every_operation(self):
        data = self.from_nz("NZ/1", text="\u4e2d <&>")
        told = self.call("nz", ["DeliverEnvelope", "NZ/1", "NZ", "CN", self.file("nz1", data)])[0]
        self.assertEqual(told[:2], ["NZ/1", "Delivered"], told)
        self.assertEqual(self.content_of(self.inbox("NZ/1")[0]), data)
        receipts = [self.push(f"CN/{i}") for i in range(4)]
        numbers = [r["delivery"] for r in receipts]
        answers = self.call(
            "nz", ["ValidateAndDeliverEnvelope", "NZ/1", "NZ", "CN", self.file("nz1", data)], ["GetEnvelopeTrackingInfo", told[2]],
            ["GetUnderDeliveryEnvelope"], ["GetImportEnvelopeHeaders"],
            ["PULLSingleImportEnvelope", numbers[0], str(self.work / "pulled")], ["PULLImportEnvelope", str(self.work / "all")],
            ["AcknowledgeEnvelopeReceipt", numbers[0]], ["AdvancedAcknowledgeEnvelopeReceipt", numbers[1], "odd"],
            ["AcknowledgeFailedEnvelopeReceipt", numbers[2], "no"], ["SetTrackingInfoUpdate", "CN/3", "CN", "NZ", "Delivered"],
            ["DeliverCountryResponseEnvelope", "CN/0", "NZ", "CN", "39"], ["ValidatePhytoXML", self.file("a", b"<a/>")])
        self.assertEqual(answers[0][2], told[2])
        self.assertEqual(answers[1][1], "Delivered")
        self.assertEqual(answers[2], ["1", told[2]], "what came from them lately")
        self.assertEqual((answers[3][0], sorted(answers[3][1:])), ("4", sorted(numbers)))
        self.assertEqual((self.work / "pulled").read_bytes(), certificate("CN/0"))
        self.assertEqual((answers[5][0], sorted(answers[5][1:])), ("4", [f"CN/{i}" for i in range(4)]))
        self.assertEqual(answers[6:10], [["done"], ["DeliveredWithWarnings"], ["FailedDelivery"], ["done"]])
        self.assertEqual(answers[10][1], "Delivered")
        self.assertGreater(int(answers[11][0]), 0)
        self.until(receipts[0], "acknowledged")
        self.assertEqual([self.state(r) for r in receipts[1:]], ["delivered", "refused", "delivered"])
        self.assertIn("EnvelopeNotExists", self.call("au", ["AcknowledgeEnvelopeReceipt", numbers[0]])[0][1])

        told = self.call("agency", ["DeliverEnvelope", "CN/a", "CN", "NZ", self.file("cna", certificate("CN/a"))])[0]
        self.assertEqual(told[:2], ["CN/a", "PendingDelivery"], told)
        arrived = self.inbox("NZ/1")[0]["inbound"]
        answers = self.call("agency", ["GetUnderDeliveryEnvelope"], ["GetImportEnvelopeHeaders"],
                            ["PULLSingleImportEnvelope", arrived, str(self.work / "ours")], ["AcknowledgeEnvelopeReceipt", arrived],
                            ["GetImportEnvelopeHeaders"], ["DeliverCountryResponseEnvelope", "NZ/1", "CN", "NZ", "39"],
                            ["GetEnvelopeTrackingInfo", told[2]],
                            ["ValidateAndDeliverEnvelope", "CN/a", "CN", "NZ", self.file("cna", certificate("CN/a"))],
                            ["ValidatePhytoXML", self.file("a", b"<a/>")])
        self.assertEqual(answers[0], ["1", told[2]])
        self.assertEqual(answers[1], ["1", arrived])
        self.assertEqual((self.work / "ours").read_bytes(), data)
        self.assertEqual(answers[3:5], [["done"], ["0"]])
        self.assertEqual([a[1] for a in answers[5:7]], ["PendingDelivery", "PendingDelivery"])
        self.assertEqual(answers[7][2], told[2])
        self.assertGreater(int(answers[8][0]), 0)


class GsoapIn11(Gsoap):
    version = ("1.1",)


if __name__ == "__main__":
    unittest.main()
