"""The table of all scores in figures, behind the pages of the plots."""

from __future__ import annotations

from typing import Any

from messages import text
from presentation.numbers import interval, percentage
from reports.content import Content
from reports.council.words import Say, plot_name

_MOST_UPRIGHT = 9
"""So many criteria stand beside each other on an upright page."""


def scores_table(content: Content, shown: int, say: Say, language: str) -> dict[str, Any]:
    """Gather the part scores of the plots that have a page: a row a plot, a column a criterion."""
    ranking, measured = content.ranking, content.ranking.measured
    counted = [k for k, key in enumerate(measured.criteria) if ranking.weights[key] > 0]
    keys = [measured.criteria[k] for k in counted]

    def ends(low: float, high: float) -> str:
        return interval(low, high, language, decimals=0)

    return {
        "title": say("scores_table"),
        "note": say("scores_note"),
        "flipped": len(counted) > _MOST_UPRIGHT,
        "columns": [
            say("column_rank"),
            say("column_name"),
            say("total"),
            *(text(f"scoring.criterion.{key}", language) for key in keys),
        ],
        "weights": [
            "",
            say("weight_row"),
            "",
            *(percentage(ranking.weights[key], language) for key in keys),
        ],
        "rows": [
            [
                str(content.ranks[place]),
                plot_name(content, place, language),
                ends(float(ranking.lower[place]), float(ranking.upper[place])),
                *(
                    ends(100 * measured.score_low[place, k], 100 * measured.score_high[place, k])
                    for k in counted
                ),
            ]
            for place in range(shown)
        ],
    }
