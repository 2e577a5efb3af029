import shutil

from harness.world import WorldCase, certificate


class Restore(WorldCase):
    def test_an_older_ledger_gives_the_same_ids_and_nothing_is_stored_twice(self):
        old = self.accepted(certificate("B-old"))
        self.until(old, "delivered")
        self.cn.stop()
        backup = self.folder / "backup"
        shutil.copytree(self.cn.folder / "data", backup)
        self.gacc.close()
        self.cn.start()
        lost = [(n, self.accepted(certificate(n))) for n in ("B-1", "B-2", "B-3")]
        for _, receipt in lost:
            self.until(receipt, "delivered")
        self.cn.kill()
        shutil.rmtree(self.cn.folder / "data")
        shutil.copytree(backup, self.cn.folder / "data")
        self.gacc.close()
        self.cn.start()
        self.assertEqual(self.gacc.push(certificate("B-old")).status, 200)
        for number, before in lost:
            again = self.accepted(certificate(number))
            self.assertEqual((again["certificate"], again["delivery"]), (before["certificate"], before["delivery"]))
            self.until(again, "delivered")
            self.assertEqual(len(self.mpi.inbox(number)), 1)
