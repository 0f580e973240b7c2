# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plays on real windows share: a desk of their own, people in front of it, and TAP.

An act is a function that plays one thing and raises when something is not as it should be. After
each one everybody leaves, and whatever their programs complained about fails it.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import traceback

from screen import NotSeen, Person, take_picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DESKBELL_BUILD", ROOT / "_build"))
APP = str(BUILD / "src/app/deskbell")
CTL = str(BUILD / "src/cli/deskbellctl")

COMPLAINT = re.compile(r"WARNING|CRITICAL|ERROR|[Aa]ssert|[Ss]anitizer")
# What the accessibility library says when it looks at a widget that has just gone, and what the
# toolkit's own window of shortcuts says of the title in its header bar.
NOISE = re.compile(r"AT-SPI|atk-bridge|dbind|GtkLabel .* reported min width -[45],")


class Stage:
    """One play: a folder for desks, one for pictures, and the people on it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.house = tempfile.TemporaryDirectory(prefix="deskbell-stage-")
        self.home = pathlib.Path(self.house.name)
        self.desk = str(self.home / "team.desk")
        self.waiting = []
        self.people = []
        self.servers = []  # of tests/server/harness.py: what they said last is told with a failure
        self.n_acts = 0
        self.n_failed = 0

    # --- the desk, without windows ---

    def ctl(self, *arguments, stdin=None):
        ended = subprocess.run([CTL, "--desk", self.desk, *arguments], input=stdin, capture_output=True,
                               text=True, check=False)
        if ended.returncode != 0:
            raise AssertionError(f"deskbellctl {' '.join(arguments)}: {ended.stderr.strip()}")
        return ended.stdout

    def ask(self, *arguments):
        return json.loads(self.ctl("--json", *arguments))

    def make_desk(self, name, *options):
        """Another desk, and the one that is used from now on."""
        self.desk = str(self.home / f"{name}.desk")
        self.ctl("--as", "admin", "init", *options)
        return self.desk

    # --- people ---

    def start(self, login, *arguments, env=None, desk=""):
        """Starts somebody's program, with the stage's desk, another, or None; they are on the stage when they sit down."""
        desk = self.desk if desk == "" else desk
        complaints = tempfile.TemporaryFile(mode="w+", errors="replace")
        person = Person(APP, desk if desk is None else str(desk), login, *arguments, errors=complaints,
                        env={"XDG_STATE_HOME": str(self.home / "state" / login), **(env or {})})
        person.complaints = complaints
        self.waiting.append(person)
        return person

    def sit_down(self, person, window):
        self.waiting.remove(person)
        self.people.append(person)
        person.sit_down(window)
        return person

    def person(self, login, *arguments, window, env=None, desk=""):
        return self.sit_down(self.start(login, *arguments, env=env, desk=desk), window)

    def see_refusal(self, person, name, title, words, *buttons):
        """The window of a desk that cannot be opened: what is wrong, what to do, and a way on."""
        self.sit_down(person, "Deskbell")
        person.see(title)
        person.see_text(words)
        person.see_text(os.path.basename(person.desk))
        for button in (*buttons, "Choose another desk…"):
            person.see(button)
        person.press("Try again")
        person.see(title)
        self.show(person, name)
        return person

    def show(self, person, name):
        """What the person sees now, as a picture for who looks through them."""
        person.picture(str(self.folder / f"{name}.png"))

    def show_screen(self, name):
        """With its menus, which are windows of their own."""
        take_picture("root", str(self.folder / f"{name}.png"))

    def dismiss(self):
        """Everybody leaves; what their programs complained about."""
        said = []
        for person in self.people:
            person.leave()
            person.complaints.seek(0)
            said += [f"{person.login}: {line.strip()}" for line in person.complaints
                     if COMPLAINT.search(line) and not NOISE.search(line)]
            if person.process.returncode not in (0, -15, -9):
                said.append(f"{person.login}: the program ended with {person.process.returncode}")
        self.people = []
        return said

    # --- acts ---

    def act(self, what, play):
        self.n_acts += 1
        started = time.monotonic()
        problem = None
        try:
            play()
        except (NotSeen, AssertionError) as found:
            problem = str(found) or traceback.format_exc()
        except Exception:  # a mistake in the play, or something that went away under it
            problem = traceback.format_exc()
        if problem is not None:
            take_picture("root", str(self.folder / f"failed-{self.n_acts}.png"))
        complaints = self.dismiss()
        self.tell(what, [problem] * (problem is not None) + complaints, time.monotonic() - started)

    def tell(self, what, problems, secs):
        if not problems:
            print(f"ok {self.n_acts} - {what} ({secs:.1f} s)", flush=True)
            return
        self.n_failed += 1
        problems = problems + [f"server: {line}" for server in self.servers
                               for line in server.read_log().splitlines()[-20:]]
        print(f"not ok {self.n_acts} - {what}")
        for line in "\n".join(problems).splitlines():
            print(f"#   {line}", flush=True)

    def skip(self, what, why):
        self.n_acts += 1
        print(f"ok {self.n_acts} - {what} # SKIP {why}", flush=True)

    def end(self):
        print(f"1..{self.n_acts}", flush=True)
        self.house.cleanup()
        return 1 if self.n_failed else 0


def run(play):
    """The main() of a play: its folder for pictures is the argument."""
    if len(sys.argv) != 2:
        print(f"usage: tests/common/run-headless {sys.argv[0]} FOLDER", file=sys.stderr)
        return 2
    stage = Stage(sys.argv[1])
    try:
        play(stage)
    finally:
        stage.people += stage.waiting
        stage.dismiss()
    return stage.end()
