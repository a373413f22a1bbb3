#!/usr/bin/env python3
"""Every text of the sources has a finished translation in every translations/*.ts.

English is the source; patchboard_en.ts holds only what has a singular and a plural.

Collects the texts anew into a copy and counts what is missing there; --update refreshes the files
themselves.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

FOLDERS = ["model", "discovery", "server", "ui", "app"]
PLACE = re.compile(r"%(?:L?\d+|n)")
# A helper that hides the text from lupdate: trBoard("…") instead of Board::tr("…").
HIDDEN = re.compile(r'\b(?:tr[A-Z]\w*|translated?[A-Z]\w*)\(\s*"')


def find_lupdate():
    for folder in ("/usr/lib/qt6/bin", "/usr/lib/x86_64-linux-gnu/qt6/bin"):
        program = os.path.join(folder, "lupdate")
        if os.path.exists(program):
            return program
    program = shutil.which("lupdate6") or shutil.which("lupdate")
    if not program:
        sys.exit("translations: lupdate is not installed (qt6-l10n-tools)")
    return program


def collect(root, file):
    command = [find_lupdate(), "-silent", "-locations", "none", "-no-obsolete", "-no-ui-lines",
               "-extensions", "cpp,h", "-I", root,
               *(["-pluralonly"] if file.endswith("_en.ts") else []),
               *(os.path.join(root, folder) for folder in FOLDERS), "-ts", file]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"translations: lupdate failed:\n{result.stdout}{result.stderr}")


def problems(file):
    """What is unfinished or cannot be right: a place holder that one of the two texts lacks."""
    found = []
    for context in ET.parse(file).getroot().iter("context"):
        name = context.findtext("name")
        for message in context.iter("message"):
            source = message.findtext("source") or ""
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")]
            forms = forms or [translation.text or ""]
            if translation.get("type") == "unfinished" or not all(forms):
                found.append(f"{name}: not translated: {source!r}")
                continue
            wanted = set(PLACE.findall(source))
            for form in forms:
                places = set(PLACE.findall(form))
                # "one device" may leave out its number.
                if places != wanted and not (len(forms) > 1 and places == wanted - {"%n"}):
                    found.append(f"{name}: other place holders in the translation of {source!r}")
    return found


def hidden_texts(root):
    """Texts that a person reads and that lupdate cannot see."""
    found = []
    for top in FOLDERS:
        for folder, _, files in os.walk(os.path.join(root, top)):
            for file in sorted(files):
                if not file.endswith((".cpp", ".h")):
                    continue
                path = os.path.join(folder, file)
                with open(path, encoding="utf-8") as lines:
                    found += [f"{os.path.relpath(path, root)}:{number}: lupdate does not see this text"
                              for number, line in enumerate(lines, 1) if HIDDEN.search(line)]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=".", help="top of the project")
    parser.add_argument("--update", action="store_true", help="refresh the files themselves")
    arguments = parser.parse_args()
    root = os.path.abspath(arguments.root)
    files = sorted(glob.glob(os.path.join(root, "translations", "*.ts")))
    if not files:
        sys.exit("translations: there is none")
    hidden = hidden_texts(root)
    for problem in hidden:
        print(problem, file=sys.stderr)
    bad = len(hidden)
    for file in files:
        if arguments.update:
            collect(root, file)
            found = problems(file)
        else:
            with tempfile.TemporaryDirectory() as folder:
                copy = shutil.copy(file, folder)
                collect(root, copy)
                found = problems(copy)
        for problem in found:
            print(f"{os.path.basename(file)}: {problem}", file=sys.stderr)
        if arguments.update:
            print(f"{os.path.relpath(file, root)}: {len(found)} to do")
        else:
            bad += len(found)
    if bad:
        print(f"translations: {bad} to do (./dev translate collects them)", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
