"""Crash rounds over AMQP: agencies push without pause while the hub, a worker host, the broker or all of them are killed with
SIGKILL, at a named point or at a random moment, and start again. Every ten kills all rest, and receipts, ledger and what the
partners stored must agree."""

import killer
from amqp_world import World

if __name__ == "__main__":
    killer.main(World, __doc__)
