"""A gate between two nodes: real TLS on both sides, and a script of what it does to each exchange. It stands where the partner
stands, with the partner's server certificate, and forwards with the caller's client certificate."""

import http.client
import http.server
import socket
import ssl
import struct
import threading
import time


class Seen:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.monotonic()
        self.status, self.reply = None, None


def tls_server(pki, name, handler):
    """Serves, in threads of its own, who shows a certificate of the CA; every read has a deadline."""
    inward = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inward.load_cert_chain(pki.pem(name), pki.key(name))
    inward.load_verify_locations(pki.pem("ca"))
    inward.verify_mode = ssl.CERT_REQUIRED

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            connection, address = super().get_request()
            connection.settimeout(60)
            return inward.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Gate:
    """script: a list of acts, each used for one request in turn; then `otherwise` (default: pass on). An act is a function of
    (gate, handler, seen) that answers by the handler or breaks the connection. Without a client it forwards in plain HTTP."""

    def __init__(self, pki, server, target_port, client=None, otherwise=None):
        self.script, self.seen = [], []
        self.lock = threading.Lock()
        self.otherwise = otherwise or pass_on
        self.target_port = target_port
        self.outward = None
        if client:
            self.outward = ssl.create_default_context(cafile=str(pki.pem("ca")))
            self.outward.load_cert_chain(pki.pem(client), pki.key(client))
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                seen = Seen(self.path, dict(self.headers), body)
                with gate.lock:
                    act = gate.script.pop(0) if gate.script else gate.otherwise
                    gate.seen.append(seen)
                act(gate, self, seen)

            def log_message(self, *_):
                pass

        self.server = tls_server(pki, server, Handler)
        self.port = self.server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}/node"

    def forward(self, path, headers, body):
        connection = (http.client.HTTPSConnection("127.0.0.1", self.target_port, timeout=60, context=self.outward) if self.outward
                      else http.client.HTTPConnection("127.0.0.1", self.target_port, timeout=60))
        try:
            kept = {k: v for k, v in headers.items() if k.lower() in ("content-type", "soapaction", "traceparent")}
            connection.request("POST", path, body=body, headers=kept)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        finally:
            connection.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def write(handler, status, content_type, body, headers=()):
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def break_connection(handler):
    """A reset, not a polite end."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def pass_on(gate, handler, seen):
    seen.status, kind, seen.reply = gate.forward(seen.path, seen.headers, seen.body)
    write(handler, seen.status, kind, seen.reply)


def change_request(change):
    """Forwards change(body) instead."""
    def act(gate, handler, seen):
        changed = change(seen.body)
        assert changed != seen.body, "the change changed nothing"
        seen.status, kind, seen.reply = gate.forward(seen.path, seen.headers, changed)
        write(handler, seen.status, kind, seen.reply)
    return act


def change_reply(change):
    def act(gate, handler, seen):
        seen.status, kind, seen.reply = gate.forward(seen.path, seen.headers, seen.body)
        changed = change(seen.reply)
        assert changed != seen.reply, "the change changed nothing"
        write(handler, seen.status, kind, changed)
    return act


def lose_reply(gate, handler, seen):
    """The partner has it; the caller never learns."""
    seen.status, _, seen.reply = gate.forward(seen.path, seen.headers, seen.body)
    break_connection(handler)


def reset_after_body(gate, handler, seen):
    break_connection(handler)


def answer(status, body, content_type="application/soap+xml; charset=utf-8", headers=()):
    def act(gate, handler, seen):
        write(handler, status, content_type, body if isinstance(body, bytes) else body.encode(), headers)
    return act


def slowly(seconds, then=pass_on):
    def act(gate, handler, seen):
        time.sleep(seconds)
        then(gate, handler, seen)
    return act


def soap_fault(code="Sender", text="No", subcode=None):
    sub = f"<s:Subcode><s:Value>{subcode}</s:Value></s:Subcode>" if subcode else ""
    return (f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:{code}</s:Value>'
            f'{sub}</s:Code><s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>')
