# SPDX-License-Identifier: BSD-2-Clause
"""The picture: bars of instructions a frame, a column for each direction, a panel for each size, kernels in pairs."""

from xml.sax.saxutils import escape

WIDTH, COLUMN, LABEL, VALUE = 1080, 540, 205, 60
BAR, GAP, PANEL_GAP, TITLE = 11, 7, 34, 26
COLOURS = {"ours": ("#0b6e4f", "#6fbf9f"), "tun": ("#9a3b26", "#dba08f"), "other": ("#5b6470", "#b4bac2")}
# Bytes, frames at a time.
PANELS = [(60, 256), (1514, 256), (65214, 32)]
WAYS = {"outbound": "stack to program", "inbound": "program to stack"}


def family(driver):
    if driver.startswith("tun"):
        return "tun"
    return "ours" if driver.startswith(("tap", "batch", "ring")) else "other"


def text(x, y, words, size=12, anchor="start", weight="normal"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def panel(x, y, title, bars, kernels):
    """Draws one; returns its parts and where it ends."""
    most = max(max(v.values()) for _, _, v in bars)
    scale = (COLUMN - LABEL - VALUE) / most
    parts = [text(x + 10, y + 16, title, 13, weight="bold")]
    y += TITLE
    for driver, label, values in bars:
        middle = y + len(kernels) * BAR / 2 + 4
        parts.append(text(x + LABEL - 8, middle, label.strip("*"), 11, anchor="end",
                          weight="bold" if family(driver) == "ours" else "normal"))
        for i, kernel in enumerate(kernels):
            value = values.get(kernel)
            if value is None:
                continue
            width = max(value * scale, 1)
            parts.append(f'<rect x="{x + LABEL}" y="{y + i * BAR}" width="{width:.1f}" height="{BAR - 1}" '
                         f'fill="{COLOURS[family(driver)][i % 2]}"/>')
            parts.append(text(x + LABEL + width + 4, y + i * BAR + 9, f"{value:,.0f}", 10))
        y += len(kernels) * BAR + GAP
    return parts, y


def picture(results, drivers):
    kernels = list(results["kernels"])
    values = {}
    for row in results["rows"]:
        if row["method"] == "instructions":
            which = (row["path"], row["size"], row["batch"], row["driver"])
            values.setdefault(which, {})[row["kernel"]] = row["value"]
    parts, y = [], 10
    parts.append(text(10, y + 14, "Instructions a frame; shorter is better", 16, weight="bold"))
    parts.append(text(10, y + 34, "upper bar of a pair: Linux " + ", lower bar: Linux ".join(kernels)))
    y += 54
    for size, batch in PANELS:
        ends = [y]
        for x, (path, words) in zip((0, COLUMN), WAYS.items()):
            bars = [(d, label, values[(path, size, batch, d)]) for d, label in drivers.items()
                    if (path, size, batch, d) in values]
            if bars:
                drawn, end = panel(x, y, f"{words}, {size:,} bytes, {batch} at a time", bars, kernels)
                parts += drawn
                ends.append(end + PANEL_GAP - GAP)
        y = max(ends)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
            'font-family="sans-serif">\n<title>Instructions a frame, by path</title>\n'
            f'<rect width="{WIDTH}" height="{y}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")
