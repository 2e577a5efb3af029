"""A gate at a hub's door for worker hosts: real TLS on both sides, and what it does to one request or another. It stands where
the hub's door stands, with the hub's server certificate, and forwards with one adapter's client certificate."""

import http.client
import http.server
import ssl
import threading

from harness.gate import break_connection, tls_server

PASSED = ("content-type", "ecert-task-token", "range", "if-range", "etag", "content-range", "accept-ranges")


class HubGate:
    """cut: so many bytes of the next content's body are passed on, then the connection breaks; once. shut: every connection is
    refused. flows: cleared, content waits until it is set. seen: (method, path, headers) of each request."""

    def __init__(self, pki, server, target_port, client):
        self.seen, self.cut, self.shut, self.target_port = [], None, False, target_port
        self.flows = threading.Event()
        self.flows.set()
        self.outward = ssl.create_default_context(cafile=str(pki.pem("ca")))
        self.outward.load_cert_chain(pki.pem(client), pki.key(client))
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                if gate.shut:
                    return break_connection(self)
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                gate.seen.append((self.command, self.path, dict(self.headers)))
                if "/internal/content/" in self.path:
                    gate.flows.wait(60)
                status, headers, reply = gate.forward(self.command, self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers:
                    if name.lower() in PASSED:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                if gate.cut is not None and len(reply) > gate.cut:
                    self.wfile.write(reply[:gate.cut])
                    self.wfile.flush()
                    gate.cut, self.close_connection = None, True
                    self.connection.unwrap()  # what was written arrives
                    return self.connection.close()
                self.wfile.write(reply)

            do_GET = do_PUT = do_POST = handle_any

            def log_message(self, *_):
                pass

        self.server = tls_server(pki, server, Handler)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"

    def forward(self, method, path, headers, body):
        connection = http.client.HTTPSConnection("127.0.0.1", self.target_port, timeout=60, context=self.outward)
        try:
            kept = {k: v for k, v in headers.items() if k.lower() in PASSED}
            connection.request(method, path, body=body or None, headers=kept)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def of(self, method):
        return [(path, headers) for m, path, headers in self.seen if m == method and "/internal/content/" in path]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
