"""What a screen reader gets to know of the running program; prints it as JSON.

Runs under the system's Python, which has the bindings of AT-SPI.
"""

# mypy: ignore-errors

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 12.0


def below(node: Atspi.Accessible) -> Iterator[Atspi.Accessible]:
    """A node and everything under it."""
    yield node
    for nth in range(node.get_child_count()):
        child = node.get_child_at_index(nth)
        if child is not None:
            yield from below(child)


def waited(look: Callable[[], Atspi.Accessible | None]) -> Atspi.Accessible:
    """What is found, as soon as it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    sys.exit("not found in time")


def program() -> Atspi.Accessible | None:
    """The program, once it is on the bus."""
    desktop = Atspi.get_desktop(0)
    children = (desktop.get_child_at_index(nth) for nth in range(desktop.get_child_count()))
    return next((each for each in children if each is not None and each.get_name() == "annotator"), None)


def named(root: Atspi.Accessible, role: str, name: str) -> Atspi.Accessible | None:
    """The node of that role and name."""
    return next(
        (each for each in below(root) if (each.get_role_name(), each.get_name()) == (role, name)), None
    )


def main() -> None:
    """Read the tree, pick the second label, listen."""
    Atspi.init()
    app = waited(program)
    page = waited(lambda: named(app, "text", "Text of the article"))
    labels = waited(lambda: named(app, "table", "Labels of this article"))
    cells = [each for each in below(labels) if each.get_role_name() == "table cell"]
    heard: list[str] = []
    listener = Atspi.EventListener.new(lambda event: heard.append(str(event.any_data)))
    listener.register("object:announcement")
    Atspi.Selection.select_child(labels, cells[1].get_index_in_parent())
    loop = GLib.MainLoop()

    def look() -> bool:
        if heard:
            loop.quit()
        return not heard

    GLib.timeout_add(50, look)
    GLib.timeout_add(4000, loop.quit)
    loop.run()
    chosen = Atspi.Text.get_selection(page, 0)
    states = Atspi.StateType
    unnamed = [
        each.get_role_name()
        for each in below(app)
        if each.get_state_set().contains(states.FOCUSABLE)
        and each.get_state_set().contains(states.SHOWING)
        and not each.get_name()
    ]
    answer = {
        "windows": [each.get_name() for each in below(app) if each.get_role_name() == "frame"][:1],
        "text": Atspi.Text.get_text(page, 0, Atspi.Text.get_character_count(page)),
        "editable": page.get_state_set().contains(states.EDITABLE),
        "rows": [each.get_name() for each in cells],
        "selected": Atspi.Text.get_text(page, chosen.start_offset, chosen.end_offset),
        "heard": heard,
        "unnamed": unnamed,
    }
    print(json.dumps(answer))


main()
