"""A RabbitMQ broker of one's own: a child with its own node name, ports, folder and epmd. The machine's service, if there is
one, is not touched. For tests and demo; also a command:

    broker.py FOLDER start [--user NAME:PASSWORD] [--definitions FILE] [--tls PKI SERVER] [--memory BYTES]
    broker.py FOLDER stop | kill | wipe | remove | port | tls-port
    broker.py FOLDER ctl ARGUMENT...          rabbitmqctl for this broker

The folder remembers ports and options, so that any process may start, stop or wipe the broker again."""

import argparse
import base64
import contextlib
import glob
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time

from nodes import free_port, wait_until

SBIN = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin"
START_SECONDS, STOP_SECONDS = 240, 30


class Broker:
    """tls: (Pki, name of its server certificate); definitions: path of a definitions file; memory: bytes of the watermark;
    beside: a broker whose cluster it is to join."""

    def __init__(self, folder, name="a", tls=None, definitions=None, user=("guest", "guest"), memory=None, settings=None,
                 beside=None):
        self.folder = pathlib.Path(folder).absolute()
        self.memo = self.folder / "broker.json"
        if self.memo.exists():
            self.told = json.loads(self.memo.read_text())
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.told = {"node": f"{name}@localhost", "port": free_port(), "dist": free_port(),
                     "epmd": beside.told["epmd"] if beside else free_port(),
                     "tls": None, "definitions": str(pathlib.Path(definitions).absolute()) if definitions else None,
                     "user": list(user), "memory": memory, "settings": settings or {}}
        if tls:
            pki, server = tls
            self.told["tls"] = {"port": free_port(), "ca": str(pki.pem("ca")), "certificate": str(pki.pem(server)),
                                "key": str(pki.key(server))}
        self._write(beside)

    @property
    def port(self):
        return self.told["port"]

    @property
    def tls_port(self):
        return self.told["tls"]["port"]

    def address(self):
        return f"127.0.0.1:{self.port}"

    # -- its folder

    @property
    def cookie(self):
        return self.folder / "home" / ".erlang.cookie"

    def _write(self, beside):
        self.cookie.parent.mkdir(exist_ok=True)
        if not self.cookie.exists():
            self.cookie.write_text(beside.cookie.read_text() if beside else secrets.token_hex(10))
            self.cookie.chmod(0o400)
        for name, text in (("env.conf", ""), ("advanced.config", "[].\n"), ("rabbitmq.conf", self._configuration()),
                           ("plugins", "[rabbitmq_auth_mechanism_ssl].\n" if self.told["tls"] else "[].\n")):
            (self.folder / name).write_text(text)
        self.memo.write_text(json.dumps(self.told, indent=1))

    def _configuration(self):
        lines = {"listeners.tcp.1": f"127.0.0.1:{self.port}", "disk_free_limit.absolute": "100MB",
                 "vm_memory_high_watermark.absolute": self.told["memory"] or 1 << 30, "log.console": "false",
                 "log.file.level": "warning", "default_user": self.told["user"][0], "default_pass": self.told["user"][1],
                 # Two cores shared with what is tested: keep what it prepares in advance small.
                 "raft.wal_max_size_bytes": 64 << 20}
        tls = self.told["tls"]
        if tls:
            lines |= {"listeners.ssl.1": f"127.0.0.1:{tls['port']}", "ssl_options.cacertfile": tls["ca"],
                      "ssl_options.certfile": tls["certificate"], "ssl_options.keyfile": tls["key"],
                      "ssl_options.verify": "verify_peer", "ssl_options.fail_if_no_peer_cert": "true",
                      "auth_mechanisms.1": "PLAIN", "auth_mechanisms.2": "EXTERNAL", "ssl_cert_login_from": "common_name"}
        if self.told["definitions"]:
            lines["load_definitions"] = self.told["definitions"]
        lines |= self.told["settings"]
        return "".join(f"{key} = {value}\n" for key, value in lines.items())

    def _environment(self):
        at = {"CONF_ENV_FILE": "env.conf", "CONFIG_FILE": "rabbitmq.conf", "ADVANCED_CONFIG_FILE": "advanced.config",
              "ENABLED_PLUGINS_FILE": "plugins", "MNESIA_BASE": "mnesia", "MNESIA_DIR": "mnesia/node", "LOG_BASE": "log",
              "LOGS": "log/broker.log", "PID_FILE": "pid", "FEATURE_FLAGS_FILE": "feature_flags",
              "PLUGINS_EXPAND_DIR": "plugins-expand"}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return {**kept, **{"RABBITMQ_" + k: str(self.folder / v) for k, v in at.items()},
                "HOME": str(self.folder / "home"), "ERL_CRASH_DUMP": "/dev/null",
                "RABBITMQ_NODENAME": self.told["node"],
                "RABBITMQ_DIST_PORT": str(self.told["dist"]), "ERL_EPMD_PORT": str(self.told["epmd"]),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none"}

    def _tool(self, name):
        found = sorted(glob.glob(f"{SBIN}/{name}"))
        if not found:
            raise RuntimeError("RabbitMQ is not installed: run deploy/setup.sh")
        return found[-1]

    # -- its life

    def pid(self):
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text())
            if b"beam" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    def listening(self):
        with contextlib.closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def start(self):
        self._end(signal.SIGKILL)  # what a run that was cut off left behind
        wait_until(f"another process to leave {self.address()}", lambda: not self.listening(), STOP_SECONDS)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "pid").unlink()
        with open(self.folder / "start.log", "ab") as out:
            launched = subprocess.Popen([self._tool("rabbitmq-server")], env=self._environment(), stdout=out,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)

        def up():
            if launched.poll() is not None:
                raise RuntimeError("the broker ended:\n" + (self.folder / "start.log").read_text()[-3000:])
            with contextlib.suppress(ConnectionError):
                return self.pid() is not None and self.listening() and self.eval("rabbit:await_startup().")
        wait_until(f"the broker at {self.address()} to listen", up, START_SECONDS, 0.1)
        return self

    def stop(self):
        self._end(signal.SIGTERM)
        self._end_epmd()

    def kill(self):
        """SIGKILL: what a power loss looks like from the other end of a connection."""
        self._end(signal.SIGKILL)

    def _end(self, how):
        pid = self.pid()  # first: the broker removes the file long before it ends
        if pid is None:
            return
        os.kill(pid, how)

        def gone():
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
            process = pathlib.Path(f"/proc/{pid}")
            with contextlib.suppress(OSError):
                dead = (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                return dead and len(os.listdir(process / "task")) == 1  # its last thread closes the sockets
            return True
        wait_until(f"broker process {pid} to end", gone, STOP_SECONDS, 0.05)

    def _end_epmd(self):
        epmd = shutil.which("epmd")
        if epmd:
            subprocess.run([epmd, "-port", str(self.told["epmd"]), "-kill"], env=self._environment(),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def wipe(self):
        """Stopped, its data folder emptied, started: nothing it knew is left."""
        self._end(signal.SIGTERM)
        shutil.rmtree(self.folder / "mnesia", ignore_errors=True)
        return self.start()

    def join(self, other):
        """Becomes one of the other's cluster; queues that are declared afterwards live on both."""
        self.eval(f"rabbit:stop(), ok = rabbit_mnesia:join_cluster('{other.told['node']}', disc), rabbit:start().")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ctl(self, *arguments, check=True):
        done = subprocess.run([self._tool("rabbitmqctl"), "-q", "-n", self.told["node"], *map(str, arguments)],
                              env=self._environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
        if check and done.returncode != 0:
            raise RuntimeError(f"rabbitmqctl {' '.join(map(str, arguments))}: {done.stderr or done.stdout}")
        return done.stdout

    def eval(self, expressions):
        """Erlang at the broker, as rabbitmqctl eval, in a thirtieth of its time; the value as the broker prints it."""
        own = f"call-{secrets.token_hex(6)}"  # two of one name at once are one too many for the broker
        done = subprocess.run(["erl_call", "-h", own, "-sname", self.told["node"], "-e"], env=self._environment(), input=expressions + "\n",
                              capture_output=True, text=True, timeout=90)
        value = done.stdout.strip()
        if "failed to connect" in done.stderr:
            raise ConnectionError(f"{self.told['node']}: {done.stderr.strip()}")
        if not value.startswith("{ok, "):
            raise RuntimeError(f"{expressions}: {value or done.stderr}")
        return value[len("{ok, "):-1]

    def import_definitions(self, path):
        self.eval(f'{{ok, Told}} = file:read_file("{path}"), rabbit_definitions:import_raw(Told).')

    def delete_vhost(self, name):
        """With its queues and their messages."""
        self.eval(f'rabbit_vhost:delete(<<"{name}">>, <<"broker.py">>).')

    def queues(self, *columns):
        """name -> {column: text}"""
        columns = ("name", *(columns or ("messages_ready", "messages_unacknowledged", "consumers")))
        rows = json.loads(self.ctl("list_queues", "--formatter", "json", *columns) or "[]")
        return {row["name"]: row for row in rows}

    def block(self):
        """The memory alarm: every connection that publishes is blocked until unblock()."""
        self.ctl("set_vm_memory_high_watermark", "0.000001")

    def unblock(self):
        self.ctl("set_vm_memory_high_watermark", "absolute", self.told["memory"] or 1 << 30)


def password_hash(password, salt=None):
    """As definitions want it: rabbit_password_hashing_sha256."""
    salt = salt or os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("act", choices=["start", "stop", "kill", "wipe", "remove", "port", "tls-port", "ctl"])
    parser.add_argument("--user", default="guest:guest")
    parser.add_argument("--definitions")
    parser.add_argument("--memory", type=int)
    parser.add_argument("--tls", nargs=2, metavar=("PKI", "SERVER"))
    own, rest = parser.parse_known_args()
    if rest and own.act != "ctl":
        parser.error(f"what is {' '.join(rest)}?")
    tls = None
    if own.tls:
        from nodes import Pki
        pki = Pki(own.tls[0])
        pki.server(own.tls[1])
        tls = (pki, own.tls[1])
    broker = Broker(own.folder, tls=tls, definitions=own.definitions, user=own.user.split(":", 1), memory=own.memory)
    if own.act == "ctl":
        sys.stdout.write(broker.ctl(*rest))
    elif own.act == "port":
        print(broker.port)
    elif own.act == "tls-port":
        print(broker.tls_port)
    else:
        begun = time.monotonic()
        getattr(broker, own.act)()
        print(f"{own.act} {broker.told['node']} port {broker.port} in {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
