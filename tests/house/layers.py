#!/usr/bin/env python3
"""The order of the layers, checked over the #include lines of the sources.

A file may include its own layer and those below it. Linking does not catch a breach: on Debian
all of Qt's headers are in one place, and a header-only use of the wrong layer links well.
"""
import argparse
import os
import re
import sys

# (folder or file prefix, layer); the first that fits counts. Higher may include lower.
LAYERS = [
    ("model/core/", "model/core", 0),
    ("model/wire/", "model/wire", 1),
    ("model/formats/", "model/formats", 1),
    ("model/layout/", "model/layout", 1),
    ("model/optics/", "model/optics", 1),
    ("model/sync/", "model/sync", 3),
    ("model/", "model", 2),
    ("discovery/", "discovery", 3),
    ("server/", "server", 4),
    ("ui/", "ui", 4),
    ("app/", "app", 5),
    ("bench/", "bench", 6),
    ("tests/support/", "tests/support", 6),  # real hosts, cables: benchmarks take them too
    ("tests/", "tests", 6),
]
# Of one height, but strangers to each other.
STRANGERS = {frozenset(("server", "ui")), frozenset(("server", "discovery")),
             frozenset(("model/sync", "discovery")), frozenset(("bench", "tests"))}
# What a layer may take from Qt; a layer that is not named may take anything.
QT_MODULES = {
    "model/core": {"QtCore"},
    "model/wire": {"QtCore"},
    "model/formats": {"QtCore"},
    "model/layout": {"QtCore"},
    "model/optics": {"QtCore"},
    "model": {"QtCore"},
    "model/sync": {"QtCore", "QtNetwork", "QtWebSockets", "QtSql"},
    "discovery": {"QtCore", "QtNetwork", "QtDBus"},
    "server": {"QtCore", "QtNetwork", "QtWebSockets", "QtSql", "QtHttpServer", "QtConcurrent"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
GENERATED = re.compile(r"(^|/)(ui_\w+\.h|moc_\w+\.cpp|\w+\.moc)$")


def layer_of(path):
    for prefix, name, height in LAYERS:
        if path.startswith(prefix):
            return name, height
    return None


def qt_headers(folder):
    """Which module each of Qt's headers belongs to: {"QString": "QtCore", "qstring.h": …}."""
    modules = {}
    for module in sorted(os.listdir(folder)) if folder else []:
        path = os.path.join(folder, module)
        if module.startswith("Qt") and os.path.isdir(path):
            for header in os.listdir(path):
                modules.setdefault(header, module)
    return modules


def default_qt_folder():
    for folder in ("/usr/include/x86_64-linux-gnu/qt6", "/usr/include/aarch64-linux-gnu/qt6",
                   "/usr/include/qt6"):
        if os.path.isdir(folder):
            return folder
    return None


def check_qt(layer, header, modules):
    folder, _, name = header.rpartition("/")
    if name in modules.values():
        return f"<{header}> is an umbrella header: include what is used"
    module = folder or modules.get(name)
    allowed = QT_MODULES.get(layer)
    if allowed and module and module.startswith("Qt") and module not in allowed:
        return f"<{header}> is of {module}; {layer} takes only {', '.join(sorted(allowed))}"
    return None


def check_own(root, path, layer, header):
    name, height = layer
    if GENERATED.search(header):
        return None
    if not os.path.isfile(os.path.join(root, header)):
        return f'"{header}" is not a file; includes are written from the root of the project'
    target = layer_of(header)
    if target is None:
        return f'"{header}" belongs to no layer'
    if target[1] > height or frozenset((name, target[0])) in STRANGERS:
        return f'{name} includes "{header}", which is of {target[0]}'
    return None


def check_file(root, path, modules):
    problems = []
    layer = layer_of(path)
    with open(os.path.join(root, path), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            own, other = match.groups()
            problem = (check_own(root, path, layer, own) if own
                       else check_qt(layer[0], other, modules))
            if problem:
                problems.append(f"{path}:{number}: {problem}")
    return problems


def sources(root):
    for top in sorted({prefix.split("/")[0] for prefix, _, _ in LAYERS}):
        for folder, _, files in os.walk(os.path.join(root, top)):
            for file in sorted(files):
                if file.endswith((".h", ".cpp")):
                    yield os.path.relpath(os.path.join(folder, file), root).replace(os.sep, "/")


def check(root, qt_folder):
    modules = qt_headers(qt_folder)
    return [problem for path in sources(root) for problem in check_file(root, path, modules)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=".", help="top of the project")
    parser.add_argument("--qt", default=default_qt_folder(), help="folder of Qt's headers")
    arguments = parser.parse_args()
    problems = check(arguments.root, arguments.qt)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
