from .app_options import with_app as with_app
from .main import main as main
