"""Stories that belong together, or look as if they did: steps of one story, copies, rewrites, pieces of a series, and their truth."""

from .dressing import dress, opening_of
from .kinship import KINDS, kinship
from .pieces import Piece
from .seating import gather
from .tellings import Family, tell

__all__ = ["KINDS", "Family", "Piece", "dress", "gather", "kinship", "opening_of", "tell"]
