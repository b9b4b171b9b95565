"""What a visitor is told: what a request would cost, and what a programme has come to; without Django."""

from lionrock.public.domain.estimating import Estimate, MonthlyCost, Question, estimate

__all__ = ["Estimate", "MonthlyCost", "Question", "estimate"]
