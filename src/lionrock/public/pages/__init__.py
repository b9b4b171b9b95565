"""Pages for everybody: the programmes, an estimate, and results."""

from lionrock.public.pages.offers import estimate_page, front, programme

__all__ = ["estimate_page", "front", "programme"]
