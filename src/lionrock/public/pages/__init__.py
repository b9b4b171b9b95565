"""Pages for everybody: the programmes, an estimate, and results."""

from lionrock.public.pages.offers import estimate_page, front, programme
from lionrock.public.pages.results import results, results_file

__all__ = ["estimate_page", "front", "programme", "results", "results_file"]
