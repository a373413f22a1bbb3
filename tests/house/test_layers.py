#!/usr/bin/env python3
"""The layer check catches what it is there for, and lets pass what is in order."""
import os
import tempfile
import unittest

import layers

HEADERS = ["model/core/a.h", "model/wire/b.h", "model/formats/c.h", "model/d.h", "model/sync/e.h",
           "server/f.h", "server/http/g.h", "ui/h.h", "app/i.h", "tests/support/j.h"]
QT = {"QtCore": ["QString", "qstring.h", "QtCore"], "QtGui": ["QColor", "QtGui"],
      "QtNetwork": ["QTcpSocket"], "QtWidgets": ["QWidget", "QtWidgets"]}


class Layers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.join(folder.name, "project")
        self.qt = os.path.join(folder.name, "qt6")
        for header in HEADERS:
            self.write(header, "#pragma once\n")
        for module, names in QT.items():
            os.makedirs(os.path.join(self.qt, module))
            for name in names:
                open(os.path.join(self.qt, module, name), "w").close()

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def problems(self, path, include):
        self.write(path, f"// a comment\n#include {include}\n")
        return layers.check(self.root, self.qt)

    def assert_good(self, path, include):
        self.assertEqual(self.problems(path, include), [])

    def assert_bad(self, path, include, text):
        found = self.problems(path, include)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:2: "), found)
        self.assertIn(text, found[0])

    def test_down_and_beside_is_good(self):
        for path, include in [("model/wire/x.cpp", "model/core/a.h"),
                              ("model/formats/x.cpp", "model/core/a.h"),
                              ("model/x.cpp", "model/wire/b.h"),
                              ("model/sync/x.cpp", "model/d.h"),
                              ("server/http/x.cpp", "server/f.h"),
                              ("server/x.cpp", "model/sync/e.h"),
                              ("ui/x.cpp", "model/formats/c.h"),
                              ("app/x.cpp", "server/f.h"),
                              ("app/y.cpp", "ui/h.h"),
                              ("tests/ui/x.cpp", "app/i.h")]:
            self.assert_good(path, f'"{include}"')

    def test_up_is_bad(self):
        for path, include in [("model/core/x.cpp", "model/wire/b.h"),
                              ("model/wire/x.h", "model/d.h"),
                              ("model/formats/x.cpp", "model/sync/e.h"),
                              ("model/x.cpp", "model/sync/e.h"),
                              ("model/sync/x.cpp", "server/f.h"),
                              ("server/http/x.cpp", "app/i.h"),
                              ("app/x.cpp", "tests/support/j.h")]:
            with self.subTest(path=path):
                self.assert_bad(path, f'"{include}"', f'includes "{include}"')
                os.remove(os.path.join(self.root, path))

    def test_ui_and_server_are_strangers(self):
        self.assert_bad("ui/x.cpp", '"server/http/g.h"', "which is of server")
        os.remove(os.path.join(self.root, "ui/x.cpp"))
        self.assert_bad("server/x.cpp", '"ui/h.h"', "which is of ui")

    def test_spelling_does_not_hide_an_include(self):
        self.assert_bad("model/core/x.cpp", ' "server/f.h" // why not', "which is of server")
        self.write("model/core/x.cpp", '  #  include"ui/h.h"\n')
        self.assertIn("which is of ui", layers.check(self.root, self.qt)[0])

    def test_includes_are_written_from_the_root(self):
        self.assert_bad("model/core/x.cpp", '"a.h"', "from the root")

    def test_generated_files_are_left_alone(self):
        self.assert_good("tests/ui/x.cpp", '"x.moc"')
        self.assert_good("ui/x.cpp", '"ui_dialog.h"')

    def test_qt_modules(self):
        self.assert_good("model/core/x.cpp", "<QString>")
        self.assert_good("model/sync/x.cpp", "<QTcpSocket>")
        self.assert_good("ui/x.cpp", "<QWidget>")
        self.assert_good("model/y.cpp", "<vector>")
        self.assert_bad("model/z.cpp", "<QTcpSocket>", "is of QtNetwork")
        self.write("model/z.cpp", "")
        self.assert_bad("server/x.cpp", "<QColor>", "is of QtGui")
        self.write("server/x.cpp", "")
        self.assert_bad("server/y.cpp", "<QtGui/qcolor.h>", "is of QtGui")

    def test_umbrella_headers_are_bad(self):
        self.assert_bad("ui/x.cpp", "<QtWidgets>", "umbrella")
        self.write("ui/x.cpp", "")
        self.assert_bad("ui/y.cpp", "<QtWidgets/QtWidgets>", "umbrella")


if __name__ == "__main__":
    unittest.main()
