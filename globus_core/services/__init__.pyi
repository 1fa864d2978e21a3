from . import auth as auth
