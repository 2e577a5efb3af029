"""The same worlds with RabbitMQ between hubs and workers: ECERT_QUEUE=amqp. A virtual host a node, sealed messages, and a worker
host for each partner with a broker user of its own. One broker a test program, or the one that ECERT_BROKER names."""

import atexit
import functools
import itertools
import os
import pathlib
import shutil
import signal
import tempfile
import unittest

from broker import Broker
from nodes import Node, wait_until
from over_amqp import Access

CHOSEN = os.environ.get("ECERT_QUEUE", "embedded") == "amqp"
COUNTRIES = ("CN", "NZ", "AU", "NL")

_numbers = itertools.count(1)


@functools.cache
def shared_broker():
    if given := os.environ.get("ECERT_BROKER"):
        return Broker(given)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ecert-broker-"))
    broker = Broker(folder)
    atexit.register(broker.remove)
    return broker.start()


def embedded_alone(why):
    """For what is about hub and workers in one process."""
    return unittest.skipIf(CHOSEN, f"embedded alone: {why}")


class AmqpNode(Node):
    """A node whose workers are processes of their own: they come and go with it, except when it is killed."""

    access = None
    adapters = ()

    def start(self, *more, ready=True, env=None):
        if not self.access:
            vhost = f"{self.name}-{os.getpid()}-{next(_numbers)}"
            self.access = Access(self, shared_broker(), [(c,) for c in COUNTRIES if c != self.name], vhost)
            self.access.connect()
            self.adapters = {}
        self.host_workers()
        return super().start("--no-workers", *more, ready=ready, env=env)

    def host_workers(self):
        for file in sorted((self.folder / "partners").glob("*.toml")):
            if file.stem not in self.adapters:
                self.adapters[file.stem] = self.access.adapter((file.stem,))
            adapter = self.adapters[file.stem]
            if not adapter.alive():
                adapter.configure()
                adapter.start()

    def reload(self):
        """Worker hosts first, so that no task finds another profile than it was planned with; what is wrong stays as it was."""
        for adapter in self.adapters.values():
            before = sum(e.get("event") in ("reloaded", "reload_refused") for e in adapter.log())
            adapter.configure()
            adapter.running.send_signal(signal.SIGHUP)
            wait_until(f"{adapter.name} to reload", lambda a=adapter, n=before: (
                sum(e.get("event") in ("reloaded", "reload_refused") for e in a.log()) > n))
        self.host_workers()
        super().reload()

    def stop(self, seconds=15):
        ended = super().stop(seconds)
        for adapter in (self.adapters or {}).values():
            adapter.stop(seconds)
        return ended

    def forget(self):
        """Its virtual host, with all that is in it."""
        if self.access:
            shared_broker().delete_vhost(self.access.vhost)
