"""
The page that a browser shows at the end of a login.

It loads nothing, runs no script, and follows the system's light or dark mode.
"""

from __future__ import annotations

import string

DEFAULT_HTML_TEMPLATE = string.Template(
    """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$login_result</title>
<style>
:root { color-scheme: light dark; --page: #eef1f6; --card: #fff; --edge: #dde2ea; --ink: #1c2430;
  --quiet: #56606f; --good: #14783e; --bad: #b3261e; --lost: #56606f }
@media (prefers-color-scheme: dark) {
  :root { --page: #10141a; --card: #1a2029; --edge: #2e3743; --ink: #eef1f6; --quiet: #a3adbb;
    --good: #5bd48e; --bad: #ff8a80; --lost: #a3adbb }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 28rem; padding: 2.25rem 2rem; text-align: center;
  border: 1px solid var(--edge); border-radius: 1rem; background: var(--card);
  box-shadow: 0 .5rem 1.5rem rgb(0 0 0 / .08) }
svg { width: 3.5rem; height: 3.5rem; margin-bottom: 1rem; fill: none; stroke: var(--lost);
  stroke-width: 3; stroke-linecap: round; stroke-linejoin: round }
.good svg { stroke: var(--good) }
.bad svg { stroke: var(--bad) }
svg path { display: none }
.good .good, .bad .bad, .lost .lost { display: inline }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; text-wrap: balance }
p { margin: 0; color: var(--quiet); overflow-wrap: anywhere; text-wrap: balance }
</style>
</head>
<body>
<main class="$login_outcome">
<svg viewBox="0 0 48 48" aria-hidden="true">
<circle cx="24" cy="24" r="21"/>
<path class="good" d="M15 25l6 6 12-13"/>
<path class="bad" d="M17 17l14 14M31 17l-14 14"/>
<path class="lost" d="M15 24h18"/>
</svg>
<h1>$login_result</h1>
<p>$post_login_message</p>
</main>
</body>
</html>
"""
)
