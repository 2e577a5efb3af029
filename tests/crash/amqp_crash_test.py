import os
import unittest

import amqp_rounds


class AmqpCrash(unittest.TestCase):
    def test_fifty_kills_of_hub_workers_and_broker_lose_nothing_and_store_nothing_twice(self):
        seed = int(os.environ.get("ECERT_CRASH_SEED", "20261126"))
        self.assertEqual(amqp_rounds.run(50, seed), [])
