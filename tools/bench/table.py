"""The rows of the table: how they look on a terminal and in the page."""
import datetime
import pathlib
import platform
import re
import statistics
import sys
from dataclasses import dataclass, field

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
HEADS = ("work", "vigie", "floor", "ratio", "goal", "met")


@dataclass
class Spread:
    """Of several runs: the median, the least and the most."""
    values: list
    unit: str = ""

    @property
    def median(self):
        return statistics.median(self.values)

    def __str__(self):
        low, high = min(self.values), max(self.values)
        text = f"{number(self.median)}{unit(self.unit)}"
        if len(self.values) > 1:
            text += f" ({number(low)}-{number(high)})"
        return text


@dataclass
class Row:
    work: str
    vigie: object = "-"
    floor: object = "-"
    ratio: float | None = None
    goal: str = "-"
    met: bool | None = None  # None: nothing to meet, or not run
    key: str = field(default="", compare=False)

    def cells(self):
        met = {True: "yes", False: "NO", None: "-"}[self.met]
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.work, str(self.vigie), str(self.floor), ratio, self.goal,
                met)


def unit(text):
    return f" {text}" if text else ""


def number(x):
    if x == 0:
        return "0"
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.3g}"


def compared(work, vigie, floor, goal, at_most=None, at_least=None):
    """A row that a ratio of medians decides."""
    ratio = vigie.median / floor.median if floor.median else float("nan")
    met = ((at_most is None or ratio <= at_most)
           and (at_least is None or ratio >= at_least))
    return Row(work, vigie, floor, ratio, goal, met)


def bounded(work, vigie, goal, at_most=None, at_least=None):
    """A row that vigie's own median decides; without a bound, a figure."""
    met = ((at_most is None or vigie.median <= at_most)
           and (at_least is None or vigie.median >= at_least))
    bound = at_most is not None or at_least is not None
    return Row(work, vigie, "-", None, goal, met if bound else None)


def text_table(rows):
    table = [HEADS, *(r.cells() for r in rows)]
    widths = [max(len(c[i]) for c in table) for i in range(len(HEADS))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(cells, widths)).rstrip()
                     for cells in table)


def markdown(rows, conditions):
    lines = [conditions, "", "| " + " | ".join(HEADS) + " |",
             "|" + " --- |" * len(HEADS)]
    lines += ["| " + " | ".join(r.cells()) + " |" for r in rows]
    return "\n".join(lines)


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", text)
    count = len(re.findall(r"^processor", text, re.M))
    return f"{count} x {model[1] if model else platform.machine()}"


def conditions(quick, runs, command):
    text = (f"{datetime.date.today()}, {processor()}, Linux "
            f"{platform.release()}; medians of {runs} runs (least-most); "
            f"`{command}`.")
    if quick:
        text += " A quick try: too short to conclude from."
    return text


def write_page(page, text):
    """Between the two marks; the prose around them stays."""
    whole = page.read_text()
    if BEGIN not in whole or END not in whole:
        sys.exit(f"{page}: the marks {BEGIN} and {END} are missing")
    before, after = whole.split(BEGIN)[0], whole.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
