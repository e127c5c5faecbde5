"""docs/cold-start.svg, from results.json. Runs where matplotlib is: in the environment of the peer in Python."""

import json

import matplotlib
from matplotlib import pyplot

from .peers import PROJECT, RESULTS
from .report import ORDER, SHARES

CHART = PROJECT / "docs" / "cold-start.svg"
# To be read on white and on black.
GREY = "#7a828e"


def draw(results: dict) -> None:
    """Init and first request, by share of a processor; the scale is logarithmic."""
    shares = [share for share in reversed(SHARES) if share in results["cold"]["0"]]
    figure, axes = pyplot.subplots(figsize=(8, 0.9 + 0.95 * len(shares)))
    colours = dict(zip(ORDER, ("#2f6fde", "#9aa4b2", "#4f9d4f", "#c98a1b"), strict=True))
    for at, name in enumerate(ORDER):
        values = [results["cold"]["0"][share][name]["cold_ms"] for share in shares]
        places = [row + (1.5 - at) * 0.2 for row in range(len(shares))]
        bars = axes.barh(places, values, height=0.18, color=colours[name], label=name)
        axes.bar_label(bars, [f"{value:,.1f} ms" if value < 100 else f"{value:,.0f} ms" for value in values], padding=3)
    axes.set_yticks(range(len(shares)), [SHARES[share] for share in shares])
    axes.set_xscale("log")
    axes.set_xlim(1, axes.get_xlim()[1] * 2)
    title = "Start to first answer of POST /render, over TLS; logarithmic scale"
    axes.set_title(title, loc="left", pad=30, color=GREY)
    legend = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.5, "ncols": len(ORDER)}
    axes.legend(frameon=False, labelcolor=GREY, **legend)
    for text in [*axes.get_yticklabels(), *axes.texts]:
        text.set_color(GREY)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.xaxis.set_visible(False)
    figure.savefig(CHART, transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "chart", "font.size": 10}
    draw(json.loads(RESULTS.read_text()))
