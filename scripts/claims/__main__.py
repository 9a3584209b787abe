"""python -m claims"""

from .cli import run

run()
