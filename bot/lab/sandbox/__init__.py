"""Confines one process tree by bubblewrap. It knows nothing of PyTorch, and nothing of what the job is for."""

from bot.lab.sandbox.confined import Confined
from bot.lab.sandbox.host import Tools, interpreter
from bot.lab.sandbox.policy import Policy
from bot.lab.sandbox.room import Bind, Room
from bot.lab.sandbox.sandbox import Sandbox

__all__ = ["Bind", "Confined", "Policy", "Room", "Sandbox", "Tools", "interpreter"]
