#!/usr/bin/env python3
"""The translation check catches what it is there for."""
import os
import tempfile
import unittest

import translations

MESSAGE = """<TS version="2.1" language="de"><context><name>Board</name>
<message{numerus}><source>{source}</source>{translation}</message></context></TS>"""


class Translations(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def problems(self, source, translation, numerus=""):
        path = os.path.join(self.root, "patchboard_de.ts")
        with open(path, "w", encoding="utf-8") as file:
            file.write(MESSAGE.format(source=source, translation=translation, numerus=numerus))
        return translations.problems(path)

    def forms(self, one, many):
        return self.problems("%n device(s)", "<translation>"
                             f"<numerusform>{one}</numerusform>"
                             f"<numerusform>{many}</numerusform></translation>",
                             ' numerus="yes"')

    def test_finished_is_good(self):
        self.assertEqual(self.problems("Open %1", "<translation>%1 öffnen</translation>"), [])
        self.assertEqual(self.forms("ein Gerät", "%n Geräte"), [])

    def test_unfinished_is_bad(self):
        for translation in ('<translation type="unfinished"></translation>',
                            '<translation type="unfinished">Auf</translation>',
                            "<translation></translation>"):
            self.assertEqual(len(self.problems("Open", translation)), 1, translation)
        self.assertEqual(len(self.forms("ein Gerät", "")), 1)

    def test_lost_place_holder_is_bad(self):
        self.assertEqual(len(self.problems("Open %1", "<translation>öffnen</translation>")), 1)
        self.assertEqual(len(self.problems("%1: %2", "<translation>%1: %1</translation>")), 1)

    def test_hidden_text_is_found(self):
        os.mkdir(os.path.join(self.root, "ui"))
        with open(os.path.join(self.root, "ui", "board.cpp"), "w", encoding="utf-8") as file:
            file.write('show(tr("Open"));\nshow(trBoard("Close"));\n')
        self.assertEqual(translations.hidden_texts(self.root),
                         ["ui/board.cpp:2: lupdate does not see this text"])


if __name__ == "__main__":
    unittest.main()
