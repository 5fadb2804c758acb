#!/usr/bin/env bash
# Firefox ESR 153.8.0 (Debian's, headless), driven by WebDriver BiDi with websocket-client 1.9.2.
#
# The window that Firefox starts with never takes the focus, not even by `browsingContext.activate`:
# keys arrive, but Tab selects nothing in a text field, so typed digits are added to those that stand
# there, and `:focus-visible` matches nothing. A test sees faults that no reader meets. In a window
# that `browsingContext.create` makes, all is as for a reader.
#
# Seen: `first window: focus False, typed into "2" after Tab: "02"`, then `new window: focus True,
# typed into "2" after Tab: "0"`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check websocket-client==1.9.2
firefox-esr --version

cat > shown.py << 'EOF'
import json
import re
import subprocess

import websocket

PAGE = "data:text/html,<button>x</button><input value=2>"
command = ["firefox-esr", "--headless", "--no-remote", "--profile", "profile"]
firefox = subprocess.Popen(
    [*command, "--remote-debugging-port", "0", "about:blank"], stderr=subprocess.PIPE, text=True
)
try:
    address = next(
        found[1] for line in firefox.stderr if (found := re.search(r"BiDi listening on (\S+)", line))
    )
    socket = websocket.create_connection(f"{address}/session", suppress_origin=True, timeout=60)

    def send(method, **params):
        socket.send(json.dumps({"id": 1, "method": method, "params": params}))
        while "id" not in (answer := json.loads(socket.recv())):
            pass
        assert "result" in answer, answer
        return answer["result"]

    def shown(tab):
        """Return whether the page has the focus, and the field after Tab and a typed 0."""

        def evaluate(expression):
            target = {"context": tab}
            said = send(
                "script.evaluate", expression=expression, target=target, awaitPromise=False
            )
            return said["result"].get("value")

        send("browsingContext.navigate", context=tab, url=PAGE, wait="complete")
        send("browsingContext.activate", context=tab)
        evaluate("document.querySelector('button').focus()")
        keys = [{"type": kind, "value": key} for key in "\ue0040" for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": keys}
        send("input.performActions", context=tab, actions=[keyboard])
        return evaluate("document.hasFocus()"), evaluate("document.querySelector('input').value")

    send("session.new", capabilities={})
    first = shown(send("browsingContext.getTree")["contexts"][0]["context"])
    new = shown(send("browsingContext.create", type="window")["context"])
    for name, (focus, value) in {"first window": first, "new window": new}.items():
        print(f'{name}: focus {focus}, typed into "2" after Tab: "{value}"')
    assert (first, new) == ((False, "02"), (True, "0"))
    socket.close()
finally:
    firefox.terminate()
    firefox.wait()
EOF
mkdir profile
env/bin/python shown.py
