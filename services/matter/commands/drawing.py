"""A definition's steps as SVG: columns by how many steps come before, an arrow for each `after`."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 190, 64, 70, 30, 24
KIND_COLOURS = {
    "check": "#dbe9f6", "callback": "#f3e6f5", "pay": "#fdf0d5", "issue_licence": "#dff0e0", "task": "#fde2e0",
    "deliver": "#e8eef0", "notify": "#eeeeee"}


def svg(data: Mapping[str, Any], language: str) -> str:
    """Draw it. language: of the titles, zh or en."""
    steps: Sequence[Mapping[str, Any]] = data["steps"]
    places = _places(steps)
    columns = max(x for x, _ in places.values()) + 1
    rows = max(y for _, y in places.values()) + 1
    width = 2 * MARGIN + columns * WIDTH + (columns - 1) * GAP_X
    height = 2 * MARGIN + rows * HEIGHT + (rows - 1) * GAP_Y
    arrows = [_arrow(places[name], places[step["step"]]) for step in steps for name in step.get("after", ())]
    boxes = [_box(step, places[step["step"]], language) for step in steps]
    title = escape(data["title"][language])
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#444"/></marker></defs>',
        *arrows, *boxes, "</svg>"])


def _places(steps: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Give each step its column and row. The checks have found no cycle."""
    after = {step["step"]: step.get("after", ()) for step in steps}
    depth: dict[str, int] = {}
    while len(depth) < len(after):
        for name, before in after.items():
            if name not in depth and all(one in depth for one in before):
                depth[name] = max((depth[one] + 1 for one in before), default=0)
    rows: dict[int, int] = {}
    places = {}
    for name in after:
        column = depth[name]
        places[name] = (column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    return places


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return MARGIN + place[0] * (WIDTH + GAP_X), MARGIN + place[1] * (HEIGHT + GAP_Y)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = _corner(start), _corner(end)
    x1, y1, y2 = x1 + WIDTH, y1 + HEIGHT // 2, y2 + HEIGHT // 2
    middle = x1 + (x2 - x1) // 2
    path = f"M{x1},{y1} C{middle},{y1} {middle},{y2} {x2},{y2}"
    return f'<path d="{path}" fill="none" stroke="#444" marker-end="url(#end)"/>'


def _box(step: Mapping[str, Any], place: tuple[int, int], language: str) -> str:
    x, y = _corner(place)
    colour = KIND_COLOURS.get(step["kind"], "#ffffff")
    dash = ' stroke-dasharray="5 3"' if step.get("optional") or "when" in step else ""
    when = f"<title>{escape(step['when'])}</title>" if "when" in step else ""
    return (
        f'<g>{when}<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{colour}" stroke="#444"{dash}/>'
        f'<text x="{x + 12}" y="{y + 26}">{escape(step["title"][language][:24])}</text>'
        f'<text x="{x + 12}" y="{y + 48}" fill="#555">{escape(step["step"])} · {escape(step["kind"])}</text></g>')
