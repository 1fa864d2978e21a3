"""
The plugins and their states.
"""

from __future__ import annotations

from globus_core.plugins import get_plugin_manager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import DoctorReport
    from globus_core.plugins import PluginRecord

_SEE = "'globus-core plugins' shows more"


def check_plugins(report: DoctorReport) -> None:
    """
    Which plugins are in use, and why the others are not.

    :param report: where findings go
    """
    records = get_plugin_manager().records()
    report.ok(f"in use: {', '.join(_short(one) for one in records if one.usable) or 'none'}")
    for record in records:
        _report_state(record, report)
        for failure in record.reports:
            report.problem(f"{record.label} failed when it was called: {failure}", _remedy(record))


def _report_state(record: PluginRecord, report: DoctorReport) -> None:
    text = f"{record.source} is not in use: {record.reason}"
    if record.state == "failed":
        report.problem(text, _remedy(record))
    elif record.state == "shadowed":
        report.problem(text, f"uninstall one of the two, or block {record.label}; {_SEE}")
    elif record.state == "blocked":
        report.note(text)


def _short(record: PluginRecord) -> str:
    return record.name if record.first_party else record.source


def _remedy(record: PluginRecord) -> str:
    if record.first_party:
        return f"install globus-core anew; {_SEE}"
    name = record.distribution or record.name
    return (
        f"update or uninstall {name}, or leave it out with "
        f"GLOBUS_CORE_PLUGINS_BLOCKED={record.name}; {_SEE}"
    )
