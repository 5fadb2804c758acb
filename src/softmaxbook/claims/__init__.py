"""Claims about softmax, each judged by a computation: true, true in a sense, misleading, false.

The page *Claims, checked* is made from the list `CLAIMS`.
"""

from softmaxbook.claims.about_family import FAMILY_CLAIMS
from softmaxbook.claims.about_learning import LEARNING_CLAIMS
from softmaxbook.claims.about_softmax import SOFTMAX_CLAIMS, printed_shares
from softmaxbook.claims.about_transfer import TRANSFER_CLAIMS
from softmaxbook.claims.claim import KINDS, Claim, Finding, Heard, Quotation, Verdict

CLAIMS = (*SOFTMAX_CLAIMS, *LEARNING_CLAIMS, *FAMILY_CLAIMS, *TRANSFER_CLAIMS)
"""All claims, in the order of the page."""

__all__ = [
    "CLAIMS",
    "KINDS",
    "Claim",
    "Finding",
    "Heard",
    "Quotation",
    "Verdict",
    "printed_shares",
]
