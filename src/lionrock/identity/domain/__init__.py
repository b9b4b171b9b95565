"""Decisions about signing in: what proves who somebody is, and for how long."""

from lionrock.identity.domain.browsers import browser_of
from lionrock.identity.domain.codes import STEP_SECONDS, code_at, matching_step, provisioning, readable
from lionrock.identity.domain.proofs import Limits, Method, Proof, SignIn, Strength, ends, is_seen_anew, suffices
from lionrock.identity.domain.recovery import CODES, as_typed, new_codes

__all__ = [
    "CODES",
    "STEP_SECONDS",
    "Limits",
    "Method",
    "Proof",
    "SignIn",
    "Strength",
    "as_typed",
    "browser_of",
    "code_at",
    "ends",
    "is_seen_anew",
    "matching_step",
    "new_codes",
    "provisioning",
    "readable",
    "suffices",
]
