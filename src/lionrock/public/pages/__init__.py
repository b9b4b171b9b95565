"""Pages for everybody: the programmes, an estimate, results, and the register of projects."""

from lionrock.public.pages.offers import estimate_page, front, programme
from lionrock.public.pages.register import project, register, register_file, withhold
from lionrock.public.pages.results import results, results_file

__all__ = [
    "estimate_page",
    "front",
    "programme",
    "project",
    "register",
    "register_file",
    "results",
    "results_file",
    "withhold",
]
