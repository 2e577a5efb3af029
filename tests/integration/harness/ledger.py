"""What a node's ledger holds, read beside the node."""

import sqlite3


def ask_ledger(node, question):
    ledger = sqlite3.connect(f"file:{node.folder}/data/ledger.sqlite?mode=ro", uri=True, timeout=20)
    try:
        return ledger.execute(question).fetchall()
    finally:
        ledger.close()
