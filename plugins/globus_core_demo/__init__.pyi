from .command import demo as demo
