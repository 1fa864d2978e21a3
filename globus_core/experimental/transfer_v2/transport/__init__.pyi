from globus_core_transfer import (
    TRANSFER_V2_DEFAULT_RETRY_CHECKS as TRANSFER_V2_DEFAULT_RETRY_CHECKS,
)
from globus_core_transfer import (
    check_transfer_v2_transient_error as check_transfer_v2_transient_error,
)
