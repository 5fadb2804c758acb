#!/usr/bin/env bash
# rjsmin 1.3.0, judged by Node 20.
#
# rjsmin leaves a template literal of JavaScript as it is, but not one that stands within the
# placeholder of another: from that it takes spaces, which are text. The script still runs, and
# writes something else.
#
# Seen: `a , b` before, `a,b` after; without nesting `a , b` in both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check rjsmin==1.3.0

cat > nested.js << 'EOF'
const [first, second] = ["a", "b"];
console.log(`${first}${second ? ` , ${second}` : ""}`);
EOF
cat > flat.js << 'EOF'
const [first, second] = ["a", "b"];
console.log(`${first} , ${second}`);
EOF
for name in nested flat; do
  env/bin/python -m rjsmin < $name.js > $name.min.js
  echo "$name: $(node $name.js) before, $(node $name.min.js) after"
done
test "$(node nested.js)" = "a , b"
test "$(node nested.min.js)" = "a,b"
test "$(node flat.min.js)" = "a , b"
