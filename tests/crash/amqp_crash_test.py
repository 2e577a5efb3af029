import os
import unittest

import killer
from amqp_world import World


class AmqpCrash(unittest.TestCase):
    def test_fifty_kills_of_hub_workers_and_broker_lose_nothing_and_store_nothing_twice(self):
        seed = int(os.environ.get("ECERT_CRASH_SEED", "20261126"))
        self.assertEqual(killer.run(World, 50, seed), [])
