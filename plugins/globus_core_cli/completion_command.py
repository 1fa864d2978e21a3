"""
``globus-core completion``: the script by which a shell completes commands, options and values.
"""

from __future__ import annotations

import click

_VARIABLE = "_GLOBUS_CORE_COMPLETE"
#: bash takes --option=value for three words, of which click expects two
_WITHOUT_EQUALS_SIGNS = """
_globus_core_words() {
    local index words=()
    for ((index = 0; index <= COMP_CWORD; index++)); do
        if [[ ${COMP_WORDS[index]} != "=" || index -eq COMP_CWORD ]]; then
            words+=("${COMP_WORDS[index]}")
        fi
    done
    local COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1))
    _globus_core_completion "$@"
}

complete -o nosort -F _globus_core_words globus-core
"""
#: fish expects the whole word back, of which click gives what is after the equals sign
_WITH_OPTIONS = r"""
function _globus_core_words
    set -l option (string match -r -- '^--[^=]+=' (commandline -t))
    for line in (_globus_core_completion)
        echo "$option$line"
    end
end

complete --erase --command globus-core
complete --no-files --command globus-core --arguments "(_globus_core_words)"
"""
_AFTERWARDS = {"bash": _WITHOUT_EQUALS_SIGNS, "fish": _WITH_OPTIONS, "zsh": ""}


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands, options and their values with TAB.

    Let the shell read it when it starts:

    \b
    bash, with its package bash-completion:
      globus-core completion bash >~/.local/share/bash-completion/completions/globus-core
    zsh:
      globus-core completion zsh >"${fpath[1]}/_globus-core"
    fish:
      globus-core completion fish >~/.config/fish/completions/globus-core.fish

    In the shell that is running, 'source <(globus-core completion bash)' is enough in bash, and
    'globus-core completion fish | source' in fish.
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    root = context.find_root()
    script = made(root.command, {}, "globus-core", _VARIABLE).source()
    click.echo(script + _AFTERWARDS[shell])
