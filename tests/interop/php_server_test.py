"""PHP's SoapServer, made from the node's own WSDL, called by a node. It serves plain HTTP: a gate before it speaks TLS."""

import pathlib
import shutil
import subprocess
import unittest

import called
from harness.ephyto_world import EphytoCase
from harness.gate import Gate, lose_reply, pass_on

PHP = shutil.which("php")
SCRIPT = pathlib.Path(__file__).with_name("php_server.php")


def setUpModule():
    if not PHP or b"soap" not in subprocess.run([PHP, "-m"], capture_output=True).stdout.lower():
        raise unittest.SkipTest("php-cli and php-soap are not installed")


class PhpServer(called.CalledPromises, EphytoCase):
    def make_hub(self):
        hub = called.ForeignHub(self.folder / "hub", lambda hub: [PHP, "-S", f"127.0.0.1:{hub.port}", SCRIPT])
        self.pki.server("IPPC-server")
        self.gate = Gate(self.pki, "IPPC-server", hub.port)
        self.addCleanup(self.gate.close)
        hub.url = self.gate.url
        return hub

    def lose_next_answer(self):
        def lose_a_delivery(gate, handler, seen):
            if b"ValidateAndDeliverEnvelope" not in seen.body:
                return pass_on(gate, handler, seen)
            gate.otherwise = pass_on
            return lose_reply(gate, handler, seen)
        self.gate.otherwise = lose_a_delivery


if __name__ == "__main__":
    unittest.main()
