from globus_core_cli import with_app as with_app
