import os
import unittest

import rounds


class Crash(unittest.TestCase):
    def test_thirty_kills_lose_nothing_and_store_nothing_twice(self):
        seed = int(os.environ.get("ECERT_CRASH_SEED", "20261124"))
        self.assertEqual(rounds.run(30, seed), [])
