"""A server with the classes that gSOAP makes of the node's own WSDL, over gSOAP's own TLS, called by a node."""

import pathlib
import shutil
import tempfile
import unittest

import called
import gsoap_test
from harness.ephyto_world import EphytoCase

SOURCE = pathlib.Path(__file__).with_name("gsoap_server.cpp")
setUpModule = gsoap_test.setUpModule


class GsoapServer(called.CalledPromises, EphytoCase):
    @classmethod
    def setUpClass(cls):
        cls.built = pathlib.Path(tempfile.mkdtemp(prefix="ecert-gsoap-"))
        cls.addClassCleanup(shutil.rmtree, cls.built, ignore_errors=True)
        cls.server = gsoap_test.compiled(called.WSDL.read_bytes(), SOURCE, cls.built, "Service")

    def make_hub(self):
        self.pki.server("IPPC-server")
        pem = self.folder / "server.pem"
        pem.write_bytes(self.pki.pem("IPPC-server").read_bytes() + self.pki.key("IPPC-server").read_bytes())
        hub = called.ForeignHub(self.folder / "hub", lambda hub: [self.server, hub.port, pem, self.pki.pem("ca")])
        hub.url = f"https://127.0.0.1:{hub.port}/"
        return hub

    def lose_next_answer(self):
        self.hub.put("lose", b"")


if __name__ == "__main__":
    unittest.main()
