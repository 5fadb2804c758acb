"""The explorables: figures that the reader moves, in Jupyter and on the built site alike."""

from softmaxbook.widgets.attention import AttentionExplorer
from softmaxbook.widgets.boundaries import BoundaryExplorer
from softmaxbook.widgets.choices import ChoiceExplorer
from softmaxbook.widgets.ensembles import EnsembleExplorer
from softmaxbook.widgets.explorable import stylesheet
from softmaxbook.widgets.finetuning import TransferExplorer
from softmaxbook.widgets.formats import OverflowLab
from softmaxbook.widgets.heads import HeadExplorer
from softmaxbook.widgets.jacobian import JacobianExplorer
from softmaxbook.widgets.language import LanguageExplorer
from softmaxbook.widgets.logits import LogitsExplorer
from softmaxbook.widgets.losses import LossExplorer
from softmaxbook.widgets.membership import MembershipExplorer
from softmaxbook.widgets.progress import ExerciseIndex
from softmaxbook.widgets.question import Guess, Question, ask, guess
from softmaxbook.widgets.relatives import RelativesExplorer
from softmaxbook.widgets.reliability import CalibrationExplorer
from softmaxbook.widgets.review import Review
from softmaxbook.widgets.shards import ShardExplorer
from softmaxbook.widgets.sharing import SharingExplorer
from softmaxbook.widgets.shuffling import ShuffleExplorer
from softmaxbook.widgets.sigmoid import SigmoidExplorer
from softmaxbook.widgets.smoothing import SmoothingExplorer
from softmaxbook.widgets.sources import SourceExplorer

__all__ = [
    "AttentionExplorer",
    "BoundaryExplorer",
    "CalibrationExplorer",
    "ChoiceExplorer",
    "EnsembleExplorer",
    "ExerciseIndex",
    "Guess",
    "HeadExplorer",
    "JacobianExplorer",
    "LanguageExplorer",
    "LogitsExplorer",
    "LossExplorer",
    "MembershipExplorer",
    "OverflowLab",
    "Question",
    "RelativesExplorer",
    "Review",
    "ShardExplorer",
    "SharingExplorer",
    "ShuffleExplorer",
    "SigmoidExplorer",
    "SmoothingExplorer",
    "SourceExplorer",
    "TransferExplorer",
    "ask",
    "guess",
    "stylesheet",
]
