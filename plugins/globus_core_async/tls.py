"""
TLS settings, as requests has them: the same authorities, and the same lowest version.
"""

from __future__ import annotations

import functools
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl


@functools.lru_cache(maxsize=32)
def tls_context(verify: bool | str) -> ssl.SSLContext:
    """
    How to check certificates.

    :param verify: True trusts the authorities that requests brings; False checks nothing; a path
        names a file or a folder with certificates of authorities
    """
    import ssl

    from requests.utils import DEFAULT_CA_BUNDLE_PATH
    from urllib3.util.ssl_ import create_urllib3_context

    context: ssl.SSLContext = create_urllib3_context()
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    place = DEFAULT_CA_BUNDLE_PATH if verify is True else verify
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    if os.path.isdir(place):
        context.load_verify_locations(capath=place)
    else:
        context.load_verify_locations(cafile=place)
    return context
