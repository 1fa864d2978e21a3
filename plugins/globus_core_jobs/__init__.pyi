from .leftovers import Leftover as Leftover
from .leftovers import find_leftovers as find_leftovers
from .leftovers import remove_leftovers as remove_leftovers
