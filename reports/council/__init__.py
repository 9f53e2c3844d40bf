"""The council report: a page that decides, a page for each plot, why not the others, and method."""

from reports.council.report import MOST_PLOTS, class_of_report, council_report

__all__ = ["MOST_PLOTS", "class_of_report", "council_report"]
