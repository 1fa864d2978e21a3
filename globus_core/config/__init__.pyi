from . import env_vars as env_vars
from . import environments as environments
from .env_vars import get_environment_name as get_environment_name
from .env_vars import get_http_timeout as get_http_timeout
from .env_vars import get_ssl_verify as get_ssl_verify
from .environments import EnvConfig as EnvConfig
from .environments import get_service_url as get_service_url
from .environments import get_webapp_url as get_webapp_url
