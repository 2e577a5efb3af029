"""Crash rounds of fetching: CN fetches, stores and confirms what waits for it at the Hub, and AU fetches and confirms what CN offers,
while CN's hub (with --amqp also worker hosts and the broker) is killed with SIGKILL and starts again. Every ten kills all rest, and
what the Hub gave, what is in the inbox, what the Hub was told, what was accepted for AU and what AU got must agree."""

import sys

import killer
from pull_world import AmqpPullWorld, PullWorld

if __name__ == "__main__":
    amqp = "--amqp" in sys.argv
    if amqp:
        sys.argv.remove("--amqp")
    killer.main(AmqpPullWorld if amqp else PullWorld, __doc__)
