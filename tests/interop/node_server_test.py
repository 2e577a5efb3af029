"""A server of node's `soap` from the node's own WSDL, over node's TLS, called by a node. Where the package comes from: node_test."""

import pathlib
import unittest

import called
import node_test
from harness.ephyto_world import EphytoCase

SCRIPT = pathlib.Path(__file__).with_name("node_server.js")
setUpModule = node_test.setUpModule


class NodeServer(called.CalledPromises, EphytoCase):
    def make_hub(self):
        self.pki.server("IPPC-server")
        pem, key, ca = self.pki.pem("IPPC-server"), self.pki.key("IPPC-server"), self.pki.pem("ca")
        hub = called.ForeignHub(self.folder / "hub", lambda hub: [node_test.NODE, SCRIPT, hub.port, pem, key, ca],
                                NODE_PATH=str(node_test.MODULES))
        hub.url = f"https://127.0.0.1:{hub.port}/"
        return hub

    def lose_next_answer(self):
        self.hub.put("lose", b"")


if __name__ == "__main__":
    unittest.main()
