from globus_core_transfer import DeleteData as DeleteData
