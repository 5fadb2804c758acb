"""Claims about softmax that are wrong, each with the computation that refutes it.

The claims stand in introductory articles and in courses. The page *Claims, checked* is made from
the list `CLAIMS`, and the tests see every claim refuted.
"""

from softmaxbook.claims.about_attention import ATTENTION_CLAIMS
from softmaxbook.claims.about_losses import LOSS_CLAIMS
from softmaxbook.claims.about_remedies import REMEDY_CLAIMS
from softmaxbook.claims.about_softmax import SOFTMAX_CLAIMS, printed_shares
from softmaxbook.claims.about_transfer import TRANSFER_CLAIMS
from softmaxbook.claims.claim import KINDS, SOURCES, Claim, Finding

CLAIMS = (
    *SOFTMAX_CLAIMS,
    *LOSS_CLAIMS,
    *REMEDY_CLAIMS,
    *ATTENTION_CLAIMS,
    *TRANSFER_CLAIMS,
)
"""All claims, in the order of the page."""

__all__ = ["CLAIMS", "KINDS", "SOURCES", "Claim", "Finding", "printed_shares"]
