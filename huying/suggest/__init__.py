"""Item, organ and field suggestion, duplicates and hot topics, on the machine itself.

Pure Python and numpy; no Django, no network. scikit-learn is imported only by :mod:`huying.suggest.training`, which no
web process loads. Suggestions carry a confidence and reasons: machines suggest, people answer.
"""

from huying.suggest.engine import Suggester
from huying.suggest.fields import FieldModel
from huying.suggest.learn import CorrectionModel
from huying.suggest.likeness import signature, similar, similarity
from huying.suggest.topics import Cluster, TopicMessage, hot_topics
from huying.suggest.types import Correction, ItemInfo, Scored, Suggestion

__all__ = [
    "Cluster",
    "Correction",
    "CorrectionModel",
    "FieldModel",
    "ItemInfo",
    "Scored",
    "Suggester",
    "Suggestion",
    "TopicMessage",
    "hot_topics",
    "signature",
    "similar",
    "similarity",
]
