"""What the sources keep, read from the text of the files. check(root) gives one line a violation."""

import pathlib
import re

ORDER = ["config", "crypto", "queue", "adapters", "hub"]  # each may include those before it
SOURCES = {".cpp", ".hpp", ".ipp"}
HEADERS = {".hpp", ".ipp"}

# A library's headers, and the folders whose files may see them, directly or through a header of ours.
OWNERS = [
    (r"libxml/|libxslt/|libexslt/", ["crypto/xml"]),
    (r"xmlsec/", ["crypto/enc", "crypto/dsig"]),
    (r"openssl/", ["crypto", "adapters/http"]),
    (r"sqlite3\.h", ["hub/ledger/sqlite"]),
    (r"amqp", ["queue/amqp"]),
    (r"boost/beast", ["adapters/http"]),
    (r"boost/asio/ssl", ["adapters/http"]),
    (r"toml\+\+/", ["config/load", "adapters/engine"]),
    (r"prometheus/", ["config"]),
    (r"spdlog/", ["config"]),
]
NEVER_IN_HEADERS = re.compile(r"boost/beast|boost/asio/ssl")  # the slowest to compile

FREES = re.compile(r"\b(\w+_free(_all)?|(xml|xslt|xmlSec)\w*Free\w*|sqlite3_(finalize|close\w*))\s*\(")
OWN_NAMES = re.compile(r"\bdisk_free\(")
FREEING = re.compile(r"\bvoid free_\w+\(|operator\(\)\(")  # a deleter: what a handle alias names


def strip(text):
    """Without comments and the insides of strings, line by line as before."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)

    def blank(match):
        if match.group().startswith('"') and "\n" not in match.group():
            return '""'
        return "\n" * match.group().count("\n")
    return token.sub(blank, text)


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.text, self.includes = {}, {}
        for layer in ORDER:
            for path in sorted((self.root / layer).rglob("*")):
                if path.suffix in SOURCES:
                    name = path.relative_to(self.root).as_posix()
                    self.text[name] = path.read_text()
                    self.includes[name] = self.read_includes(self.text[name])

    @staticmethod
    def read_includes(text):
        found = []
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
            if match:
                found.append((number, match.group(2), match.group(1) == '"'))
        return found

    def reach(self, name):
        """Foreign headers that this file sees, each with the chain of our files that leads to it."""
        seen, waiting = {name}, [(name, [name])]
        while waiting:
            at, chain = waiting.pop()
            for _, target, ours in self.includes.get(at, []):
                if not ours:
                    yield target, chain
                elif target not in seen:
                    seen.add(target)
                    waiting.append((target, chain + [target]))


def inside(name, folder):
    return name.startswith(folder + "/")


def directions(tree):
    for name, includes in tree.includes.items():
        mine = ORDER.index(name.split("/")[0])
        for line, target, ours in includes:
            if not ours:
                continue
            top = target.split("/")[0]
            if top not in ORDER:
                yield f"{name}:{line}: \"{target}\" is not written from the root of the sources, or not product code"
            elif target not in tree.text and not (tree.root / target).exists():
                yield f"{name}:{line}: there is no {target}"
            elif ORDER.index(top) > mine:
                yield f"{name}:{line}: {ORDER[mine]} may not include {top} ({target})"


def the_tool_stands_alone(tree):
    for name, includes in tree.includes.items():
        for line, target, ours in includes:
            if not ours:
                continue
            if inside(name, "hub/ecertctl") and inside(target, "hub") and not inside(target, "hub/ecertctl"):
                yield f"{name}:{line}: ecertctl may not include {target}: nothing of hub but its own"
            if inside(target, "hub/ecertctl") and not inside(name, "hub/ecertctl"):
                yield f"{name}:{line}: nobody includes ecertctl ({target})"


def owners(tree):
    for name in tree.text:
        told = set()
        for target, chain in tree.reach(name):
            for pattern, folders in OWNERS:
                if not re.match(pattern, target) or any(inside(name, f) for f in folders):
                    continue
                if (pattern, name) not in told:
                    told.add((pattern, name))
                    yield f"{name}: sees <{target}> by {' -> '.join(chain)}; only {', '.join(folders)} may"


def slow_headers(tree):
    for name, includes in tree.includes.items():
        for line, target, ours in includes:
            if not ours and NEVER_IN_HEADERS.match(target) and pathlib.PurePath(name).suffix in HEADERS:
                yield f"{name}:{line}: <{target}> belongs into a .cpp"


def handles(tree):
    for name, text in tree.text.items():
        lines = strip(text).splitlines()
        for number, line in enumerate(lines, 1):
            found = FREES.search(line)
            if found is None or OWN_NAMES.search(line):
                continue
            around = "\n".join(lines[max(0, number - 4):number])
            if not FREEING.search(around):
                yield f"{name}:{number}: {found.group()}...): give it an owner (crypto/handle.hpp)"


def one_wall_clock(tree):
    for name, text in tree.text.items():
        for number, line in enumerate(strip(text).splitlines(), 1):
            if "system_clock::now" in line and name != "config/clock.cpp":
                yield f"{name}:{number}: the time is asked of a clock (config/clock.hpp)"


RULES = [directions, the_tool_stands_alone, owners, slow_headers, handles, one_wall_clock]


def check(root):
    tree = Tree(root)
    return [line for rule in RULES for line in rule(tree)]
