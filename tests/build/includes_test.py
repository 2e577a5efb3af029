"""Include directions, owners of C headers and handles: the sources keep the rules, and the rules see what breaks them."""

import os
import pathlib
import tempfile
import unittest

import rules

ROOT = pathlib.Path(os.environ.get("ECERT_SOURCE", pathlib.Path(__file__).resolve().parents[2]))


class TheSources(unittest.TestCase):
    def test_keep_every_rule(self):
        broken = rules.check(ROOT)
        self.assertFalse(broken, "\n" + "\n".join(broken))

    def test_are_found_at_all(self):
        tree = rules.Tree(ROOT)
        for layer in rules.ORDER:
            self.assertGreater(sum(name.startswith(layer + "/") for name in tree.text), 5, layer)


class TheRules(unittest.TestCase):
    def broken(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name.replace("__", "/").replace("_DOT_", "."))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return rules.check(folder)

    def assert_one(self, words, **files):
        broken = self.broken(**files)
        self.assertEqual(len(broken), 1, broken)
        self.assertIn(words, broken[0])

    def test_a_lower_folder_may_not_include_a_higher_one(self):
        self.assert_one("config may not include hub", config__a_DOT_cpp='#include "hub/b.hpp"\n', hub__b_DOT_hpp="")
        self.assert_one("queue may not include adapters", queue__a_DOT_hpp='#include "adapters/b.hpp"\n', adapters__b_DOT_hpp="")
        self.assertEqual(self.broken(hub__a_DOT_cpp='#include "config/b.hpp"\n', config__b_DOT_hpp=""), [])

    def test_includes_are_written_from_the_root_and_lead_somewhere(self):
        self.assert_one("not written from the root", config__a_DOT_cpp='#include "b.hpp"\n', config__b_DOT_hpp="")
        self.assert_one("not written from the root", hub__a_DOT_cpp='#include "tests/b.hpp"\n')
        self.assert_one("there is no config/gone.hpp", hub__a_DOT_cpp='#include "config/gone.hpp"\n')

    def test_a_c_header_stays_with_its_owner_also_through_a_header_of_ours(self):
        self.assert_one("<sqlite3.h>", hub__a_DOT_cpp="#include <sqlite3.h>\n")
        sqlite = {"hub__ledger__sqlite__c_DOT_hpp": "#include <sqlite3.h>\n"}
        self.assertEqual(self.broken(**sqlite), [])
        self.assert_one("hub/a.cpp -> hub/ledger/sqlite/c.hpp", hub__a_DOT_cpp='#include "hub/ledger/sqlite/c.hpp"\n', **sqlite)
        self.assert_one("<libxml/tree.h>", crypto__wss__a_DOT_cpp="#include <libxml/tree.h>\n")
        self.assert_one("<openssl/evp.h>", hub__a_DOT_cpp="#include <openssl/evp.h>\n")

    def test_beast_and_tls_streams_stay_in_sources_of_http(self):
        self.assert_one("<boost/beast/http.hpp>", hub__a_DOT_cpp="#include <boost/beast/http.hpp>\n")
        self.assert_one("belongs into a .cpp", adapters__http__a_DOT_hpp="#include <boost/asio/ssl/stream.hpp>\n")
        self.assertEqual(self.broken(adapters__http__a_DOT_cpp="#include <boost/beast/http.hpp>\n"), [])

    def test_ecertctl_includes_nothing_of_hub_but_its_own(self):
        self.assert_one("nothing of hub but its own", hub__ecertctl__a_DOT_cpp='#include "hub/ledger/b.hpp"\n', hub__ledger__b_DOT_hpp="")
        self.assert_one("nobody includes ecertctl", hub__a_DOT_cpp='#include "hub/ecertctl/b.hpp"\n', hub__ecertctl__b_DOT_hpp="")

    def test_only_a_deleter_frees(self):
        self.assert_one("X509_free(", crypto__a_DOT_cpp="void f(X509* x) {\n    use(x);\n    log(x);\n    more(x);\n    X509_free(x);\n}\n")
        self.assert_one("xmlFreeDoc(", crypto__a_DOT_cpp="void f() { xmlFreeDoc(d); }\n")
        self.assertEqual(self.broken(crypto__a_DOT_cpp="void free_x(X509* x) noexcept { X509_free(x); }\n// X509_free(x)\n"), [])

    def test_the_wall_clock_is_asked_in_one_place(self):
        self.assert_one("asked of a clock", hub__a_DOT_cpp="auto t = std::chrono::system_clock::now();\n")
        self.assertEqual(self.broken(config__clock_DOT_cpp="auto t = std::chrono::system_clock::now();\n"), [])


if __name__ == "__main__":
    unittest.main()
