"""
The variables and files in which credentials are searched for, and whether any of them is there.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: where container platforms mount secrets as files
SECRETS_FOLDER = "/run/secrets"
#: variables with the secret, a file descriptor, a file name, and a command
SECRET_VARS = (
    "GLOBUS_CLIENT_SECRET",
    "GLOBUS_CLIENT_SECRET_FD",
    "GLOBUS_CLIENT_SECRET_FILE",
    "GLOBUS_CLIENT_SECRET_COMMAND",
)
TOKENS_VARS = ("GLOBUS_TOKENS", "GLOBUS_TOKENS_FD", "GLOBUS_TOKENS_FILE", "GLOBUS_TOKENS_COMMAND")
#: set to ``1`` to accept secrets in files that everyone can read
ALLOW_READABLE_VAR = "GLOBUS_ALLOW_READABLE_SECRETS"
#: the folder of a service's credentials, set by systemd
SYSTEMD_VAR = "CREDENTIALS_DIRECTORY"
#: variables with a client id and its secret, of globus-cli and Globus Compute
OTHER_CLIENTS = (
    ("GLOBUS_CLI_CLIENT_ID", "GLOBUS_CLI_CLIENT_SECRET"),
    ("GLOBUS_COMPUTE_CLIENT_ID", "GLOBUS_COMPUTE_CLIENT_SECRET"),
)
#: the variable in which JupyterHub passes the tokens of its user
JUPYTERHUB_VAR = "GLOBUS_DATA"
#: files with a secret and with tokens, in the folders of systemd and of container platforms
FILES = (SECRET_VARS[0].lower(), TOKENS_VARS[0].lower())


def might_be_found(environ: t.Mapping[str, str]) -> bool:
    """
    Whether a search could find credentials; False if there is certainly nothing to be found.

    It imports neither the search nor plugins, for programs whose start must be quick.

    :param environ: the environment variables
    """
    others = (variable for pair in OTHER_CLIENTS for variable in pair)
    for variable in (*SECRET_VARS, *TOKENS_VARS, SYSTEMD_VAR, JUPYTERHUB_VAR, *others):
        if environ.get(variable):
            return True
    if any(os.path.lexists(os.path.join(SECRETS_FOLDER, name)) for name in FILES):
        return True
    from globus_core.plugins import others_may_have_plugins

    return others_may_have_plugins()
