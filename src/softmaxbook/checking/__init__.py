"""The engine behind the exercises: it runs an answer, judges it, and names the mistake."""

from .attempts import Attempt, Passage
from .judging import Status
from .questions import question_data
from .specification import Aspect, Exercise, Probe, probe
from .verdicts import Verdict

__all__ = [
    "Aspect",
    "Attempt",
    "Exercise",
    "Passage",
    "Probe",
    "Status",
    "Verdict",
    "probe",
    "question_data",
]
