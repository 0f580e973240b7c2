# SPDX-License-Identifier: GPL-3.0-or-later
"""Driving real windows from outside: by the accessibility tree, the keyboard and the eye.

What a person would do and see, and nothing else: controls are found by their accessible names,
text is typed, and pictures are what the X server shows. Runs inside tests/common/run-headless with
WITH_A11Y=1.
"""
import os
import shutil
import subprocess
import sys
import time
import warnings

sys.path.insert(0, "/usr/lib/python3/dist-packages")
import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# The interfaces by their old names are those that Debian 12 has, too.
warnings.simplefilter("ignore", DeprecationWarning)

PATIENCE_SECS = float(os.environ.get("DESKBELL_PATIENCE_SECS", "20"))
STEP_SECS = 0.05


class NotSeen(AssertionError):
    """Something that should be on the screen is not."""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def wait_for(what, look):
    """What look() returns once it is true; NotSeen after PATIENCE_SECS."""
    until = time.monotonic() + PATIENCE_SECS
    while True:
        try:
            found = look()
        except (GLib.Error, subprocess.CalledProcessError):  # gone while it was looked at
            found = None
        if found:
            return found
        if time.monotonic() > until:
            raise NotSeen(what)
        time.sleep(STEP_SECS)


def start_session_bus():
    """A session of one's own, as on a computer of one's own: the program is one process per session."""
    bus = subprocess.Popen(["dbus-daemon", f"--config-file={os.environ['XDG_RUNTIME_DIR']}/bus.conf",
                            "--nofork", "--nopidfile", "--print-address=1"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return bus, bus.stdout.readline().strip()


def find_accessibility_bus():
    answer = run("gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
                 "--method", "org.a11y.Bus.GetAddress")
    return answer.split("'")[1]


def walk(node):
    yield node
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from walk(child)


def is_on_screen(node):
    try:
        box = node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
    except AttributeError:
        return False
    return box.width > 0 and box.height > 0


def get_box(node):
    return node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)


def has_state(node, state):
    return node.get_state_set().contains(state)


# Names and numbers inside sentences are isolated from the direction of their surroundings.
ISOLATES = dict.fromkeys(range(0x2066, 0x206a))


def say_name(node):
    return (node.get_name() or "").translate(ISOLATES)


def is_titled(title, got):
    """Where several desks are known, the name of its desk stands behind a window's title."""
    got = (got or "").translate(ISOLATES)
    return got == title or got.startswith(title + " – ")


def is_called(node, name):
    """GTK 4.8 names a button "Send Send" (its label and its label's label)."""
    got = say_name(node)
    return got == name or got == f"{name} {name}" or got == f"_{name} {name}"


def copy_file(path):
    """Into the clipboard, as a file manager does."""
    subprocess.run(["xclip", "-selection", "clipboard", "-t", "text/uri-list", "-i"],
                   input=f"file://{path}", text=True, check=True)
    time.sleep(0.2)  # until it is known what there is to paste


def take_picture(window_id, path):
    """Of a window, or of the whole screen: "root". A window that is gone would be asked for by a click."""
    subprocess.run([shutil.which("import", path="/usr/bin") or "import", "-window", window_id, path],
                   check=True, timeout=10)


class Person:
    """Somebody at their own computer: one process of the app, one window in front. Without a desk the program finds one."""

    def __init__(self, program, desk, login, *arguments, window=None, env=None, errors=None):
        self.login = login
        self.desk = desk
        self.window = None
        self.bus, address = start_session_bus()
        options = ["--desk", desk, "--as", login] if desk is not None else []
        self.process = subprocess.Popen(
            [program, *options, *arguments],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address,
                 "AT_SPI_BUS_ADDRESS": find_accessibility_bus(), **(env or {})},
            stderr=errors,
        )
        if window is not None:
            self.sit_down(window)

    def sit_down(self, window):
        """Waits until the program is there, and works in this window of it."""
        self.application = wait_for(f"{self.login}'s app on the accessibility bus", self._find_application)
        return self.see_window(window)

    def _find_application(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app is not None and app.get_process_id() == self.process.pid and app.get_child_count() > 0:
                return app
        if self.process.poll() is not None:
            raise NotSeen(f"{self.login}'s app ended with {self.process.returncode}")
        return None

    def see_window(self, title):
        """Waits for a window of this title and works in it from now on."""
        self.window = wait_for(f"window {title!r} of {self.login}", lambda: self._find_window(title))
        self.window_id = wait_for(f"{title!r} on the screen", lambda: self._find_window_id(title))
        return self.window

    def _find_window(self, title):
        for i in range(self.application.get_child_count()):
            window = self.application.get_child_at_index(i)
            if window is not None and is_titled(title, window.get_name()):
                return window
        return None

    def _find_window_id(self, title):
        windows = subprocess.run(["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", "."],
                                 capture_output=True, text=True, check=False).stdout.split()
        return next((window for window in reversed(windows)
                     if is_titled(title, run("xdotool", "getwindowname", window))), None)

    def is_in_front(self):
        active = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True, check=False)
        return active.stdout.strip() == self.window_id

    def come_to_front(self):
        if self.is_in_front():
            return
        subprocess.run(["xdotool", "windowactivate", self.window_id], capture_output=True, check=False)
        wait_for(f"{self.login}'s window in front", self.is_in_front)
        time.sleep(0.2)  # for the focus, which follows

    # --- seeing ---

    def look_for(self, name, role=None, exact=True):
        for node in walk(self.window):
            if role is not None and node.get_role() != role:
                continue
            if (is_called(node, name) if exact else name in say_name(node)) and is_on_screen(node):
                return node
        return None

    def see(self, name, role=None, exact=True):
        return wait_for(f"{name!r} in {self.login}'s window", lambda: self.look_for(name, role, exact))

    def see_text(self, text):
        return self.see(text, exact=False)

    def see_gone(self, text):
        wait_for(f"{text!r} gone from {self.login}'s window", lambda: self.look_for(text, exact=False) is None)

    def find_focus(self):
        """What has the keyboard, or None."""
        return next((node for node in walk(self.window) if has_state(node, Atspi.StateType.FOCUSED)), None)

    def read_field(self, name):
        """What is in a field, and where its cursor is."""
        node = wait_for(f"field {name!r} in {self.login}'s window", lambda: self._find_field(name))
        text = node.get_text_iface()
        return text.get_text(0, text.get_character_count()), text.get_caret_offset()

    def expect_no(self, text):
        if self.look_for(text, exact=False) is not None:
            raise AssertionError(f"{self.login} sees {text!r} and must not")

    # --- doing ---

    def press(self, name):
        """Presses the button, row or menu item of this name."""
        node = wait_for(f"{name!r} to press in {self.login}'s window", lambda: self._find_pressable(name))
        node.get_action_iface().do_action(0)
        time.sleep(0.15)

    def _find_pressable(self, name):
        for node in walk(self.window):
            action = node.get_action_iface()
            if (is_called(node, name) and action is not None and action.get_n_actions() > 0
                    and is_on_screen(node) and has_state(node, Atspi.StateType.SENSITIVE)):
                return node
        return None

    def do(self, action):
        """Runs a window action, as a key or a menu would."""
        interface = self.window.get_action_iface()
        for i in range(interface.get_n_actions()):
            if interface.get_action_name(i) == action:
                return interface.do_action(i)
        raise NotSeen(f"action {action}")

    def write(self, field, text):
        """Puts the cursor into a field by its name and types over what is there."""
        node = wait_for(f"field {field!r} in {self.login}'s window", lambda: self._find_field(field))
        self.click(node)
        self.keys("ctrl+a")
        self.type(text)

    def _find_field(self, name):
        for node in walk(self.window):
            if is_called(node, name) and is_on_screen(node):
                for part in walk(node):
                    if part.get_editable_text_iface() is not None:
                        return part
        return None

    # --- lists and menus ---

    def look_for_row(self, listing, text):
        for node in walk(self.window):
            if say_name(node) == listing and node.get_role() == Atspi.Role.LIST and is_on_screen(node):
                for row in walk(node):
                    if row.get_role() == Atspi.Role.LIST_ITEM and text in say_name(row) and is_on_screen(row):
                        return row
        return None

    def see_row(self, listing, text):
        return wait_for(f"{text!r} in {self.login}'s list {listing!r}", lambda: self.look_for_row(listing, text))

    def see_no_row(self, listing, text):
        wait_for(f"{text!r} gone from {self.login}'s list {listing!r}",
                 lambda: self.look_for_row(listing, text) is None)

    def click_row(self, listing, text):
        self.click(self.see_row(listing, text))

    def choose(self, button, item):
        """Opens a menu by its button and takes an entry."""
        self.press(button)
        entry = wait_for(f"{item!r} in {self.login}'s menu {button!r}", lambda: self._find_entry(item))
        self.click(entry)

    def _find_entry(self, name):
        roles = (Atspi.Role.MENU_ITEM, Atspi.Role.RADIO_MENU_ITEM, Atspi.Role.CHECK_MENU_ITEM,
                 Atspi.Role.LIST_ITEM, Atspi.Role.PUSH_BUTTON, Atspi.Role.LABEL)
        return next((node for role in roles for node in walk(self.window)
                     if node.get_role() == role and is_called(node, name) and is_on_screen(node)), None)

    def choose_file(self, dialog, path):
        """In the dialog of the toolkit; a portal's would be another program's."""
        window = say_name(self.window)
        self.see_window(dialog)
        self.keys("ctrl+a")
        self.type(str(path))
        self.keys("Return")
        wait_for(f"the end of {dialog!r}", lambda: self._find_window(dialog) is None)
        self.see_window(window)

    def type(self, text):
        self.come_to_front()
        subprocess.run(["xdotool", "type", "--delay", "4", text], check=True)
        time.sleep(0.2)

    def keys(self, *combinations):
        self.come_to_front()
        for combination in combinations:
            subprocess.run(["xdotool", "key", combination], check=True)
            time.sleep(0.1)

    def click(self, node):
        self.point_at(node, "click", "1")

    def scroll(self, node, n_notches):
        """Turns the wheel over it: down, or up when that is negative."""
        self.point_at(node, "click", "--repeat", str(abs(n_notches)), "--delay", "20",
                      "5" if n_notches > 0 else "4")

    def point_at(self, node, *then):
        """The mouse goes to the middle of what is seen; WINDOW coordinates leave out the frame."""
        self.come_to_front()
        geometry = dict(line.split("=") for line in
                        run("xdotool", "getwindowgeometry", "--shell", self.window_id).splitlines())
        frame = self.window.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        box = get_box(node)
        margin_x = (int(geometry["WIDTH"]) - frame.width) // 2
        margin_y = (int(geometry["HEIGHT"]) - frame.height) // 2
        x = int(geometry["X"]) + margin_x + box.x + box.width // 2
        y = int(geometry["Y"]) + margin_y + box.y + box.height // 2
        subprocess.run(["xdotool", "mousemove", str(x), str(y), *then], check=True)
        time.sleep(0.2)

    # --- the end ---

    def picture(self, path):
        self.come_to_front()
        time.sleep(0.4)
        take_picture(self.window_id, path)

    def leave(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.bus.terminate()
        self.bus.wait()
